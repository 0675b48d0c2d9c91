// A story as it is in a page: each text once, and the rest numbers in rows. A fifth of its size as
// plain JSON. Pure, and run on both sides: the page's maker packs, the page unpacks.

import { harmless } from "../pictures/text";
import type { Happening, StepEvent, Story, TaskStory } from "../story";

export interface Packed {
  readonly program: string;
  readonly args: readonly string[];
  readonly texts: readonly string[];
  /** pid, parent, name. */
  readonly tasks: readonly number[];
  /** Eleven numbers a step, in the order in which `unpack` reads them. */
  readonly steps: readonly number[];
  readonly happenings: readonly number[];
}

type Outcome = StepEvent["outcome"];
type Kind = Happening["kind"];

// As keys, so that the compiler tells when one is missing.
const outcomes: Record<Outcome, 0> = { ready: 0, blocked: 0, exited: 0, crashed: 0, killed: 0 };
const kinds: Record<Kind, 0> = { spawn: 0, wake: 0, signal: 0, exit: 0, reap: 0, move: 0 };
const OUTCOMES = Object.keys(outcomes) as Outcome[];
const KINDS = Object.keys(kinds) as Kind[];

/** Times are kept to the microsecond. */
const MICRO = 1000;

/** The numbers of texts: each is kept once. */
class Texts {
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.list.length);
    return this.list.push(text) - 1;
  }
}

/** Times are told as what passed since the one before. */
class Clock {
  #now = 0;

  delta(time: number): number {
    const now = Math.round(time * MICRO);
    const delta = now - this.#now;
    this.#now = now;
    return delta;
  }

  add(delta: number): number {
    this.#now += delta;
    return this.#now / MICRO;
  }
}

export function pack(story: Story): Packed {
  const texts = new Texts();
  const text = (of: string): number => texts.numberOf(harmless(of));
  const [stepClock, clock] = [new Clock(), new Clock()];
  return {
    program: story.program,
    args: story.args,
    tasks: story.tasks.flatMap(({ pid, parent, name }) => [pid, parent, text(name)]),
    steps: story.steps.flatMap((event) => [
      ...[stepClock.delta(event.time), event.pid, text(event.reply), text(event.call)],
      ...[text(event.name), text(event.object), OUTCOMES.indexOf(event.outcome)],
      ...[text(event.detail), texts.numberOf(event.place), event.ready],
      Math.round((event.lasted ?? 0) * MICRO),
    ]),
    happenings: story.happenings.flatMap(({ kind, step, time, pid, by, text: what }) => [
      ...[KINDS.indexOf(kind), step, clock.delta(time), pid, by, text(what)],
    ]),
    texts: texts.list,
  };
}

export function unpack(packed: Packed): Story {
  const text = (number = 0): string => packed.texts[number] ?? "";
  const [stepClock, clock] = [new Clock(), new Clock()];
  const { program, args } = packed;
  const tasks = rows(packed.tasks, 3).map(([pid = 0, parent = 0, name]): TaskStory => ({
    pid,
    parent,
    name: text(name),
  }));
  const steps = rows(packed.steps, 11).map((row, index): StepEvent => {
    const [time = 0, pid = 0, reply, call, name, object, outcome = 0] = row;
    const [detail, place, ready = 0, lasted = 0] = row.slice(7);
    return {
      ...{ step: index + 1, time: stepClock.add(time), pid, reply: text(reply), call: text(call) },
      ...{ name: text(name), object: text(object), outcome: OUTCOMES[outcome] ?? "ready" },
      ...{ detail: text(detail), place: text(place), ready },
      ...(lasted > 0 && { lasted: lasted / MICRO }),
    };
  });
  const happenings = rows(packed.happenings, 6).map(
    ([kind = 0, step = 0, time = 0, pid = 0, by = 0, what]): Happening => ({
      ...{ kind: KINDS[kind] ?? "wake", step, time: clock.add(time), pid, by, text: text(what) },
    }),
  );
  return { program, args, tasks, steps, happenings };
}

function rows(numbers: readonly number[], width: number): (readonly number[])[] {
  return Array.from({ length: numbers.length / width }, (_, row) => {
    return numbers.slice(row * width, (row + 1) * width);
  });
}
