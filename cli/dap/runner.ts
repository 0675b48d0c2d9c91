// Moves a session, one move at a time, while requests go on being served: breakpoints can be
// changed in the middle of a run, which goes on as if nothing had happened. A logpoint prints and
// does not stop. Knows nothing of the protocol.

import { hitsOf, type Frame, type Session, type Stop } from "../../debugger";
import { messageOf } from "../misuse";

export interface Move {
  readonly go: () => Promise<Stop>;
  readonly backwards?: boolean;
}

/** The message of the logpoint that the session knows by `number`; undefined if it is none. */
export type LogMessage = (number: number) => string | undefined;

export class Runner {
  readonly session: Session;
  readonly #logMessage: LogMessage;
  readonly #log: (text: string) => void;
  #move: Pick<Move, "backwards"> | null = null;
  #paused = false;
  #halted: (() => void) | null = null;
  #visits: (() => Promise<void>)[] = [];

  constructor(session: Session, logMessage: LogMessage, log: (text: string) => void) {
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
        const told = await this.#told(stop);
        if (told !== null) return told;
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

  /** What the client is told of a stop; null if that is nothing, and the run goes on. */
  async #told(stop: Stop): Promise<Stop | null> {
    const { reason } = stop;
    if (reason.kind === "interrupted") return this.#paused ? stop : null;
    if (!("id" in reason)) return stop;
    const hits = hitsOf(stop).filter(({ kind, id }) => {
      // A deadlock has no number if nobody asked to stop there: so nobody wants to.
      return kind !== "breakpoint" || (id > 0 && this.#logMessage(id) === undefined);
    });
    await this.#logAll(stop);
    const [first, ...also] = hits;
    if (first !== undefined) return { ...stop, reason: { ...first, also } };
    if (this.#paused) return { ...stop, reason: { kind: "interrupted" } };
    return reason.reached === true ? { ...stop, reason: { kind: "goal" } } : null;
  }

  async #logAll(stop: Stop): Promise<void> {
    for (const { kind, id } of hitsOf(stop)) {
      const message = kind === "breakpoint" ? this.#logMessage(id) : undefined;
      if (message !== undefined) this.#log(await this.#filledIn(message, id, stop));
    }
  }

  /** The message of the logpoint `id`, with the values of the expressions in it. */
  async #filledIn(message: string, id: number, { last }: Stop): Promise<string> {
    const parts = message.split(/\{([^{}]*)\}/);
    const pid = last?.pid ?? 0;
    const frame = parts.length === 1 ? 0 : await this.#frameAt(id, pid);
    for (let i = 1; i < parts.length; i += 2) {
      parts[i] = await this.session.world
        .evaluate(parts[i] ?? "", pid, frame)
        .then(({ value }) => value)
        .catch((error: unknown) => `{${messageOf(error)}}`);
    }
    return parts.join("");
  }

  /** The frame of the task that stands in the line of the logpoint `id`. */
  async #frameAt(id: number, pid: number): Promise<number> {
    const point = this.session.breakpoints.find((one) => one.id === id)?.point;
    if (point?.on !== "line") return 0;
    const frames = await this.session.world.frames(pid);
    const inLine = ({ file, line }: Frame) => file === point.file && line === point.line;
    return Math.max(0, frames.findIndex(inLine));
  }
}
