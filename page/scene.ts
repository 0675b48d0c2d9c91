// What all panes of the page are drawn from: the story, the step the slider is at, the task that
// was picked out. Has no elements.

import type { Pid } from "../kernel";
import type { Lane } from "../debugger/page/lanes";
import type { Moment, TaskMoment } from "../debugger/page/moment";
import type { StepEvent, Story, TaskStory } from "../debugger/story";
import { treeOf, type Branch } from "../debugger/tree";

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
export function nameOf({ moment, story }: Scene, pid: Pid): string {
  if (pid === 0) return "outside";
  // The steps to come are shown as well, also those of tasks that are not there yet.
  const task = moment.tasks.get(pid) ?? story.tasks.find((task) => task.pid === pid);
  const name = task?.name ?? "";
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

/** The process tree from the top, or of its tasks those that the filter lets through, as a list. */
export function branchesOf(scene: Scene, reaped: boolean): readonly Branch<TaskMoment>[] {
  const { moment, passes, filtered } = scene;
  const tasks = [...moment.tasks.values()].filter((task) => reaped || !task.reaped);
  const branches = treeOf(tasks, ({ parent }) => parent);
  if (!filtered) return branches;
  return branches.flatMap(({ task }) => (passes(task.pid) ? [{ task, depth: 0 }] : []));
}
