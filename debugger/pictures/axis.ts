// Where in a picture each step of a story begins and ends: along time, or along the steps
// themselves. Nothing ever runs back, and no two steps overlap, though many have the same time.

import type { Happening, StepEvent, Story } from "../story";

export interface Axis {
  readonly unit: "ms" | "steps";
  /** Where the step `steps[i]` begins and ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly length: number;
  /** Where something happened: at the end of its step, or between that and the next one. */
  at(happening: Happening): number;
}

/** Every step is as long as any other. */
export function stepAxis({ steps }: Story): Axis {
  const first = steps[0]?.step ?? 1;
  return {
    unit: "steps",
    starts: steps.map((_, i) => i),
    ends: steps.map((_, i) => i + 1),
    length: steps.length,
    at: ({ step }) => clamp(step - first + 1, 0, steps.length),
  };
}

/**
 * Milliseconds since the first step. Steps of the same time are drawn one after the other, each
 * `slot` long, or shorter where they have to share the time up to the next one; one of which it is
 * known how long it took, so long.
 */
export function timeAxis({ steps, happenings }: Story, slot: number): Axis {
  const first = steps[0]?.step ?? 1;
  const origin = steps[0]?.time ?? 0;
  const { starts, ends } = spread(steps, slot);
  const length = Math.max(ends.at(-1) ?? 0, (happenings.at(-1)?.time ?? origin) - origin);
  return {
    unit: "ms",
    starts,
    ends,
    length,
    at({ step, time, by }) {
      const after = ends[step - first] ?? 0;
      return by !== 0 ? after : clamp(time - origin, after, starts[step - first + 1] ?? length);
    },
  };
}

/** No step is shorter than this: a nanosecond. */
const SHORTEST = 1e-6;

function spread(steps: readonly StepEvent[], slot: number): { starts: number[]; ends: number[] } {
  const origin = steps[0]?.time ?? 0;
  const starts: number[] = [];
  const ends: number[] = [];
  let end = 0;
  for (const { time, count, lasted, next } of runs(steps)) {
    const begin = Math.max(end, time - origin);
    const length = Math.max(SHORTEST, Math.min(slot, (next - origin - begin) / count));
    for (let n = 0; n < count; n++) {
      starts.push(begin + n * length);
      ends.push((end = begin + (n + 1) * length));
    }
    end = Math.max(end, Math.min(time + lasted, next) - origin);
    ends[ends.length - 1] = end;
  }
  return { starts, ends };
}

/** Steps in a row that have the same time. */
interface Run {
  readonly time: number;
  readonly count: number;
  /** How long the last of them took, if that is known; time has passed then. */
  readonly lasted: number;
  /** The time of the step after them. */
  readonly next: number;
}

function* runs(steps: readonly StepEvent[]): Generator<Run> {
  for (let i = 0, next = 0; i < steps.length; i = next) {
    const time = steps[i]?.time ?? 0;
    while (steps[next]?.time === time) next += 1;
    const { lasted = 0 } = steps[next - 1] ?? {};
    yield { time, count: next - i, lasted, next: steps[next]?.time ?? Infinity };
  }
}

/** From the beginning of the first step to the end of the last, in milliseconds. */
export function durationOf({ steps }: Story): number {
  const [first, last] = [steps[0], steps.at(-1)];
  return first === undefined || last === undefined
    ? 0
    : last.time + (last.lasted ?? 0) - first.time;
}

/** Time, with steps long enough to be seen: together they take about a third of it. */
export function visibleTimeAxis(story: Story): Axis {
  return timeAxis(story, durationOf(story) / (3 * story.steps.length));
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
