// Mutual exclusion as an object. What it does is in the kernel's lock.

// From where they are: the index is slow to look into, see ARCHITECTURE.md.
import { Lock } from "../syscalls";
import { lock, recover, unlock } from "../syscalls/lock";
import type { Program, SystemCall } from "../syscalls";
import { section } from "./section";
import type { Work } from "./work";

/**
 * One task at a time. Fair: the lock goes directly to the one who has waited longest. A task that
 * ends without unlocking it leaves it abandoned: whoever waits and whoever comes gets EOWNERDEAD,
 * until one of them puts in order what it protects and calls `recover`.
 */
export class Mutex {
  readonly name: string;
  /** What the kernel knows of it; for system calls on locks. */
  readonly inner: Lock;

  constructor(name: string = "mutex", inner: Lock = new Lock(name)) {
    this.name = name;
    this.inner = inner;
  }

  /** Is it held? */
  get locked(): boolean {
    return this.inner.holders.size > 0;
  }

  /** Take it. Blocks until it is free. Fails with EDEADLK when the caller has it, EOWNERDEAD. */
  lock(): SystemCall<void> {
    return lock(this.inner);
  }

  /** Give it away. Never blocks. Fails with EPERM when the caller does not hold it. */
  unlock(): SystemCall<void> {
    return unlock(this.inner);
  }

  /** Take it after its holder died. Never blocks. Fails with EINVAL when none did. */
  recover(): SystemCall<void> {
    return recover(this.inner);
  }

  /** Run `body` with it locked. Blocks, returns and throws as `lock` and `body` do. */
  with<T>(body: Work<T>): Program<T> {
    return section(this.lock(), body, () => this.unlock());
  }

  toString(): string {
    return this.name;
  }
}

/**
 * A mutex that its holder may lock again: others get it when it was unlocked as often. For calls
 * that lock and call each other. A holder that dies leaves it abandoned, however often it locked.
 */
export class ReentrantMutex extends Mutex {
  constructor(name: string = "mutex") {
    super(name, new Lock(name, true));
  }
}
