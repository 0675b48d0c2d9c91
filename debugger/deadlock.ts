// Deadlocks, whole and partial, as text: who waits for what, who holds it, and the circle.

import { infoOf, type Kernel, type Probe, type Task } from "../kernel";
import { waitReason } from "./views";
import { circleOf, circles } from "./circles";
import { INIT } from "./story";

/** Tells where in its source a task stands: `prog.ts:12`; "" if that is not known. */
export type Where = (task: Task) => string;

const nowhere: Where = () => "";

/** Why nothing can happen any more: every task that waits, and for what. */
export function deadlockReport(kernel: Kernel, where: Where = nowhere): string {
  const waiting = [...kernel.tasks].filter(({ state, stopped, pid, alive }) => {
    return alive && pid !== INIT && (state === "blocked" || stopped);
  });
  return [
    "deadlock: every task waits, and nothing is left that could wake one",
    ...lines(waiting, where),
    ...circles(kernel).map(arrows),
  ].join("\n");
}

/**
 * A probe that reports each circle of tasks that wait for each other as it closes, while other
 * tasks may run on for ever.
 */
export function partialDeadlocks(
  kernel: Kernel,
  report: (text: string) => void,
  where: Where = nowhere,
): Probe {
  return {
    block(task) {
      const circle = circleOf(kernel, task);
      if (circle === undefined) return;
      const heading = `deadlock: ${circle.length} tasks wait for each other, and always will`;
      report([heading, ...lines(circle, where), arrows(circle)].join("\n"));
    },
  };
}

function lines(tasks: readonly Task[], where: Where): string[] {
  return tasks.map((task) => {
    const info = infoOf(task);
    const place = where(task);
    const doing = info.state === "stopped" ? "is stopped" : `waits in ${waitReason(info)}`;
    return `  ${String(task)} ${doing}${place === "" ? "" : `, at ${place}`}`;
  });
}

/** `  circle: task 3 "a" -> task 4 "b" -> task 3 "a"` */
function arrows(circle: readonly Task[]): string {
  return `  circle: ${[...circle, circle[0]].map(String).join(" -> ")}`;
}
