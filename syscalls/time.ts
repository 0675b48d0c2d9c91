// System calls about time and chance. All times are milliseconds on the machine's clock, which
// began when the machine did.

import { BLOCKED, blockingCall, syscall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { show } from "../kernel/show";
import type { Blocked, Kernel, Task, Waiter } from "../kernel";

/** The time, in milliseconds on a clock that never runs back. Never blocks, never fails. */
export const now = syscall("now", (kernel): number => kernel.machine.now());

/** A number in [0, 1) from the machine's seeded sequence. Never blocks, never fails. */
export const random = syscall("random", (kernel): number => kernel.machine.random());

/**
 * Sleep for `duration` milliseconds; 0 lets everyone else run who is ready now.
 *
 * Blocks until then. Fails with EINVAL when `duration` is negative, infinite or no number.
 */
export const sleep = blockingCall("sleep", (kernel, task, duration: number): void | Blocked => {
  if (!Number.isFinite(duration) || duration < 0) {
    throw new SystemError(
      "EINVAL",
      `${show(duration)} is no duration; give milliseconds from 0 up`,
    );
  }
  return sleepTo(kernel, task, kernel.machine.now() + duration);
});

export function sleepTo(
  kernel: Kernel,
  task: Task,
  deadline: number,
  waiter: Waiter | null = null,
): Blocked {
  const entry = kernel.enter(task, kernel.sleepers, waiter);
  entry.timer = kernel.timers.add(deadline, entry);
  return BLOCKED;
}

/**
 * Sleep until the clock reads `deadline` milliseconds; one in the past is reached at the next tick.
 *
 * Blocks until then. Fails with EINVAL when `deadline` is infinite or no number.
 */
export const sleepUntil = blockingCall(
  "sleepUntil",
  (kernel, task, deadline: number): void | Blocked => {
    if (!Number.isFinite(deadline)) {
      throw new SystemError(
        "EINVAL",
        `${show(deadline)} is no time; give milliseconds as now() does`,
      );
    }
    return sleepTo(kernel, task, deadline);
  },
);
