// How the timeline looks: lanes, arrows, the scale, the line of now. Knows a canvas and an axis,
// and nothing of clicks.

import type { Happening } from "../debugger/story";
import { lastUpTo, type Lane } from "../debugger/page/lanes";
import type { ShownState } from "../debugger/page/moment";
import { cut } from "../debugger/pictures/text";
import type { Axis } from "./axis";
import { focusOf, type Scene } from "./scene";

/** The height of a lane. */
export const ROW = 24;

const COLOURS = [
  ...(["ink", "muted", "line", "panel", "accent", "wash"] as const),
  ...(["run", "ready", "blocked", "stopped", "exited", "crashed", "killed"] as const),
] as const;

export type Palette = Readonly<Record<(typeof COLOURS)[number], string>>;

export function paletteOf(colour: (name: string) => string): Palette {
  return Object.fromEntries(COLOURS.map((name) => [name, colour(name)])) as Palette;
}

interface Area {
  readonly width: number;
  readonly height: number;
  /** Below the scale. */
  readonly top: number;
}

const arrows: Readonly<Record<Happening["kind"], keyof Palette>> = {
  ...{ spawn: "run", wake: "accent", signal: "killed", exit: "killed", reap: "muted" },
  move: "muted",
};

const FONT = 'system-ui, -apple-system, "Segoe UI", sans-serif';

export class Brush {
  readonly #context: CanvasRenderingContext2D;
  readonly #axis: Axis;
  readonly #palette: Palette;
  readonly #area: Area;

  constructor(context: CanvasRenderingContext2D, axis: Axis, palette: Palette, area: Area) {
    this.#context = context;
    this.#axis = axis;
    this.#palette = palette;
    this.#area = area;
  }

  /** A task's row: its name, what state it was in, when it ran. */
  lane(lane: Lane, y: number, scene: Scene): void {
    const { width } = this.#area;
    if (lane.pid === focusOf(scene)) this.#box(0, y, width, ROW, this.#palette.wash);
    this.#label(lane, y, lane.pid === scene.event?.pid);
    const context = this.#context;
    context.save();
    context.beginPath();
    context.rect(this.#axis.left, y, this.#axis.width, ROW);
    context.clip();
    this.#states(lane, y, scene.story.steps.length);
    this.#runs(lane, y, scene);
    context.restore();
  }

  #label({ pid, name }: Lane, y: number, runs: boolean): void {
    const context = this.#context;
    const { left } = this.#axis;
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.font = `11px ${FONT}`;
    context.fillStyle = this.#palette.muted;
    // Of five digits and more all are seen, if narrower.
    context.fillText(String(pid), 30, y + ROW / 2, 27);
    context.textAlign = "left";
    context.font = `${runs ? "600 " : ""}12px ${FONT}`;
    context.fillStyle = this.#palette.ink;
    const longest = Math.floor((left - 44) / 6.6);
    context.fillText(name === "" ? "–" : cut(name, longest), 38, y + ROW / 2);
  }

