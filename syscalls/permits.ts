// System calls on permits. Semaphore, Event, Latch and Barrier in tasks/ are made of these.

import { blockingCall, syscall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { borrow as takeOwned, give, giveBack as giveOwned } from "../kernel/permits";
import { Permits, take } from "../kernel/permits";
import { show } from "../kernel/show";
import type { Blocked } from "../kernel";

/**
 * Take one of `permits`. Blocks until there is one; first come, first served. A permit has no
 * owner: whoever likes may `release` it, and it is gone when all who would have done so die.
 */
export const acquire = blockingCall(
  "acquire",
  (kernel, task, permits: Permits): void | Blocked => take(kernel, task, check(permits)),
  { lost: (kernel, _task, _reply, permits) => give(kernel, permits, 1) },
);

/**
 * Give `n` permits (default 1): directly to those who wait, the longest first; the rest is free.
 * Infinity opens them for good: nobody ever waits for them again. Never blocks. Fails with
 * EOVERFLOW when there would be more than their limit, EINVAL for what is no number of permits.
 */
export const release = syscall("release", (kernel, _task, permits: Permits, n: number = 1) => {
  if (n !== Infinity && !(Number.isInteger(n) && n >= 0)) {
    const fix = "give a whole number from 0 up, or Infinity";
    throw new SystemError("EINVAL", `${show(n)} is no number of permits; ${fix}`);
  }
  give(kernel, check(permits), n);
});

/**
 * As `acquire`, but the permit is the caller's: `giveBack` is for the caller alone, and what it has
 * not given back when it dies, of KILL too, comes back by itself (SEM_UNDO of System V).
 */
export const borrow = blockingCall("borrow", (kernel, task, permits: Permits): void | Blocked =>
  takeOwned(kernel, task, check(permits)),
);

/** Give back a permit that the caller borrowed. Never blocks. Fails with EPERM if it has none. */
export const giveBack = syscall("giveBack", (kernel, task, permits: Permits): void => {
  giveOwned(kernel, task, check(permits), 1);
});

function check(permits: unknown): Permits {
  if (permits instanceof Permits) return permits;
  const fix = "make some with new Semaphore(n)";
  throw new SystemError("EINVAL", `${show(permits)} are no permits; ${fix}`);
}
