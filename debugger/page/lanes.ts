// What a timeline is drawn from: for each task when it came into which state, and when it ran.
// Pure; run in the page.

import type { Pid } from "../../kernel";
import { shownState, type ShownState } from "./moment";
import { Moments } from "./moments";
import type { Story } from "../story";

/** One task's line through a story. */
export interface Lane {
  readonly pid: Pid;
  readonly name: string;
  /** It came into `states[i]` in step `changes[i]`. */
  readonly changes: readonly number[];
  readonly states: readonly ShownState[];
  /** The steps in which it ran. */
  readonly runs: readonly number[];
}

interface Growing extends Lane {
  readonly changes: number[];
  readonly states: ShownState[];
  readonly runs: number[];
}

/** The lanes of all tasks, in the order in which they began; and the moments, all looked at. */
export function lanesOf(story: Story): {
  readonly lanes: readonly Lane[];
  readonly moments: Moments;
} {
  const lanes = new Map<Pid, Growing>();
  // Later passes over the same steps change nothing.
  let learning = true;
  const moments = new Moments(story, (task, step) => {
    if (!learning) return;
    const { pid, name } = task;
    const lane: Growing = lanes.get(pid) ?? { pid, name, changes: [], states: [], runs: [] };
    lanes.set(pid, lane);
    const state = shownState(task);
    if (lane.states.at(-1) === state) return;
    if (lane.changes.at(-1) === step) {
      lane.states[lane.states.length - 1] = state;
    } else {
      lane.changes.push(step);
      lane.states.push(state);
    }
  });
  moments.at(story.steps.length);
  learning = false;
  for (const { pid, step } of story.steps) lanes.get(pid)?.runs.push(step);
  return { lanes: [...lanes.values()], moments };
}

/** The index of the last of `numbers`, which rise, that is not above `most`; -1 for none. */
export function lastUpTo(numbers: readonly number[], most: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? Infinity) <= most) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
