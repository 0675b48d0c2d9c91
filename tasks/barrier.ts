// A place where tasks meet before any goes on, again and again.

import { acquire, Permits, release } from "../syscalls";
import type { Program } from "../syscalls";
import { demand, isWhole } from "./check";

/**
 * Lets tasks through in rounds of `parties`. Who is killed or runs out of time while it waits has
 * not come: the others go on waiting, and another one may come in its place. Throws EINVAL when
 * `parties` is no whole number from 1 up.
 */
export class Barrier {
  readonly name: string;
  readonly parties: number;
  /** This round's; those of the next round wait at another. */
  #gate: Permits;

  constructor(parties: number, name: string = "barrier") {
    const wanted = "number of parties; give a whole number from 1 up";
    demand(isWhole(parties, 1), "new Barrier", parties, wanted);
    this.parties = parties;
    this.name = name;
    this.#gate = this.#close();
  }

  /** How many have come and wait for the others. */
  get waiting(): number {
    return this.#gate.length;
  }

  /**
   * Wait until `parties` tasks are here. Blocks all but the last. True for one of them, the last:
   * it may do what is to be done once a round. Never fails.
   */
  *wait(): Program<boolean> {
    const gate = this.#gate;
    if (gate.length + 1 < this.parties) {
      yield* acquire(gate);
      return false;
    }
    this.#gate = this.#close();
    yield* release(gate, Infinity);
    return true;
  }

  #close(): Permits {
    return new Permits(`the barrier ${this.name}, for ${this.parties}`, 0);
  }

  toString(): string {
    return this.name;
  }
}
