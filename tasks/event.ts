// Something that happens once, and that others wait for.

import { acquire, Permits, release } from "../syscalls";
import type { SystemCall } from "../syscalls";

/**
 * Something that has not happened yet, until `set`: then all who wait go on, and nobody waits for
 * it again. It cannot be cleared: who comes out of a wait may rely on it. For what comes again and
 * again use a Condition or a Channel.
 */
export class Event {
  readonly name: string;
  readonly #gate: Permits;

  constructor(name: string = "event") {
    this.name = name;
    this.#gate = new Permits(`the event ${name}`, 0);
  }

  /** Has it happened? */
  get isSet(): boolean {
    return this.#gate.count > 0;
  }

  /** How many tasks wait for it. */
  get waiting(): number {
    return this.#gate.length;
  }

  /** It has happened. Setting it again does nothing. Never blocks, never fails. */
  set(): SystemCall<void> {
    return release(this.#gate, Infinity);
  }

  /** Wait for it. Blocks until it is set; never fails. */
  wait(): SystemCall<void> {
    return acquire(this.#gate);
  }

  toString(): string {
    return this.name;
  }
}
