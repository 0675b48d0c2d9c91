// System calls on locks. The kernel knows who holds one, so a holder's death is noticed and a
// circle of waits can be named. Mutex and RwLock in tasks/ are made of these.

import { blockingCall, syscall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { acquire, Lock, recover as takeOver, release } from "../kernel/lock";
import { show } from "../kernel/show";
import type { Blocked, LockMode } from "../kernel";

/**
 * Take `lock`: for oneself ("exclusive", the default), or together with others who take it
 * "shared".
 *
 * Blocks until it is free; first come, first served. Fails with EDEADLK when the caller holds it
 * already, EOWNERDEAD when a task died while it held it exclusively: see `recover`.
 */
export const lock = blockingCall(
  "lock",
  (kernel, task, lock: Lock, mode: LockMode = "exclusive"): void | Blocked => {
    if (mode !== "exclusive" && mode !== "shared") {
      throw new SystemError("EINVAL", `${show(mode)} is no mode; there are "exclusive", "shared"`);
    }
    return acquire(kernel, task, checkLock(lock), mode);
  },
  // Nothing was changed under it yet.
  { lost: (kernel, task, _reply, lock, _mode?: LockMode) => release(kernel, task, lock) },
);

/**
 * Give `lock` to the one who has waited for it longest. Never blocks. Fails with EPERM when the
 * caller does not hold it.
 */
export const unlock = syscall("unlock", (kernel, task, lock: Lock): void => {
  release(kernel, task, checkLock(lock));
});

/**
 * Take a lock whose holder died, having put in order what it protects. Never blocks. Fails with
 * EINVAL when no holder has died.
 */
export const recover = syscall("recover", (_kernel, task, lock: Lock): void => {
  takeOver(task, checkLock(lock));
});

function checkLock(lock: unknown): Lock {
  if (lock instanceof Lock) return lock;
  throw new SystemError("EINVAL", `${show(lock)} is no lock; make one with new Lock(name)`);
}
