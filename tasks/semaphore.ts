// A number of permits as an object: at most n tasks at a time. What it does is in the kernel's
// permits.

import { acquire, borrow, giveBack, Permits, release } from "../syscalls";
import type { Program, SystemCall } from "../syscalls";
import { demand, isWhole } from "./check";
import { section } from "./section";
import type { Work } from "./work";

export interface SemaphoreOptions {
  /** What reports call it. Default "semaphore". */
  readonly name?: string;
  /** Is a release beyond the first number of permits an error (EOVERFLOW)? Default false. */
  readonly bounded?: boolean;
}

/**
 * `n` permits. Fair: one that is released goes directly to the one who has waited longest, and the
 * value stays 0. A waiter that is killed leaves, and takes no permit along. Throws EINVAL when `n`
 * is no whole number from 0 up.
 */
export class Semaphore {
  readonly name: string;
  readonly #permits: Permits;

  constructor(n: number, options: SemaphoreOptions = {}) {
    const wanted = "number of permits; give a whole number from 0 up";
    demand(isWhole(n, 0), "new Semaphore", n, wanted);
    const isSet = typeof options === "object" && options !== null;
    demand(isSet, "new Semaphore", options, 'set of options; give { name: "seats" }');
    const { name = "semaphore", bounded = false } = options;
    this.name = name;
    this.#permits = new Permits(`the semaphore ${name}`, n, bounded ? n : Infinity);
  }

  /** How many permits are free. */
  get value(): number {
    return this.#permits.count;
  }

  /** How many tasks wait for one. */
  get waiting(): number {
    return this.#permits.length;
  }

  /**
   * Take a permit. Blocks until there is one. It has no owner: any task may release it. So one that
   * was taken by a task that KILL ends is gone; `with` loses none.
   */
  acquire(): SystemCall<void> {
    return acquire(this.#permits);
  }

  /** Give back a permit, or add one. Never blocks. Fails with EOVERFLOW when it is bounded. */
  release(): SystemCall<void> {
    return release(this.#permits);
  }

  /**
   * Run `body` with a permit, which comes back however that ends, by KILL too. Blocks, returns and
   * throws as `acquire` and `body` do.
   */
  with<T>(body: Work<T>): Program<T> {
    return section(borrow(this.#permits), body, () => giveBack(this.#permits));
  }

  toString(): string {
    return this.name;
  }
}
