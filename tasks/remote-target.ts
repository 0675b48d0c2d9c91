// A remote target as its senders see it: the verbs of a coroutine, each a program, and the errors
// they end with.

import { SystemError, type Errno, type Fd, type Program } from "../syscalls";
import { EndedError } from "./coroutine";
import type { ErrorText, Order } from "./remote-guest";
import { Link, pack, type Ending } from "./remote-link";
import { Turns } from "./remote-turn";
import { checkCrossing } from "./remote-values";

/** How many messages may be unanswered before `send` waits. */
const WINDOW = 16;

/** A push coroutine elsewhere: like a `Target`, but its verbs are programs, and may block. */
export interface RemoteTarget<in T = unknown> {
  /** The name of its generator function. */
  readonly name: string;
  /** The target is closed when this is, so when its owner dies. It can be given away. */
  readonly fd: Fd;
  /** Is it known here that it has returned, thrown, died, or been closed? */
  readonly ended: boolean;
  /**
   * Send it `value`, which JSON can carry. Does not wait until it is taken, but blocks while 16
   * others are not. Fails with EINVAL for a value that cannot cross, RemoteError when the target
   * has thrown or died, EndedError when it has returned or all this was told before.
   */
  send(value: T): Program<void>;
  /**
   * Throw `error` at its `yield`; an Error arrives as one of that name and message. Blocks until
   * the target has dealt with it. Fails as `send` does; with RemoteError if it was not caught.
   */
  throw(error: unknown): Program<void>;
  /**
   * Let it take what was sent, run its `finally`, and end its thread or process. Blocks until that
   * is gone. Fails with RemoteError for what it threw and EndedError for messages it did not take,
   * unless `send` or `throw` told before. Closing it again does nothing.
   */
  close(): Program<void>;
}

/** A remote target threw, or died. What it threw, with the stack over there, is the `cause`. */
export class RemoteError extends Error {
  override readonly name = "RemoteError";
}

export class Remote<in T> implements RemoteTarget<T> {
  readonly name: string;
  /** `"printer" in a thread` */
  readonly #title: string;
  readonly #link: Link;
  readonly #turns = new Turns();
  /** The number of the order to close. */
  #closing = Infinity;
  /** Was it closed, or its end told? */
  #told = false;

  constructor(name: string, where: string, fd: Fd) {
    this.name = name;
    this.#title = `"${name}" in ${where}`;
    this.#link = new Link(fd);
  }

  get fd(): Fd {
    return this.#link.fd;
  }

  get ended(): boolean {
    return this.#told || this.#link.ending !== undefined;
  }

  /** Build it over there. Blocks until it waits for its first value. */
  *begin(order: Order & { readonly kind: "start" }): Program<void> {
    yield* this.#link.post(pack(order));
    while (this.#link.ending === undefined && this.#link.open > 0) yield* this.#link.hear();
    const { ending } = this.#link;
    if (ending?.failed === true) yield* this.#fail(ending, "start");
  }

  *send(value: T): Program<void> {
    checkCrossing(value, "the value");
    yield* this.#inTurn(this.#deliver("send to", pack({ kind: "send", value })));
  }

  *throw(error: unknown): Program<void> {
    if (!(error instanceof Error)) checkCrossing(error, "the error");
    const thrown = error instanceof Error ? nameAndMessage(error) : { value: error };
    yield* this.#inTurn(this.#throw(pack({ kind: "throw", error: thrown })));
  }

  *close(): Program<void> {
    yield* this.#inTurn(this.#close());
  }

  /** Give it up: what is over there is closed, and nobody waits for it. */
  release(): Program<void> {
    return this.#link.release();
  }

  *#inTurn(work: Program<void>): Program<void> {
    yield* this.#turns.take();
    try {
      yield* work;
    } finally {
      yield* this.#turns.pass();
    }
  }

  *#deliver(verb: string, order: Uint8Array): Program<void> {
    const link = this.#link;
    if (this.#told) throw new EndedError(`cannot ${verb} ${this.#title}: it ${this.#how}`);
    while (link.ending === undefined && link.open >= WINDOW) yield* link.hear();
    if (link.ending === undefined) yield* link.post(order);
    if (link.ending !== undefined) yield* this.#fail(link.ending, verb);
  }

  *#throw(order: Uint8Array): Program<void> {
    const link = this.#link;
    yield* this.#deliver("throw into", order);
    while (link.ending === undefined && link.open > 0) yield* link.hear();
    const { ending } = link;
    if (ending !== undefined && this.#isProblem(ending)) yield* this.#fail(ending, "throw into");
  }

  *#close(): Program<void> {
    const link = this.#link;
    if (this.#told) return;
    this.#told = true;
    this.#closing = link.sent + 1;
    try {
      yield* link.post(pack({ kind: "close" }));
      while (!link.gone) yield* link.hear();
    } finally {
      yield* link.release();
    }
    const { ending } = link;
    if (ending !== undefined && this.#isProblem(ending)) throw this.#problem(ending, "close");
  }

  /** It has ended: it need not wait for that to be heard any more. */
  *#fail(ending: Ending, verb: string): Program<never> {
    const problem = this.#problem(ending, verb);
    this.#told = true;
    yield* this.#link.post(pack({ kind: "close" }));
    yield* this.#link.release();
    throw problem;
  }

  get #how(): string {
    if (this.#closing < Infinity) return "was closed";
    return this.#link.ending?.how ?? "has ended";
  }

  /** How many messages were sent but never taken, or not for certain. */
  get #lost(): number {
    const { sent, answered } = this.#link;
    return Math.max(0, Math.min(sent, this.#closing - 1) - Math.max(answered, 0));
  }

  #isProblem(ending: Ending): boolean {
    return ending.failed || this.#lost > 0;
  }

  #problem({ how, failed, error }: Ending, verb: string): Error {
    const { answered } = this.#link;
    const lost = this.#lost === 0 ? "" : `; messages lost after that: ${this.#lost}`;
    if (error?.errno !== undefined && answered === 0) {
      return new SystemError(error.errno as Errno, error.message);
    }
    const when = answered === this.#closing ? "while it was closed" : `at message ${answered}`;
    if (!failed) return new EndedError(`cannot ${verb} ${this.#title}: it ${how} ${when}${lost}`);
    if (error === undefined) {
      const after = answered < 0 ? "before it had started" : `after message ${answered}`;
      return new RemoteError(`${this.#title} ${how}, ${after}${lost}`);
    }
    const text = `${this.#title} ${how}, ${answered === 0 ? "at its start" : when}`;
    return new RemoteError(`${text}${placeOf(error)}${lost}`, { cause: remake(error) });
  }
}

/** `, in /home/ann/sink.js:5:9`: the first place that is not the host's own. */
function placeOf({ stack }: ErrorText): string {
  const place = /^\s+at (?!.*\bnode:).*?\(?([^\s()]+:\d+:\d+)\)?$/m.exec(stack)?.[1];
  return place === undefined ? "" : `, in ${place}`;
}

/** The error that was thrown over there, as far as it crossed. */
function remake({ name, message, stack }: ErrorText): Error {
  return Object.assign(new Error(message), { name, stack });
}

function nameAndMessage({ name, message }: Error): { name: string; message: string } {
  return { name: String(name), message: String(message) };
}
