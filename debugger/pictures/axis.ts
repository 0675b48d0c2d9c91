// Where in a picture each step of a story begins and ends: along time, or along the steps
// themselves. Nothing ever runs back, and no two steps overlap, though many have the same time.

import type { Happening, Story } from "../story";

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
 * `slot` long, or shorter where they have to share the time up to the next one.
 */
export function timeAxis({ steps, happenings }: Story, slot: number): Axis {
  const first = steps[0]?.step ?? 1;
  const origin = steps[0]?.time ?? 0;
  const times = steps.map(({ time }) => time - origin);
  const { starts, ends } = spread(times, slot);
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

function spread(times: readonly number[], slot: number): { starts: number[]; ends: number[] } {
  const starts: number[] = [];
  const ends: number[] = [];
  let end = 0;
  for (const [time, count, next] of runs(times)) {
    const begin = Math.max(end, time);
    const length = Math.max(SHORTEST, Math.min(slot, (next - begin) / count));
    for (let n = 0; n < count; n++) {
      starts.push(begin + n * length);
      ends.push((end = begin + (n + 1) * length));
    }
  }
  return { starts, ends };
}

/** Each time with how often it comes in a row, and the time that follows. */
function* runs(times: readonly number[]): Generator<[time: number, count: number, next: number]> {
  for (let i = 0, next = 0; i < times.length; i = next) {
    const time = times[i] as number;
    while (times[next] === time) next += 1;
    yield [time, next - i, times[next] ?? Infinity];
  }
}

/** Time, with steps long enough to be seen: together they take about a third of it. */
export function visibleTimeAxis(story: Story): Axis {
  const { steps } = story;
  const span = (steps.at(-1)?.time ?? 0) - (steps[0]?.time ?? 0);
  return timeAxis(story, span / (3 * steps.length));
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
