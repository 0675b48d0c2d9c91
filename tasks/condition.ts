// Waiting, with a mutex, until what it protects has changed.

import { getpid, lock, notify, sleepOn, SystemError, waitQueue } from "../syscalls";
import type { Program, SystemCall } from "../syscalls";
import { demand } from "./check";
import { Mutex } from "./mutex";
import { shield } from "./shield";

/** How the wait itself fails: with the mutex as it was before, or with one nobody can lock. */
const failures: readonly string[] = ["EPERM", "EINVAL", "EOWNERDEAD"];

/**
 * What tasks that hold `mutex` wait on for a change. `yield* ready.until(() => queue.length > 0)`.
 * Throws EINVAL for what is no Mutex.
 */
export class Condition {
  readonly name: string;
  readonly mutex: Mutex;
  readonly #queue;

  constructor(mutex: Mutex, name: string = "condition") {
    const wanted = "Mutex; give the one that protects what is waited for";
    demand(mutex instanceof Mutex, "new Condition", mutex, wanted);
    this.mutex = mutex;
    this.name = name;
    this.#queue = waitQueue(`the condition ${name}`);
  }

  /** How many tasks wait and have not been notified. */
  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * Unlock the mutex and wait to be notified, in one step; return with the mutex locked, and throw
   * with it locked too: a signal or a time limit arrives when the mutex could be taken again. What
   * was waited for may have changed again meanwhile, so test it again, or use `until`.
   *
   * Blocks always. Fails with EPERM when the caller does not hold the mutex, EINVAL when it has
   * locked it twice, EOWNERDEAD when a holder of the mutex died. After that nobody has it.
   */
  *wait(): Program<void> {
    const { inner } = this.mutex;
    try {
      yield* sleepOn(this.#queue, inner);
    } catch (error) {
      const failed = error instanceof SystemError && failures.includes(error.errno);
      if (!failed) yield* shield(this.#again());
      throw error;
    }
  }

  /** Wait until `test` holds; the mutex is locked whenever it is called. Otherwise as `wait`. */
  *until(test: () => boolean): Program<void> {
    while (!test()) yield* this.wait();
  }

  /** Take the mutex, if an interruption came when it was unlocked already. */
  *#again(): Program<void> {
    const { inner } = this.mutex;
    const me = yield* getpid();
    for (const { pid } of inner.holders) if (pid === me) return;
    try {
      yield* lock(inner);
    } catch (error) {
      // A holder died, so nobody can have it. The interruption must arrive nevertheless.
      if (!(error instanceof SystemError)) throw error;
    }
  }

  /**
   * Wake the `n` tasks (default 1) that have waited longest; each goes on when it has the mutex.
   * Returns how many. One that is killed before it goes on passes its turn to the next. Never
   * blocks. Fails with EINVAL for what is no number.
   */
  notify(n: number = 1): SystemCall<number> {
    return notify(this.#queue, this.mutex.inner, n);
  }

  /** Wake all who wait now. Returns how many. Never blocks. */
  notifyAll(): SystemCall<number> {
    return this.notify(Infinity);
  }

  toString(): string {
    return this.name;
  }
}