  #states({ changes, states }: Lane, y: number, end: number): void {
    const { first, last } = this.#axis.inView;
    let drawn = -Infinity;
    for (let i = Math.max(0, lastUpTo(changes, first)); i < changes.length; i++) {
      const from = Math.max(1, changes[i] ?? 0);
      if (from > last) break;
      const state = states[i];
      const x = this.#axis.xOf(from);
      const until = this.#axis.xOf(changes[i + 1] ?? end + 1);
      // What is narrower than a pixel is drawn over by the next.
      if (state === undefined || until < drawn + 0.5) continue;
      drawn = until;
      this.#state(state, x, until, y, from);
    }
  }

  #state(state: ShownState, x: number, until: number, y: number, step: number): void {
    const middle = y + ROW / 2;
    const colour = this.#palette[state];
    const width = until - x;
    if (state === "ready") return this.#box(x, middle - 4, width, 8, colour);
    if (state === "blocked") return this.#box(x, middle - 1, width, 2, colour);
    if (state === "stopped") return this.#box(x, middle - 3, width, 6, colour);
    // The end: a mark, and nothing after it.
    const after = x + this.#axis.widthOf(step);
    this.#box(after - 1, middle - 8, 2.5, 16, colour);
  }

  #runs({ runs }: Lane, y: number, { step: now, story }: Scene): void {
    const { first, last } = this.#axis.inView;
    let drawn = -Infinity;
    for (let i = Math.max(0, lastUpTo(runs, first - 1)); i < runs.length; i++) {
      const step = runs[i] ?? 0;
      if (step > last) break;
      const x = this.#axis.xOf(step);
      const width = this.#axis.widthOf(step);
      if (x + width < drawn + 0.5) continue;
      drawn = x + width;
      const gap = width > 6 ? 1 : 0;
      const colour = step === now ? this.#palette.accent : this.#palette.run;
      const event = story.steps[step - 1];
      const breadth = Math.max(1, width - gap);
      this.#box(x + gap / 2, y + 4, breadth, ROW - 8, colour, width > 6 ? 3 : 0);
      if (width > 44) this.#inside(event?.name ?? "", x, y, width, event?.outcome ?? "");
    }
  }

  /** The call's name, where there is room. */
  #inside(name: string, x: number, y: number, width: number, outcome: string): void {
    const context = this.#context;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `11px ${FONT}`;
    context.fillStyle = this.#palette.panel;
    const text = name === "" ? outcome : name;
    const most = Math.floor(width / 6.4);
    if (text.length <= most) context.fillText(text, x + width / 2, y + ROW / 2 + 0.5);
  }

  /** Whose step it was, to whom something happened. */
  arrow({ kind, step }: Happening, from: number, to: number, now: boolean): void {
    const context = this.#context;
    const x = this.#axis.xOf(step) + this.#axis.widthOf(step) / 2;
    const down = to > from;
    const [start, end] = down ? [from + ROW - 4, to + 4] : [from + 4, to + ROW - 4];
    context.globalAlpha = now ? 1 : 0.3;
    context.strokeStyle = context.fillStyle = this.#palette[arrows[kind]];
    context.lineWidth = now ? 1.75 : 1;
    const tip = down ? end - 5 : end + 5;
    context.beginPath();
    context.moveTo(x, start);
    context.lineTo(x, tip);
    context.stroke();
    context.beginPath();
    context.moveTo(x, end);
    context.lineTo(x - 3.5, tip);
    context.lineTo(x + 3.5, tip);
    context.fill();
    context.globalAlpha = 1;
  }

  /** The numbers at the top. */
  scale(): void {
    const context = this.#context;
    const { width, top } = this.#area;
    this.#box(0, 0, width, top, this.#palette.panel);
    context.font = `11px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const tick of this.#axis.ticks(90)) {
      const half = this.#axis.over === "steps" ? this.#axis.scale / 2 : 0;
      const x = this.#axis.x(tick) - half;
      if (x < this.#axis.left - 1 || (this.#axis.over === "steps" && tick === 0)) continue;
      context.fillStyle = this.#palette.muted;
      context.fillText(this.#axis.over === "steps" ? String(tick) : `${tick} ms`, x, top / 2);
      this.#box(x - 0.5, top - 4, 1, 4, this.#palette.line);
    }
    this.#box(0, top - 1, width, 1, this.#palette.line);
  }

  playhead(step: number): void {
    const x = this.#axis.xOf(step) + (step < 1 ? 0 : this.#axis.widthOf(step));
    const { left } = this.#axis;
    if (x < left - 1 || x > left + this.#axis.width + 2) return;
    const { height } = this.#area;
    this.#box(Math.max(left, x) - 0.75, 0, 1.5, height, this.#palette.accent);
  }

  #box(x: number, y: number, width: number, height: number, colour: string, radius = 0): void {
    const context = this.#context;
    context.fillStyle = colour;
    if (radius === 0) return context.fillRect(x, y, width, height);
    context.beginPath();
    context.roundRect(x, y, width, height, radius);
    context.fill();
  }
}
