// A sequence diagram as SVG: a lifeline a task, an arrow a message, time downwards.

import type { Message, MessageKind } from "./messages";
import { messageLooks, sequenceOf, type Sequence } from "./sequence";
import type { Story } from "../story";
import { element, picture, text, tooltip, widthOf } from "./svg";
import { fileName, oneLine } from "./text";

const EDGE = 16;
const GUTTER = 96;
const HEAD = 112;
const ROW = 26;

/** The sequence diagram as an SVG file, with at most `most` messages; default 500. */
export function sequenceSvg(story: Story, most: number = 500): string {
  const sequence = sequenceOf(story, most);
  const { tasks, messages, more } = sequence;
  const column = tasks.length <= 7 ? 150 : tasks.length <= 14 ? 116 : 84;
  const kinds = (Object.keys(messageLooks) as MessageKind[]).filter((kind) => {
    return messages.some((message) => message.kind === kind);
  });
  const width = Math.max(GUTTER + tasks.length * column + EDGE, legendWidth(kinds));
  const height = HEAD + messages.length * ROW + (more > 0 ? 60 : 30);
  const middle = new Map(tasks.map(({ pid }, i) => [pid, GUTTER + (i + 0.5) * column]));
  const title = `${oneLine(fileName(story.program), 60)}: ${messages.length} messages and wake-ups`;
  const body = [
    arrowheads(),
    text(EDGE, 28, title, { class: "title" }),
    legend(kinds),
    ...lifelines(sequence, middle, column, HEAD + messages.length * ROW),
    ...messages.map((message, i) => drawMessage(message, messages[i - 1], i, middle)),
  ];
  if (more > 0) body.push(text(EDGE, height - 20, `and ${more} more`, { class: "dim" }));
  return picture(width, height, styles(), title, body);
}

function styles(): string {
  const kinds = Object.entries(messageLooks).map(([kind, { colour }]) => {
    return `.${kind}{stroke:${colour};fill:${colour}}`;
  });
  return `${kinds.join("")}text{stroke:none}.life{stroke:#d0d7de;stroke-dasharray:3 3}
.box{fill:#f6f8fa;stroke:#d0d7de}.halo{paint-order:stroke;stroke:#fff;stroke-width:4px;font-size:11px}
.arrow{fill:none;stroke-width:1.4}.late{stroke-dasharray:6 3}`;
}

function arrowheads(): string {
  const marks = Object.entries(messageLooks).map(([kind, { colour }]) => {
    const size = { markerWidth: 9, markerHeight: 8, refX: 8, refY: 4, orient: "auto" };
    const shape = element("path", { d: "M0 0.5L9 4L0 7.5z", fill: colour });
    return element("marker", { id: `head-${kind}`, ...size, markerUnits: "userSpaceOnUse" }, shape);
  });
  return element("defs", {}, ...marks);
}

function legendWidth(kinds: readonly MessageKind[]): number {
  return kinds.reduce((x, kind) => x + 40 + widthOf(messageLooks[kind].word), 2 * EDGE);
}

function legend(kinds: readonly MessageKind[]): string {
  let x = EDGE;
  return kinds
    .map((kind) => {
      const { word } = messageLooks[kind];
      const line = { class: `${kind} arrow`, x1: x, x2: x + 18, y1: 49, y2: 49 };
      const item = element("line", { ...line, "marker-end": `url(#head-${kind})` });
      const words = text(x + 24, 53, word);
      x += 40 + widthOf(word);
      return item + words;
    })
    .join("");
}

type Middles = ReadonlyMap<number, number>;

function lifelines({ tasks, ends }: Sequence, middle: Middles, column: number, bottom: number) {
  return tasks.map(({ pid, name }) => {
    const x = middle.get(pid) ?? 0;
    const end = ends.get(pid);
    const foot = end === undefined ? bottom : HEAD + (end - 0.3) * ROW;
    const width = column - 12;
    const box = { class: "box", x: x - width / 2, y: 70, width, height: 24, rx: 5 };
    const label = oneLine(`${pid} ${name}`, Math.floor((width - 8) / 7));
    return element(
      "g",
      {},
      tooltip(`task ${pid} ${name}`),
      element("line", { class: "life", x1: x, x2: x, y1: 94, y2: foot }),
      end === undefined ? "" : cross(x, foot),
      element("rect", box),
      text(x, 86, label, { "text-anchor": "middle" }),
    );
  });
}

function cross(x: number, y: number): string {
  const d = `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`;
  return element("path", { d, stroke: "#8c959f", "stroke-width": 1.5 });
}

function drawMessage(message: Message, before: Message | undefined, i: number, middle: Middles) {
  const { kind, step, time, from, to, label, sent } = message;
  const y = HEAD + (i + 0.6) * ROW;
  const end = middle.get(to) ?? 0;
  const start = middle.get(from) ?? end - 26;
  const when = before?.time === time ? "" : `${Number(time.toPrecision(6))} ms`;
  const line = `M${start} ${y}H${end + (start < end ? -2 : 2)}`;
  const loop = `M${end} ${y - 6}h24v10h-21`;
  const late = sent === null ? "" : " late";
  const path = { class: `${kind} arrow${late}`, d: start === end ? loop : line };
  const room = Math.max(18, Math.floor(Math.abs(end - start) / 6.2));
  const side = from === 0 ? start - 4 : (start + end) / 2;
  const place = { class: "halo", "text-anchor": from === 0 ? "end" : "middle" };
  const past = sent === null ? "" : `, sent in step ${sent}`;
  return element(
    "g",
    {},
    tooltip(`step ${step}: ${kind} ${label}${past}`),
    text(EDGE, y + 4, when, { class: "dim" }),
    element("path", { ...path, "marker-end": `url(#head-${kind})` }),
    text(side, from === 0 ? y + 4 : y - 6, oneLine(label, room), place),
  );
}
