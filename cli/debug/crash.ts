// A crash that no task of the program waits for: a debugger stops there without being asked to.

import { INIT, type Stop } from "../../debugger";
import type { ExitStatus, Probe, Task } from "../../kernel";

/** A probe: told of an end before init has heard of it. */
export class Crash implements Probe {
  #reason: Stop["reason"] | null = null;

  exit({ parent }: Task, { kind }: ExitStatus): void {
    if (kind !== "crashed" || parent?.pid !== INIT) return;
    this.#reason = { kind: "breakpoint", id: 0, text: "a crash that nobody waits for" };
  }

  /** Why to stop after this step, or null. */
  check(): Stop["reason"] | null {
    const reason = this.#reason;
    this.#reason = null;
    return reason;
  }
}
