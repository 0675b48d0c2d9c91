// Whether a run has come to where it was to go.

import type { Goal } from "../../debugger";
import type { Task } from "../../kernel";
import type { Course } from "./course";
import type { Eyes } from "./eyes";

/**
 * After a step of `task`. `frame` is that which is to return, as it was when the run began. Throws
 * what the goal's condition throws.
 */
export function reached(
  goal: Goal,
  course: Course,
  task: Task | null,
  eyes: Pick<Eyes, "isTrue" | "frameAt">,
  frame: object | null,
): boolean {
  const { step, time, task: pid, returned, condition } = goal;
  if (step !== undefined && course.kernel.steps >= step) return true;
  if (time !== undefined && course.time() >= time) return true;
  if (pid !== undefined && task?.pid === pid) return true;
  if (returned !== undefined && eyes.frameAt(returned) !== frame) return true;
  return condition !== undefined && task?.alive === true && eyes.isTrue(condition, task);
}
