// The last steps of a story, a column a step: what each task did that ran in them. Small enough to
// be shown after each stop. Knows no screen.

import { stepAxis } from "./axis";
import { intervalsOf, type IntervalState } from "./intervals";
import type { Story, TaskStory } from "../story";

export interface Recent {
  /** The step of the first column. */
  readonly first: number;
  readonly rows: readonly {
    readonly task: TaskStory;
    /** For each step; null before its birth and after its reaping. */
    readonly states: readonly (IntervalState | null)[];
  }[];
  /** Tasks that ran as well, and are left out. */
  readonly others: number;
}

/** More tasks leave no room for anything else. */
const ROWS = 12;

/** The last `most` steps, and the tasks that ran last in them. */
export function recentOf(story: Story, most: number): Recent {
  const axis = stepAxis(story);
  const from = Math.max(0, axis.length - most);
  const ran = [
    ...new Set(
      story.steps
        .slice(from)
        .map(({ pid }) => pid)
        .reverse(),
    ),
  ];
  const shown = new Set(ran.slice(0, ROWS));
  const tasks = story.tasks.filter(({ pid }) => shown.has(pid));
  const intervals = intervalsOf({ ...story, tasks }, axis);
  const rows = tasks.map((task) => {
    const states = new Array<IntervalState | null>(axis.length - from).fill(null);
    for (const interval of intervals.get(task.pid) ?? []) {
      if (interval.to <= from) continue;
      states.fill(interval.state, Math.max(0, interval.from - from), interval.to - from);
    }
    return { task, states };
  });
  return { first: story.steps[from]?.step ?? 1, rows, others: ran.length - rows.length };
}
