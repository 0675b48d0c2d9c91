// Whether a run has come to where it was to go.

import type { Goal } from "../../debugger";
import type { Task } from "../../kernel";
import type { Course } from "./course";

/** After a step of `task`. Throws what the goal's condition throws. */
export function reached(
  goal: Goal,
  course: Course,
  task: Task | null,
  isTrue: (condition: string, task: Task) => boolean,
): boolean {
  const { step, time, task: pid, returned, condition } = goal;
  if (step !== undefined && course.kernel.steps >= step) return true;
  if (time !== undefined && course.time() >= time) return true;
  if (pid !== undefined && task?.pid === pid) return true;
  if (returned !== undefined && depthOf(course, returned.pid) < returned.depth) return true;
  return condition !== undefined && task?.alive === true && isTrue(condition, task);
}

/** How many frames are on a task's stack; none once it has ended. */
function depthOf({ kernel }: Course, pid: number): number {
  const task = kernel.tasks.find(pid);
  return task?.alive === true ? 1 + (task.callers?.length ?? 0) : 0;
}
