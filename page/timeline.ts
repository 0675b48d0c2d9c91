// The timeline: a row for each task, drawn on a canvas, as of 10,000 tasks over 20,000 steps only
// what is in view may cost. Click jumps; the wheel scrolls, with Ctrl it zooms.

import type { Happening } from "../debugger/story";
import type { Lane } from "../debugger/page/lanes";
import type { Pid } from "../kernel";
import type { Axis } from "./axis";
import { byId } from "./dom";
import { Brush, ROW, type Palette } from "./brush";
import type { Scene } from "./scene";

const LABELS = 150;
const SCALE = 22;

export class Timeline {
  readonly #host = byId("timeline");
  readonly #canvas = byId("canvas") as HTMLCanvasElement;
  readonly #spacer = byId("spacer");
  readonly #axis: Axis;
  readonly #goTo: (step: number) => void;
  readonly #pick: (pid: Pid) => void;
  readonly #palette: () => Palette;
  #scene: Scene | null = null;
  #lanes: readonly Lane[] = [];
  #rowOf = new Map<Pid, number>();
  #passes: unknown = null;

  constructor(
    axis: Axis,
    palette: () => Palette,
    goTo: (step: number) => void,
    pick: (pid: Pid) => void,
  ) {
    this.#axis = axis;
    this.#palette = palette;
    this.#goTo = goTo;
    this.#pick = pick;
    this.#host.addEventListener("scroll", () => this.draw(), { passive: true });
    this.#host.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
    this.#canvas.addEventListener("pointerdown", (event) => this.#onPointer(event, true));
    this.#canvas.addEventListener("pointermove", (event) => this.#onPointer(event, false));
    new ResizeObserver(() => this.draw()).observe(this.#host);
  }

  show(scene: Scene): void {
    this.#scene = scene;
    if (this.#passes !== scene.passes) {
      this.#passes = scene.passes;
      this.#lanes = scene.lanes.filter(({ pid }) => scene.passes(pid));
      this.#rowOf = new Map(this.#lanes.map(({ pid }, row) => [pid, row]));
      const height = this.#lanes.length * ROW + SCALE;
      this.#spacer.style.height = `${height}px`;
      this.#host.style.setProperty("--rows", `${height + 8}px`);
    }
    this.#axis.reveal(scene.step);
    this.#revealRow(scene.picked ?? scene.event?.pid ?? 0);
    this.draw();
  }

  zoom(factor: number): void {
    this.#axis.zoom(factor, this.#axis.xOf(this.#scene?.step ?? 1));
    this.draw();
  }

  draw(): void {
    const scene = this.#scene;
    const { clientWidth: width, clientHeight: height, scrollTop } = this.#host;
    const context = this.#canvas.getContext("2d");
    if (scene === null || context === null) return;
    const ratio = window.devicePixelRatio;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    context.scale(ratio, ratio);
    this.#axis.left = Math.min(LABELS, width / 4);
    this.#axis.width = Math.max(1, width - this.#axis.left - 12);
    const brush = new Brush(context, this.#axis, this.#palette(), { width, height, top: SCALE });
    const first = Math.max(0, Math.floor(scrollTop / ROW));
    const last = Math.ceil((scrollTop + height - SCALE) / ROW);
    const y = (row: number): number => SCALE + row * ROW - scrollTop;
    for (const [index, lane] of this.#lanes.slice(first, last).entries()) {
      brush.lane(lane, y(first + index), scene);
    }
    this.#drawArrows(brush, scene, y);
    brush.scale();
    brush.playhead(scene.step);
  }

  /** What the step did to others; where steps are wide enough, what all did that are in view. */
  #drawArrows(brush: Brush, { story, step }: Scene, y: (row: number) => number): void {
    const { first, last } = this.#axis.inView;
    const all = this.#axis.over === "steps" && last - first < 160;
    const [from, to] = all ? [first, last] : [step, step];
    const { happenings } = story;
    for (let i = firstFrom(happenings, from); i < happenings.length; i++) {
      const happening = happenings[i];
      if (happening === undefined || happening.step > to) break;
      const [a, b] = [this.#rowOf.get(happening.by), this.#rowOf.get(happening.pid)];
      if (a === undefined || b === undefined || a === b || happening.kind === "reap") continue;
      brush.arrow(happening, y(a), y(b), happening.step === step);
    }
  }

  #revealRow(pid: Pid): void {
    const row = this.#rowOf.get(pid);
    if (row === undefined) return;
    const { scrollTop, clientHeight } = this.#host;
    const top = row * ROW;
    const bottom = top + ROW + SCALE;
    if (top < scrollTop) this.#host.scrollTop = top - ROW;
    else if (bottom > scrollTop + clientHeight) this.#host.scrollTop = bottom - clientHeight + ROW;
  }

  #onPointer(event: PointerEvent, down: boolean): void {
    const { offsetX: x, offsetY: y } = event;
    const lane = this.#lanes[Math.floor((y - SCALE + this.#host.scrollTop) / ROW)];
    const onLabel = x < this.#axis.left;
    this.#canvas.title = onLabel && lane !== undefined ? `task ${lane.pid} ${lane.name}` : "";
    if (!down && event.buttons !== 1) return;
    if (!onLabel) return this.#goTo(this.#axis.stepAt(x));
    if (down && lane !== undefined) this.#pick(lane.pid);
  }

  #onWheel(event: WheelEvent): void {
    const { ctrlKey, metaKey, shiftKey, deltaX, deltaY } = event;
    if (ctrlKey || metaKey) this.#axis.zoom(Math.exp(deltaY / 200), event.offsetX);
    else if (shiftKey || Math.abs(deltaX) > Math.abs(deltaY)) this.#axis.pan(deltaX || deltaY);
    else return;
    event.preventDefault();
    this.draw();
  }
}

/** The index of the first happening in `step` or later. */
function firstFrom(happenings: readonly Happening[], step: number): number {
  let [low, high] = [0, happenings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((happenings[middle]?.step ?? Infinity) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}
