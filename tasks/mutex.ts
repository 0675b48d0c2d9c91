// Mutual exclusion as an object. What it does is in the kernel's lock.

import { Lock, lock, recover, unlock } from "../syscalls";
import type { Program, SystemCall } from "../syscalls";

/**
 * One task at a time. Fair: the lock goes directly to the one who has waited longest. A task that
 * ends without unlocking it leaves it abandoned: whoever waits and whoever comes gets EOWNERDEAD,
 * until one of them puts in order what it protects and calls `recover`.
 */
export class Mutex {
  readonly #lock: Lock;

  constructor(name: string = "mutex") {
    this.#lock = new Lock(name);
  }

  /** Is it held? */
  get locked(): boolean {
    return this.#lock.holders.size > 0;
  }

  /** Take it. Blocks until it is free. Fails with EDEADLK when the caller has it, EOWNERDEAD. */
  lock(): SystemCall<void> {
    return lock(this.#lock);
  }

  /** Give it away. Never blocks. Fails with EPERM when the caller does not hold it. */
  unlock(): SystemCall<void> {
    return unlock(this.#lock);
  }

  /** Take it after its holder died. Never blocks. Fails with EINVAL when none did. */
  recover(): SystemCall<void> {
    return recover(this.#lock);
  }

  /** Run `body` with it locked. Blocks, returns and throws as `lock` and `body` do. */
  *with<T>(body: Program<T> | (() => Program<T>)): Program<T> {
    yield* this.lock();
    try {
      return yield* typeof body === "function" ? body() : body;
    } finally {
      yield* this.unlock();
    }
  }

  toString(): string {
    return this.#lock.name;
  }
}
