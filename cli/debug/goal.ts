// Whether a run has come to where it was to go.

import type { Goal } from "../../debugger";
import type { Task } from "../../kernel";
import type { Inferior } from "./inferior";
import type { StackInspector } from "./stack-inspector";

/**
 * After a step of `task`. `frame` is that which is to return, as it was when the run began. Throws
 * what the goal's condition throws.
 */
export function reached(
  goal: Goal,
  inferior: Inferior,
  task: Task | null,
  stacks: Pick<StackInspector, "isTrue" | "frameAt">,
  frame: object | null,
): boolean {
  const { step, time, task: pid, returned, condition } = goal;
  if (step !== undefined && inferior.kernel.steps >= step) return true;
  if (time !== undefined && inferior.time() >= time) return true;
  if (pid !== undefined && task?.pid === pid) return true;
  if (returned !== undefined && stacks.frameAt(returned) !== frame) return true;
  return condition !== undefined && task?.alive === true && stacks.isTrue(condition, task);
}
