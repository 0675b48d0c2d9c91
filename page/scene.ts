// What all panes of the page are drawn from: the story, the step the slider is at, the task that
// was picked out. Has no elements.

import type { Pid } from "../kernel";
import type { Lane } from "../debugger/page/lanes";
import type { Moment, TaskMoment } from "../debugger/page/moment";
import type { StepEvent, Story, TaskStory } from "../debugger/story";

export interface Scene {
  readonly story: Story;
  readonly lanes: readonly Lane[];
  readonly step: number;
  readonly moment: Moment;
  /** The step that was made last; none before the first. */
  readonly event: StepEvent | undefined;
  /** The task that was picked out, or null to go with the steps. */
  readonly picked: Pid | null;
  /** Does the filter let this task through? */
  readonly passes: (pid: Pid) => boolean;
  /** Is there a filter? */
  readonly filtered: boolean;
}

/** The task whose source is shown: the one that was picked out, or the one that ran. */
export function focusOf({ picked, event }: Scene): Pid | undefined {
  return picked ?? event?.pid;
}

/** `plato`, or where a task has no name, `task 3`. */
export function nameOf({ moment }: Scene, pid: Pid): string {
  if (pid === 0) return "outside";
  const name = moment.tasks.get(pid)?.name ?? "";
  return name === "" ? `task ${pid}` : name;
}

/** A filter as typed: words, each of which is a pid or a part of a name; any of them will do. */
export function filterOf(text: string, tasks: readonly TaskStory[]): (pid: Pid) => boolean {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  if (words.length === 0) return () => true;
  const fits = ({ pid, name }: TaskStory): boolean =>
    words.some((word) => {
      return /^\d+$/.test(word) ? pid === Number(word) : name.toLowerCase().includes(word);
    });
  const pids = new Set(tasks.filter(fits).map(({ pid }) => pid));
  return (pid) => pids.has(pid);
}

export interface Branch {
  readonly task: TaskMoment;
  readonly depth: number;
}

/** The process tree from the top, children below their parents, in the order of their births. */
export function treeOf({ moment, passes, filtered }: Scene, reaped: boolean): readonly Branch[] {
  const shown = [...moment.tasks.values()].filter((task) => reaped || !task.reaped);
  const children = new Map<Pid, TaskMoment[]>();
  const pids = new Set(shown.map(({ pid }) => pid));
  for (const task of shown) {
    const parent = pids.has(task.parent) && task.parent !== task.pid ? task.parent : 0;
    const siblings = children.get(parent) ?? [];
    children.set(parent, siblings);
    siblings.push(task);
  }
  const branches: Branch[] = [];
  const pending = (children.get(0) ?? []).map((task) => ({ task, depth: 0 })).reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { task, depth } = next;
    if (!filtered) branches.push(next);
    else if (passes(task.pid)) branches.push({ task, depth: 0 });
    const below = children.get(task.pid) ?? [];
    for (const child of [...below].reverse()) pending.push({ task: child, depth: depth + 1 });
  }
  return branches;
}
