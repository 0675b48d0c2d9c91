// The host's turns, in a recording. What a program leaves to the host, in `then`, `queueMicrotask`
// or `process.nextTick`, is done at the next one; so a replay lets it be done in the same place.

import type { Probe } from "../../kernel";

export class Turns implements Probe {
  readonly #note: () => void;
  /** Has a step been made since the host had its last turn? */
  #due = false;

  /** `note` is called at each turn that the host has after a step. */
  constructor(note: () => void) {
    this.#note = note;
  }

  resume(): void {
    if (!this.#due) void this.#comes();
  }

  async #comes(): Promise<void> {
    this.#due = true;
    await Promise.resolve();
    this.#due = false;
    this.#note();
  }
}
