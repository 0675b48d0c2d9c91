// Runs an inferior step by step until somebody says stop, and lets the host have its turns
// meanwhile.

import type { Stop } from "../../debugger";
import { hostTurn } from "../host-turn";
import type { Inferior } from "./inferior";

type Reason = Stop["reason"];

/** How long it may run before the host gets a turn, in milliseconds. */
const SLICE = 5;
/** Steps between two looks at the clock. */
const STEPS_A_LOOK = 32;

// The program may put others in their place.
const clock = performance.now.bind(performance);

export interface Watcher {
  /** After each step: why to stop there, or null. */
  stepped(): Reason | null;
  /** Nothing can happen any more: the same. */
  stuck(): Reason | null;
}

/** What keeps the process while nothing of the program's does. */
export interface Keeper {
  ref(): void;
  unref(): void;
}

export class RunLoop {
  readonly #inferior: Inferior;
  readonly #keeper: Keeper;
  /** A wait for the outside that is not over; it may last longer than a run. */
  #waiting: Promise<void> | null = null;
  #interrupted = false;
  /** Ends the run's part in that wait. */
  #wakeUp: () => void = () => {};
  /** Is nothing left that the host could wait for? */
  #idle = false;

  constructor(inferior: Inferior, keeper: Keeper) {
    this.#inferior = inferior;
    this.#keeper = keeper;
    // It would leave now, with a task still waiting for it: a promise that nobody will settle.
    process.on("beforeExit", () => {
      this.#idle = true;
      this.#wakeUp();
    });
  }

  /** Stop after this step, or while nobody is ready. */
  interrupt(): void {
    this.#interrupted = true;
    this.#wakeUp();
  }

  /** An interrupt that came before this was meant for an earlier run. */
  begin(): void {
    this.#interrupted = false;
  }

  async run(watcher: Watcher): Promise<Reason> {
    const inferior = this.#inferior;
    for (;;) {
      const end = clock() + SLICE;
      for (let steps = 1; steps % STEPS_A_LOOK !== 0 || clock() < end; steps++) {
        if (inferior.halted) return inferior.end();
        const stuck = inferior.kernel.stuck ? watcher.stuck() : null;
        if (stuck !== null) return stuck;
        const stepped = inferior.step();
        if (inferior.diverged) return inferior.end();
        const reason = stepped ? watcher.stepped() : await this.#wait(watcher);
        if (reason !== null) return reason;
      }
      // The next step may be one that never ends, and then nothing can be stored any more.
      inferior.flush();
      await hostTurn();
      if (this.#interrupted) return { kind: "interrupted" };
    }
  }

  /** Nobody is ready. */
  async #wait(watcher: Watcher): Promise<Reason | null> {
    const inferior = this.#inferior;
    if (inferior.halted) return null;
    if (this.#idle) {
      const reason = watcher.stuck();
      if (reason !== null) return reason;
      inferior.giveUp();
      this.#idle = false;
    }
    this.#waiting ??= inferior.wait().finally(() => (this.#waiting = null));
    if (this.#interrupted) return { kind: "interrupted" };
    inferior.flush();
    const wakeUp = new Promise<void>((resolve) => (this.#wakeUp = resolve));
    // While it waits, only what the program waits for shall keep the process.
    this.#keeper.unref();
    await Promise.race([this.#waiting, wakeUp]);
    this.#keeper.ref();
    return this.#interrupted ? { kind: "interrupted" } : null;
  }
}
