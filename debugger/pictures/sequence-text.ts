// A sequence diagram for the terminal: a column a task where they fit, else a list.

import type { Message, MessageKind } from "./messages";
import { sequenceOf, whoOf, type Sequence } from "./sequence";
import type { Story } from "../story";
import { columnsOf, oneLine, padded } from "./text";

/** Colours `text`, which is an arrow of this kind. */
export type PaintArrow = (kind: MessageKind, text: string) => string;

const plain: PaintArrow = (_kind, text) => text;

/** Step and time, to the left. */
const GUTTER = 18;
const NARROWEST = 14;
const WIDEST = 30;

/** The sequence diagram of `story` in lines of `width` columns, at most `most` of them. */
export function sequenceText(
  story: Story,
  width: number,
  most: number = 500,
  paint: PaintArrow = plain,
): string {
  const sequence = sequenceOf(story, most);
  const { tasks, messages, more } = sequence;
  const column = Math.min(WIDEST, Math.floor((width - GUTTER) / Math.max(1, tasks.length)));
  const lines =
    column < NARROWEST ? list(sequence, width, paint) : columns(sequence, column, paint);
  if (messages.length === 0) return "no messages and no wake-ups\n";
  return [...lines, ...(more > 0 ? [`and ${more} more`] : []), ""].join("\n");
}

function list(sequence: Sequence, width: number, paint: PaintArrow): string[] {
  // A third for each of the two, and for what passes between them.
  const most = Math.max(NARROWEST / 2, Math.min(20, Math.floor((width - GUTTER - 6) / 3)));
  const room = Math.max(NARROWEST / 2, width - GUTTER - 6 - 2 * most);
  return sequence.messages.map((message) => {
    const { kind, from, to, label } = message;
    const [teller, told] = [from, to].map((pid) => oneLine(whoOf(sequence, pid), most));
    const who = padded(`${teller} -> ${told}`, 2 * most + 4);
    return `${gutter(message)}${who}  ${paint(kind, oneLine(label, room))}`;
  });
}

function columns(sequence: Sequence, column: number, paint: PaintArrow): string[] {
  const { tasks, messages, ends } = sequence;
  const middles = new Map(
    tasks.map(({ pid }, i) => [pid, GUTTER + Math.floor((i + 0.5) * column)]),
  );
  const names = tasks.map(({ pid }) => centred(oneLine(whoOf(sequence, pid), column - 2), column));
  const lines = [" ".repeat(GUTTER) + names.join("").trimEnd()];
  messages.forEach((message, i) => {
    const alive = tasks.filter(({ pid }) => i < (ends.get(pid) ?? Infinity));
    const life = new Set(alive.map(({ pid }) => middles.get(pid) ?? 0));
    lines.push(draw(message, life, middles, GUTTER + tasks.length * column, paint));
  });
  return lines;
}

function draw(
  message: Message,
  life: ReadonlySet<number>,
  middles: ReadonlyMap<number, number>,
  width: number,
  paint: PaintArrow,
): string {
  const { kind, from, to, label } = message;
  const end = middles.get(to) ?? GUTTER;
  const nobodys = `${oneLine(label, NARROWEST / 2 - 1)}▶│`;
  const start = middles.get(from) ?? end + 1 - columnsOf(nobodys);
  const [left, right] = [Math.min(start, end), Math.max(start, end)];
  const row = Array.from({ length: width }, (_, x) => (life.has(x) ? "│" : " "));
  const before = gutter(message) + row.slice(GUTTER, left).join("");
  const after = row.slice(right + 1).join("");
  const drawn = from === 0 ? nobodys : arrow(start, end, label);
  return `${before}${paint(kind, drawn)}${after}`.trimEnd();
}

/** From `start` to `end`, both included, with the label in it. */
function arrow(start: number, end: number, label: string): string {
  if (start === end) return "↺";
  const room = Math.abs(end - start) - 2;
  const words = oneLine(label, room - 2);
  const spaced = room - columnsOf(words) >= 4 ? ` ${words} ` : words;
  const dashes = room - columnsOf(spaced);
  const [before, after] = ["─".repeat(Math.ceil(dashes / 2)), "─".repeat(Math.floor(dashes / 2))];
  return end > start ? `├${before}${spaced}${after}▶│` : `│◀${after}${spaced}${before}┤`;
}

function gutter({ step, time }: Message): string {
  return `${String(step).padStart(6)} ${clock(time).padStart(9)}  `;
}

/** No wider than its column: what follows would no longer stand below the tasks' names. */
function clock(time: number): string {
  if (time > 0 && time < 0.05) return `${Number((time * 1000).toPrecision(2))} µs`;
  if (time < 1e6) return `${Number(time.toFixed(time < 10_000 ? 1 : 0))} ms`;
  return time < 1e10 ? `${Math.round(time / 1000)} s` : `${Math.round(time / 86_400_000)} days`;
}

function centred(name: string, width: number): string {
  const space = width - columnsOf(name);
  return " ".repeat(Math.floor(space / 2)) + name + " ".repeat(Math.ceil(space / 2));
}
