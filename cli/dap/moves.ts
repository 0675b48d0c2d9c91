// The requests that move the program: where each of them takes it, on or back.

import type { Goal, Session, Stop } from "../../debugger/world";
import type { Breakpoints } from "./breakpoints";
import type { Commands } from "./client";
import type { Fields } from "./fields";
import type { Move } from "./runner";
import type { Purpose } from "./stopped";
import type { Threads } from "./threads";

/** What carries them out, once the client has its answer. */
export interface Steering {
  /** The session; throws if it does not stand. */
  standing(): Session;
  /** `pid` is whose move it is, if it is a task's. */
  move(move: Move, pid?: number, purpose?: Purpose): void;
  /** There is nowhere to go. */
  stay(why: string): void;
}

export class Moves {
  readonly #threads: Threads;
  readonly #breakpoints: Breakpoints;
  readonly #steering: Steering;

  constructor(threads: Threads, breakpoints: Breakpoints, steering: Steering) {
    this.#threads = threads;
    this.#breakpoints = breakpoints;
    this.#steering = steering;
  }

  readonly commands: Commands = {
    continue: () => this.forwards({}),
    next: (fields) => this.#next(fields),
    stepIn: () => this.#stepIn(),
    stepOut: (fields) => this.#stepOut(this.#threads.pidIn(fields)),
    stepBack: (fields) => this.#stepBack(fields),
    reverseContinue: () => this.#runBack({}),
  };

  forwards(goal: Goal, pid?: number, purpose?: Purpose): object {
    const session = this.#steering.standing();
    if (session.at.reason.kind === "end")
      this.#steering.stay("the program has ended; step back, restart it, or end the session");
    else this.#steering.move({ go: () => session.run(goal) }, pid, purpose);
    return { allThreadsContinued: true };
  }

  #next(fields: Fields): object {
    const pid = this.#threads.pidIn(fields);
    const small = fields.text("granularity", "") === "instruction";
    // At the beginning there is nobody but init, and that runs again when all is over.
    const begins = this.#steering.standing().at.step === 0;
    if (small || begins || this.#threads.hasEnded(pid)) return this.#stepIn();
    return this.forwards({ task: pid }, pid);
  }

  #stepIn(): object {
    return this.forwards({ step: this.#steering.standing().at.step + 1 });
  }

  async #stepOut(pid: number): Promise<object> {
    if (this.#threads.hasEnded(pid)) return this.#stepIn();
    const { length } = await this.#steering.standing().world.frames(pid);
    return this.forwards({ returned: { pid, depth: length } }, pid);
  }

  #stepBack(fields: Fields): object {
    const pid = this.#threads.pidIn(fields);
    return fields.text("granularity", "") === "instruction"
      ? this.#backwards((session) => session.goTo(session.at.step - 1))
      : this.#runBack({ task: pid }, pid);
  }

  #runBack(goal: Pick<Goal, "task">, pid?: number): object {
    return this.#backwards((session) => session.runBack(goal, this.#breakpoints.logpoints), pid);
  }

  #backwards(go: (session: Session) => Promise<Stop>, pid?: number): object {
    const session = this.#steering.standing();
    if (session.at.step === 0) this.#steering.stay("this is the beginning");
    else this.#steering.move({ go: () => go(session), backwards: true }, pid);
    return {};
  }
}
