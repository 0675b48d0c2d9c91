// A timeline: what all tasks did, one row each, as bars that are no more than can be seen. Knows
// neither SVG nor the terminal.

import { durationOf, stepAxis, visibleTimeAxis, type Axis } from "./axis";
import { intervalsOf, type Interval, type IntervalState } from "./intervals";
import type { Story, TaskStory } from "../story";
import { treeOf } from "../tree";

export interface Bar {
  readonly state: IntervalState;
  /** From 0 to the width that was asked for. */
  readonly x: number;
  readonly width: number;
  /** The interval that it is; null where it stands for several that are too short to be seen. */
  readonly interval: Interval | null;
  /** Did it run meanwhile, however short? */
  readonly ran: boolean;
}

export interface Row {
  readonly task: TaskStory;
  /** How many ancestors it has that are shown. */
  readonly depth: number;
  readonly bars: readonly Bar[];
}

export interface Timeline {
  readonly axis: Axis;
  /** Children below their parents, in the order of their births. */
  readonly rows: readonly Row[];
}

/**
 * The timeline of `story`, `width` columns wide: over time or, if that is asked for or no time
 * passes, over the steps.
 */
export function timelineOf(story: Story, width: number, steps: boolean = false): Timeline {
  const axis = steps || durationOf(story) === 0 ? stepAxis(story) : visibleTimeAxis(story);
  const intervals = intervalsOf(story, axis);
  const scale = axis.length === 0 ? 0 : width / axis.length;
  const rows = treeOf(story.tasks, ({ parent }) => parent).map(({ task, depth }) => {
    return { task, depth, bars: barsOf(intervals.get(task.pid) ?? [], scale) };
  });
  return { axis, rows };
}

/** Where on the axis ticks are drawn: round numbers, about `count` of them. */
export function ticksOf({ length }: Axis, count: number): readonly number[] {
  if (length <= 0) return [0];
  const rough = length / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  return Array.from({ length: Math.floor(length / step + 1e-9) + 1 }, (_, i) => i * step);
}

/** `20 ms`, `1.5 s`, `step 20` */
export function tickLabel({ unit, length }: Axis, at: number): string {
  const round = (n: number): string => String(Number(n.toPrecision(6)));
  if (unit === "steps") return round(at);
  return length >= 10_000 ? `${round(at / 1000)} s` : `${round(at)} ms`;
}

type Shares = Map<IntervalState, number>;

/** Wide intervals as they are; of those within one column the state that takes most of it. */
function barsOf(intervals: readonly Interval[], scale: number): readonly Bar[] {
  const wide: Bar[] = [];
  const columns = new Map<number, Shares>();
  const ran = new Set<number>();
  const spills: (() => void)[] = [];
  for (const interval of intervals) {
    const { state, from, to } = interval;
    const [x, width] = [from * scale, (to - from) * scale];
    if (width >= 1) {
      wide.push({ state, x, width, interval, ran: state === "running" });
      continue;
    }
    const column = Math.floor(x);
    const spill = Math.max(0, x + width - (column + 1));
    const shares = columns.get(column) ?? new Map<IntervalState, number>();
    columns.set(column, shares);
    add(shares, state, width - spill);
    if (state === "running") ran.add(column);
    spills.push(() => add(columns.get(column + 1), state, spill));
  }
  // Where one reaches into a column in which none begins, it would look twice as wide.
  for (const spill of spills) spill();
  return [...wide, ...narrow(columns, ran)];
}

function add(shares: Shares | undefined, state: IntervalState, share: number): void {
  shares?.set(state, (shares.get(state) ?? 0) + share);
}

function narrow(columns: ReadonlyMap<number, Shares>, running: ReadonlySet<number>): Bar[] {
  const bars: Bar[] = [];
  for (const [x, shares] of columns) {
    const [longest] = [...shares].sort(([, a], [, b]) => b - a);
    const state = longest?.[0] ?? "ready";
    const ran = running.has(x);
    const last = bars.at(-1);
    if (last?.state === state && last.ran === ran && last.x + last.width === x) {
      bars[bars.length - 1] = { ...last, width: last.width + 1 };
    } else {
      bars.push({ state, x, width: 1, interval: null, ran });
    }
  }
  return bars;
}
