// Turns: one task at a time, the others wait. A task that is killed in its turn runs no code to
// pass it on; so each that waits does so on a pipe whose far end belongs to the one whose turn it
// is, and the kernel closes that however its owner dies.

import { close, getpid, give, pipe, read, SystemError } from "../syscalls";
import type { Fd, Pid, Program } from "../syscalls";

export class Turns {
  /** Whose turn it is; 0 is nobody's. */
  #holder: Pid = 0;
  /** Closing one tells a task that waits. All belong to the holder. */
  #bells: Fd[] = [];

  /** Wait for one's turn. Blocks while it is another's who lives. */
  *take(): Program<void> {
    const self = yield* getpid();
    while (this.#holder !== 0) yield* this.#outwait(this.#holder);
    this.#holder = self;
  }

  /** One's turn is over. Never blocks. */
  *pass(): Program<void> {
    this.#holder = 0;
    for (const bell of this.#bells.splice(0)) yield* close(bell);
  }

  /** Wait until `holder` passes its turn on or is dead. */
  *#outwait(holder: Pid): Program<void> {
    const [reader, bell] = yield* pipe();
    try {
      if (yield* this.#hang(bell, holder)) yield* read(reader);
      else yield* close(bell);
    } finally {
      yield* close(reader);
    }
  }

  /** Leave `bell` with `holder`. False when it is no longer its turn. */
  *#hang(bell: Fd, holder: Pid): Program<boolean> {
    let alive = true;
    try {
      yield* give(bell, holder);
    } catch (error) {
      if (!(error instanceof SystemError) || error.errno !== "ESRCH") throw error;
      alive = false;
    }
    // Others had a turn at the CPU meanwhile, and may have changed all this.
    if (this.#holder !== holder) return false;
    if (alive) this.#bells.push(bell);
    else [this.#holder, this.#bells] = [0, []];
    return alive;
  }
}
