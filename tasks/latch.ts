// A number of things that have to happen before others go on.

import { acquire, Permits, release, SystemError } from "../syscalls";
import type { Program, SystemCall } from "../syscalls";
import { demand, isWhole } from "./check";

const NUMBER = "number of things; give a whole number from 0 up";

/**
 * Opens when it was counted down `n` times, and stays open. Throws EINVAL when `n` is no whole
 * number from 0 up.
 */
export class Latch {
  readonly name: string;
  readonly #gate: Permits;
  #count: number;

  constructor(n: number, name: string = "latch") {
    demand(isWhole(n, 0), "new Latch", n, NUMBER);
    this.#count = n;
    this.name = name;
    this.#gate = new Permits(`the latch ${name}`, n === 0 ? Infinity : 0);
  }

  /** How many are still missing. */
  get count(): number {
    return this.#count;
  }

  /** How many tasks wait for it. */
  get waiting(): number {
    return this.#gate.length;
  }

  /** One of them has happened, or `n`. Never blocks. Fails with EINVAL when fewer are missing. */
  *countDown(n: number = 1): Program<void> {
    demand(isWhole(n, 0), `countDown of the latch ${this.name}`, n, NUMBER);
    if (n > this.#count) {
      const text = `the latch ${this.name} cannot count down ${n}: ${this.#count} are missing`;
      throw new SystemError("EINVAL", text);
    }
    this.#count -= n;
    if (this.#count === 0) yield* release(this.#gate, Infinity);
  }

  /** Wait until it is open. Blocks until then; never fails. */
  wait(): SystemCall<void> {
    return acquire(this.#gate);
  }

  toString(): string {
    return this.name;
  }
}
