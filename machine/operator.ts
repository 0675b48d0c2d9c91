// What the operator of a machine does when the program will not stop by itself: ask, then insist.

import { kill, type Kernel } from "../kernel";

/**
 * Turns a system off: TERM to every task but init the first time it is told to, KILL the second.
 */
export class Operator {
  readonly #kernel: Kernel;
  #asked = false;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Children before their parents, so that a parent's clean-up finds them stopping. */
  shutDown(reason: string): void {
    const signal = this.#asked ? "KILL" : "TERM";
    this.#asked = true;
    for (const task of [...this.#kernel.tasks].reverse()) {
      if (task === this.#kernel.tasks.init) continue;
      kill(this.#kernel, task, signal, null, reason);
      kill(this.#kernel, task, "CONT", null, reason);
    }
  }
}
