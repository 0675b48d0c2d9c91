// A sequence diagram: the tasks that have to do with each other, and what passes between them, one
// line each. Knows neither SVG nor the terminal.

import type { Pid } from "../../kernel";
import { messagesOf, type Message, type MessageKind } from "./messages";
import type { Story, TaskStory } from "../story";

export interface Sequence {
  /** From left to right: those that send or receive, in the order of their births. */
  readonly tasks: readonly TaskStory[];
  readonly names: ReadonlyMap<Pid, string>;
  readonly messages: readonly Message[];
  /** How many messages there are besides. */
  readonly more: number;
  /** After which message a task has ended: its index in `messages`. */
  readonly ends: ReadonlyMap<Pid, number>;
}

/** What passes in `story`, the first `most` of it. */
export function sequenceOf(story: Story, most: number): Sequence {
  const all = messagesOf(story);
  const messages = all.slice(0, most);
  const there = new Set(messages.flatMap(({ from, to }) => [from, to]));
  const tasks = story.tasks.filter(({ pid }) => there.has(pid));
  const names = new Map(tasks.map(({ pid, name }) => [pid, name]));
  const ends = new Map<Pid, number>();
  let after = 0;
  for (const { kind, pid, step } of story.happenings) {
    if (kind !== "exit") continue;
    while ((messages[after]?.step ?? Infinity) <= step) after += 1;
    if (after === messages.length && all.length > messages.length) break;
    ends.set(pid, after);
  }
  return { tasks, names, messages, more: all.length - messages.length, ends };
}

/** What each kind is called, and its colour. */
export const messageLooks: Readonly<Record<MessageKind, { word: string; colour: string }>> = {
  message: { word: "message (dashed: sent before)", colour: "#0969da" },
  wake: { word: "wake-up", colour: "#9a6700" },
  spawn: { word: "spawn", colour: "#1a7f37" },
  signal: { word: "signal", colour: "#cf222e" },
  exit: { word: "end", colour: "#8250df" },
  timer: { word: "by the timer or from outside", colour: "#8c959f" },
};

/** Who is told what: `2 main -> 3 worker`; the timer and the outside have no name. */
export function whoOf({ names }: Sequence, pid: Pid): string {
  return pid === 0 ? "(outside)" : `${pid} ${names.get(pid) ?? ""}`.trimEnd();
}
