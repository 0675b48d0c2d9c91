// Many readers or one writer, as an object. What it does is in the kernel's lock.

import { Lock, lock, recover, unlock } from "../syscalls";
import type { Program, SystemCall } from "../syscalls";
import { section } from "./section";
import type { Work } from "./work";

/**
 * Any number of readers together, or one writer alone. First come, first served: a reader that
 * comes after a waiting writer waits behind it, so neither side can starve the other. Nobody holds
 * it twice: to turn from reader to writer, unlock it first, and look again at what you read.
 *
 * A reader that dies has changed nothing and only leaves. A writer that dies leaves it abandoned,
 * as with Mutex.
 */
export class RwLock {
  readonly name: string;
  readonly #lock: Lock;

  constructor(name: string = "rwlock") {
    this.name = name;
    this.#lock = new Lock(name);
  }

  /** How many read now. */
  get readers(): number {
    return this.#lock.mode === "shared" ? this.#lock.holders.size : 0;
  }

  /** Does somebody write? */
  get writing(): boolean {
    return this.#lock.mode === "exclusive" && this.#lock.holders.size > 0;
  }

  /** Take it to read. Blocks while somebody writes or waits to. EDEADLK and EOWNERDEAD as Mutex. */
  read(): SystemCall<void> {
    return lock(this.#lock, "shared");
  }

  /** Take it to write. Blocks while anybody has it. Fails with EDEADLK and EOWNERDEAD as Mutex. */
  write(): SystemCall<void> {
    return lock(this.#lock, "exclusive");
  }

  /** Give it away. Never blocks. Fails with EPERM when the caller does not hold it. */
  unlock(): SystemCall<void> {
    return unlock(this.#lock);
  }

  /** Take it to write after a writer died. Never blocks. Fails with EINVAL when none did. */
  recover(): SystemCall<void> {
    return recover(this.#lock);
  }

  /** Run `body` as a reader. Blocks, returns and throws as `read` and `body` do. */
  withRead<T>(body: Work<T>): Program<T> {
    return section(this.read(), body, () => this.unlock());
  }

  /** Run `body` as the writer. Blocks, returns and throws as `write` and `body` do. */
  withWrite<T>(body: Work<T>): Program<T> {
    return section(this.write(), body, () => this.unlock());
  }

  toString(): string {
    return this.name;
  }
}
