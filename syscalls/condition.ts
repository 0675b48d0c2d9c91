// System calls of condition variables (Hoare, "Monitors", 1974, with the signalling of Mesa).
// One that is notified is moved from the one queue to the lock's in the same moment, and its call
// returns when it has the lock: so no notification is lost, whoever is killed on the way.

import { blockingCall, syscall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { Lock, release, requeue } from "../kernel/lock";
import { show } from "../kernel/show";
import { WaitQueue } from "../kernel/wait-queue";
import type { Blocked, Kernel } from "../kernel";

/** Wake one, or the rest of those to be woken: "all" is not passed on to those who came later. */
type Notice = "one" | "all";

/**
 * Unlock `lock` and wait on `queue`, in one step, until notified; then for the lock, and return
 * with it held. An interruption is thrown without the lock, unless it came before the call.
 *
 * Blocks always. No case of a select, as it unlocks at once. Fails with EPERM when the caller does
 * not hold the lock, EINVAL when it locked it more than once, EOWNERDEAD.
 */
export const sleepOn = blockingCall(
  "sleepOn",
  (kernel, task, queue: WaitQueue, lock: Lock): void | Blocked => {
    check(queue, lock);
    if (lock.depth > 0 && lock.holders.has(task)) {
      const text = `it locked ${lock.name} ${lock.depth + 1} times; wait with it locked once`;
      throw new SystemError("EINVAL", text);
    }
    release(kernel, task, lock);
    return kernel.block(task, queue);
  },
  {
    selectable: false,
    lost(kernel, task, notice, queue, lock) {
      release(kernel, task, lock);
      pass(kernel, queue, lock, notice as Notice);
    },
  },
);

/**
 * Wake up to `n` of those who sleep on `queue`, the longest first: each goes on when it gets
 * `lock`. Infinity wakes all who sleep there now. Returns how many. Never blocks. Fails with EINVAL
 * for what is no number of tasks.
 */
export const notify = syscall(
  "notify",
  (kernel, _task, queue: WaitQueue, lock: Lock, n: number = 1): number => {
    check(queue, lock);
    if (n !== Infinity && !(Number.isInteger(n) && n >= 0)) {
      const fix = "give a whole number from 0 up, or Infinity";
      throw new SystemError("EINVAL", `${show(n)} is no number of tasks; ${fix}`);
    }
    const woken = Math.min(n, queue.length);
    for (let i = 0; i < woken; i++) wake(kernel, queue, lock, n === Infinity ? "all" : "one");
    return woken;
  },
);

function wake(kernel: Kernel, queue: WaitQueue, lock: Lock, notice: Notice): void {
  const entry = queue.first;
  if (entry === null) return;
  requeue(kernel, entry, lock, notice, () => pass(kernel, queue, lock, notice));
}

/** Who was notified will not make use of it: the next one shall. */
function pass(kernel: Kernel, queue: WaitQueue, lock: Lock, notice: Notice): void {
  if (notice === "one") wake(kernel, queue, lock, notice);
}

function check(queue: unknown, lock: unknown): void {
  if (queue instanceof WaitQueue && lock instanceof Lock) return;
  const text = `${show(queue)} and ${show(lock)} are no wait queue and its lock`;
  throw new SystemError("EINVAL", `${text}; use new Condition(mutex)`);
}
