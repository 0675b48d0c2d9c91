// System calls from which user mode builds its own waiting: locks, channels, conditions. A wait
// queue is an object of the program's; the kernel keeps it true when those who wait on it are
// killed.

import { blockingCall, syscall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { Lock } from "../kernel/lock";
import { show } from "../kernel/show";
import { WaitQueue } from "../kernel/wait-queue";
import type { Pid } from "../kernel";

/** Make a wait queue. `label` says in reports what its tasks wait for: `a free fork`. */
export function waitQueue(label: string): WaitQueue {
  return new WaitQueue(label);
}

/**
 * Wait on `queue` until somebody unparks the caller; returns the value it was unparked with.
 *
 * Blocks always: an `unpark` that came before is not remembered, so test your condition first.
 * Nothing runs between the test and the park. A task that is killed leaves the queue. Fails with
 * EINVAL for what is no wait queue.
 */
export const park = blockingCall(
  "park",
  (kernel, task, queue: WaitQueue): unknown => kernel.block(task, checkQueue(queue)),
  // The next one is woken instead.
  { lost: (kernel, _task, reply, queue) => void kernel.wake(queue, reply) },
);

/**
 * Wake the task that has waited longest on `queue`, with `value` as the reply of its park. Returns
 * its pid, or 0 when nobody waits there. Never blocks. Fails with EINVAL for what is no wait queue.
 */
export const unpark = syscall("unpark", (kernel, _task, queue: WaitQueue, value?: unknown): Pid => {
  return kernel.wake(checkQueue(queue), value)?.pid ?? 0;
});

function checkQueue(queue: unknown): WaitQueue {
  // A lock is one too, but who is woken there holds it: that takes an unlock.
  if (queue instanceof WaitQueue && !(queue instanceof Lock)) return queue as WaitQueue;
  throw new SystemError(
    "EINVAL",
    `${show(queue)} is no wait queue; make one with waitQueue(label)`,
  );
}
