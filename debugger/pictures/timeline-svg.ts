// A timeline as SVG: a Gantt chart of the tasks, readable with three of them or three hundred.

import type { IntervalState } from "./intervals";
import { palette } from "./palette";
import type { Story } from "../story";
import { element, picture, text, tooltip, widthOf } from "./svg";
import { fileName, oneLine } from "./text";
import { tickLabel, ticksOf, timelineOf, type Bar, type Row, type Timeline } from "./timeline";

export interface TimelineOptions {
  /** Over the steps instead of time. Default: only if no time passes. */
  readonly steps?: boolean;
  /** Pixels. Default 1100. */
  readonly width?: number;
}

const HEAD = 74;
const FOOT = 34;
const EDGE = 16;
const LONGEST_NAME = 28;

/** The timeline as an SVG file. */
export function timelineSvg(story: Story, options: TimelineOptions = {}): string {
  const width = options.width ?? 1100;
  const names = story.tasks.map(({ pid, name }) => oneLine(`${pid} ${name}`, LONGEST_NAME));
  const longest = names.reduce((most, name) => Math.max(most, widthOf(name)), 0);
  const left = EDGE + Math.min(240, Math.max(60, longest + 24));
  const chart = Math.max(100, width - left - EDGE);
  const timeline = timelineOf(story, chart, options.steps);
  const row = rowHeight(timeline.rows.length);
  const height = HEAD + timeline.rows.length * row + FOOT;
  const title = `${oneLine(fileName(story.program), 60)}: ${story.steps.length} steps`;
  const body = [
    text(EDGE, 28, title, { class: "title" }),
    legend(timeline, EDGE, width - EDGE),
    grid(timeline, left, chart, height),
    ...timeline.rows.map((it, i) => drawRow(it, left, HEAD + i * row, row)),
  ];
  return picture(width, height, styles(), title, body);
}

function rowHeight(count: number): number {
  if (count <= 12) return 28;
  if (count <= 40) return 20;
  return count <= 120 ? 15 : 11;
}

function styles(): string {
  return Object.entries(palette)
    .map(([state, { colour }]) => `.${state}{fill:${colour}}`)
    .join("");
}

/** The states that there are, in as many lines as fit above the chart: two. */
function legend({ rows }: Timeline, left: number, right: number): string {
  const there = new Set(rows.flatMap(({ bars }) => bars.map(({ state }) => state)));
  let x = left;
  const items = (Object.keys(palette) as IntervalState[])
    .filter((state) => there.has(state))
    .map((state) => {
      const { word } = palette[state];
      const item = element("rect", { class: state, x, y: 43, width: 11, height: 11, rx: 2 });
      const words = text(x + 16, 53, word);
      x += 16 + widthOf(word) + 16;
      return item + words;
    });
  const scale = Math.min(1, (right - left) / Math.max(1, x - left));
  if (scale === 1) return items.join("");
  const move = `translate(${left} 48) scale(${scale.toFixed(3)}) translate(${-left} -48)`;
  return element("g", { transform: move }, ...items);
}

function grid({ axis }: Timeline, left: number, width: number, height: number): string {
  const scale = axis.length === 0 ? 0 : width / axis.length;
  const lines = ticksOf(axis, Math.max(2, width / 110)).map((at) => {
    const x = left + at * scale;
    const line = { class: "grid", x1: x, y1: HEAD - 6, x2: x, y2: height - FOOT + 4 };
    const label = tickLabel(axis, at);
    // The last one stays within the frame.
    const middle = Math.min(x, left + width + EDGE - 4 - widthOf(label) / 2);
    const centred = { class: "dim", "text-anchor": "middle" };
    return element("line", line) + text(middle, height - 12, label, centred);
  });
  const name = axis.unit === "steps" ? "steps" : "";
  return lines.join("") + text(left - 8, height - 12, name, { class: "dim", "text-anchor": "end" });
}

function drawRow({ task, depth, bars }: Row, left: number, top: number, height: number): string {
  const size = Math.min(12, height - 2);
  const indent = Math.min(4, depth) * 7;
  const label = oneLine(`${task.pid} ${task.name}`, LONGEST_NAME);
  const place = { style: size < 12 ? `font-size:${size}px` : undefined };
  const name = text(EDGE + indent, top + height / 2 + size * 0.36, label, place);
  return element(
    "g",
    {},
    tooltip(`task ${task.pid} ${task.name}`),
    name,
    ...bars.map((bar) => drawBar(bar, left, top, height)),
  );
}

/** Running is as high as the row, being ready less so; waiting is a line. */
function drawBar({ state, x, width, interval }: Bar, left: number, top: number, row: number) {
  const share = state === "running" ? 0.78 : state === "ready" ? 0.5 : 0.26;
  const height = row * share;
  const y = top + (row - height) / 2;
  const rect = { class: state, x: left + x, y, width, height };
  if (interval === null || width < 2) return element("rect", rect);
  return element("rect", rect, tooltip(describe(state, interval.step)));
}

function describe(state: IntervalState, step: Story["steps"][number] | null): string {
  const { word } = palette[state];
  if (step === null) return word;
  const { call, detail, reply, place } = step;
  const lines = state === "running" ? [reply, call === "" ? detail : call] : [call, detail];
  const at = fileName(place);
  return [`${word}, step ${step.step}`, ...lines, at].filter((line) => line !== "").join("\n");
}
