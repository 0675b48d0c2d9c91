// The errors of several tasks as one: what a group throws when its tasks have failed.

import type { ExitStatus } from "../syscalls";
import { describeExit } from "./report";

/** A child ended otherwise than it should have; `status` says how, `cause` why. */
export class ChildError extends Error {
  override readonly name = "ChildError";
  readonly status: ExitStatus;

  constructor(status: ExitStatus, message = describeExit(status)) {
    super(message);
    if (status.kind === "crashed") this.cause = status.error;
    if (status.kind === "killed") this.cause = status.cause;
    this.status = status;
  }
}

/** How many tasks the message of an AggregateError names. */
const NAMED = 5;

/** Failures in the order in which they happened. */
export class Failures {
  readonly #errors: unknown[] = [];
  readonly #seen = new Set<unknown>();
  readonly #texts: string[] = [];

  get length(): number {
    return this.#errors.length;
  }

  /** The first one, in words; null when there is none. */
  get first(): string | null {
    return this.#texts[0] ?? null;
  }

  /** `text` says whose it is. An error that several tasks passed on is one failure. */
  add(error: unknown, text: string): void {
    if (typeof error === "object" && this.#seen.has(error)) return;
    this.#seen.add(error);
    this.#errors.push(error);
    this.#texts.push(text);
  }

  /** What to throw: the one error itself, or an AggregateError of them all. */
  get error(): unknown {
    return this.#errors.length === 1 ? this.#errors[0] : this.aggregate("tasks failed");
  }

  /** An AggregateError of them all, however many; `what` follows their number in its message. */
  aggregate(what: string): AggregateError {
    const more = this.length - NAMED;
    const texts = this.#texts.slice(0, NAMED).concat(more > 0 ? [`and ${more} more`] : []);
    const list = texts.length === 0 ? "" : `: ${texts.join("; ")}`;
    return new AggregateError(this.#errors, `${this.length} ${what}${list}`);
  }
}
