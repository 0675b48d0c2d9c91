// Moves a session, one move at a time, while requests go on being served: breakpoints can be
// changed in the middle of a run, which goes on as if nothing had happened. A logpoint prints and
// does not stop. Knows nothing of the protocol.

import type { Session, Stop } from "../../debugger/world";
import { messageOf } from "../misuse";

export interface Move {
  readonly go: () => Promise<Stop>;
  /** Has this stop reached what the move was for, whatever else it stopped for? */
  readonly reached?: (stop: Stop) => boolean | Promise<boolean>;
  readonly backwards?: boolean;
}

export class Runner {
  readonly session: Session;
  /** The message of the logpoint with this number, if it is one. */
  readonly #logMessage: (id: number) => string | undefined;
  readonly #log: (text: string) => void;
  #move: Pick<Move, "backwards"> | null = null;
  #paused = false;
  #halted: (() => void) | null = null;
  #visits: (() => Promise<void>)[] = [];

  constructor(
    session: Session,
    logMessage: (id: number) => string | undefined,
    log: (text: string) => void,
  ) {
    this.session = session;
    this.#logMessage = logMessage;
    this.#log = log;
  }

  get running(): boolean {
    return this.#move !== null;
  }

  /** To the next stop; null if it was halted. Rejects when the world is gone. */
  run(move: Move): Promise<Stop | null> {
    return this.alone(async () => {
      for (;;) {
        const stop = await move.go();
        await this.#visit();
        if (this.#halted !== null) return null;
        if (!(await this.#goesOn(stop, move))) return stop;
      }
    }, move);
  }

  /** Do what may move the session by itself. */
  async alone<T>(action: () => Promise<T>, move: Pick<Move, "backwards"> = {}): Promise<T> {
    this.#move = move;
    this.#paused = false;
    try {
      return await action();
    } finally {
      this.#move = null;
      this.#halted?.();
      this.#halted = null;
      await this.#visit();
    }
  }

  /** Break off the run under way, if there is one; nobody is told where it stopped. */
  halt(): Promise<void> {
    if (this.#move === null) return Promise.resolve();
    this.session.interrupt();
    return new Promise((resolve) => (this.#halted = resolve));
  }

  pause(): void {
    this.#paused = true;
    this.session.interrupt();
  }

  /** Do `action` while the session stands, in the middle of a run if need be. */
  between<T>(action: () => Promise<T>): Promise<T> {
    if (this.#move === null) return action();
    const done = new Promise<T>((resolve, reject) => {
      this.#visits.push(() => action().then(resolve, reject));
    });
    // The way back is short, and nobody could tell how far an interrupted one has come.
    if (this.#move.backwards !== true) this.session.interrupt();
    return done;
  }

  async #visit(): Promise<void> {
    for (const visit of this.#visits.splice(0)) await visit();
  }

  async #goesOn(stop: Stop, move: Move): Promise<boolean> {
    if (stop.reason.kind === "interrupted") return !this.#paused;
    if (stop.reason.kind !== "breakpoint" || this.#paused) return false;
    // A deadlock has no number if nobody asked to stop there: so nobody wants to.
    if (stop.reason.id === 0) return (await move.reached?.(stop)) !== true;
    const message = this.#logMessage(stop.reason.id);
    if (message === undefined) return false;
    if (move.backwards !== true) this.#log(await this.#filledIn(message, stop));
    return (await move.reached?.(stop)) !== true;
  }

  /** A logpoint's message, with the values of the expressions in it. */
  async #filledIn(message: string, { last }: Stop): Promise<string> {
    const parts = message.split(/\{([^{}]*)\}/);
    for (let i = 1; i < parts.length; i += 2) {
      parts[i] = await this.session.world
        .evaluate(parts[i] ?? "", last?.pid ?? 0, 0)
        .then(({ value }) => value)
        .catch((error: unknown) => `{${messageOf(error)}}`);
    }
    return parts.join("");
  }
}
