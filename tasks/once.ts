// Work that is done once, by the first who needs it.

import { Lock, lock, recover, SystemError, unlock } from "../syscalls";
import type { Program } from "../syscalls";
import { section } from "./section";
import { begin, type Work } from "./work";

/**
 * The result of some work that is done at most once: whoever asks while it is being done waits for
 * it, whoever asks later gets it at once. If the one who does it fails or is killed, it gets the
 * error, and the one who has waited longest tries in its place.
 */
export class Once<T> {
  readonly name: string;
  readonly #lock: Lock;
  #result: { readonly value: T } | null = null;

  constructor(name: string = "once") {
    this.name = name;
    this.#lock = new Lock(`${name} (once)`);
  }

  /** Has it been done? */
  get done(): boolean {
    return this.#result !== null;
  }

  /**
   * What `body` returned to the first who ran it to its end. Blocks while another one runs it, and
   * as `body` does; throws what `body` throws. Fails with EDEADLK when `body` asks for it itself.
   */
  *run(body: Work<T>): Program<T> {
    if (this.#result !== null) return this.#result.value;
    const attempt = () => this.#attempt(body);
    return yield* section(this.#lockAnyhow(), attempt, () => unlock(this.#lock));
  }

  *#attempt(body: Work<T>): Program<T> {
    this.#result ??= { value: yield* begin(body) };
    return this.#result.value;
  }

  /** One who died while it ran the body has left no result, so there is nothing to put in order. */
  *#lockAnyhow(): Program<void> {
    for (;;) {
      try {
        return yield* lock(this.#lock);
      } catch (error) {
        if (!(error instanceof SystemError) || error.errno !== "EOWNERDEAD") throw error;
      }
      if (this.#lock.abandonedBy !== null) return yield* recover(this.#lock);
    }
  }

  toString(): string {
    return this.name;
  }
}
