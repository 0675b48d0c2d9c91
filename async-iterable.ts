// A program as an async iterable: plain asynchronous code consumes, with `for await`, what the
// program emits. The program runs in a system of its own, and only while a value is asked for.

import { boot, ProgramError, type BootOptions } from "./boot";
import { promise, SystemError, type Program, type SystemCall } from "./syscalls";
import { onAbort } from "./syscalls/abort";

/**
 * Hand `value` to the consumer. Blocks until it asks for the next one, so the program does not run
 * ahead. Fails with EPIPE when the consumer has stopped.
 */
export type Emit<T> = (value: T) => SystemCall<void>;

/**
 * What `producer` emits, with `yield* emit(value)`, as an async iterable: for `for await`,
 * `Readable.from`, `stream.pipeline`. Each iteration boots the producer anew, at the first value
 * asked for.
 *
 * The iteration ends when the system has halted, and throws what the program crashed with. To leave
 * the loop early sends TERM to all its tasks and waits for their clean-up. `options` are those of
 * `boot`.
 */
export function asyncIterable<T>(
  producer: (emit: Emit<T>) => Program<unknown>,
  options: BootOptions = {},
): AsyncIterable<T, undefined, undefined> {
  return {
    [Symbol.asyncIterator]: () => new Production<T>(producer, options),
  };
}

/** A `next` that waits for its value. */
interface Request<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** An `emit` that waits: for a request, and after that for the next. */
interface Offer<T> {
  readonly value: T;
  readonly goOn: () => void;
  readonly fail: (error: unknown) => void;
}

/** One run of a producer, as an iterator. */
class Production<T> implements AsyncIterator<T, undefined, undefined> {
  readonly #producer: (emit: Emit<T>) => Program<unknown>;
  readonly #options: BootOptions;
  readonly #controller = new AbortController();
  readonly #requests: Request<T>[] = [];
  readonly #offers: Offer<T>[] = [];
  /** Emits whose value was taken: they go on at the next request. */
  readonly #taken: Offer<T>[] = [];
  /** Settles, never rejects, when the system has halted. */
  #run: Promise<void> | null = null;
  #halted = false;
  #consumerGone = false;
  /** What it crashed with, until the consumer is told. */
  #failure: { readonly error: unknown } | null = null;

  constructor(producer: (emit: Emit<T>) => Program<unknown>, options: BootOptions) {
    this.#producer = producer;
    this.#options = options;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (!this.#consumerGone) this.#run ??= this.#boot();
    return new Promise((resolve, reject) => {
      this.#requests.push({ resolve, reject });
      if (this.#halted || this.#consumerGone) this.#endRequests();
      else this.#match();
    });
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#consumerGone = true;
    this.#controller.abort(new Error("the consumer has stopped"));
    for (const { fail } of [...this.#offers.splice(0), ...this.#taken.splice(0)]) fail(gone());
    await this.#run;
    if (this.#failure !== null) throw this.#takeFailure();
    return { done: true, value: undefined };
  }

  async #boot(): Promise<void> {
    const { signal } = this.#options;
    const abort = (): void => this.#controller.abort(signal?.reason);
    if (signal?.aborted === true) abort();
    const release = signal && onAbort(signal, abort);
    const emit: Emit<T> = (value) => promise((unwanted) => this.#offer(value, unwanted));
    const options = { name: this.#producer.name, ...this.#options };
    try {
      await boot(() => this.#producer(emit), { ...options, signal: this.#controller.signal });
    } catch (error) {
      const asAsked = this.#consumerGone && error instanceof ProgramError;
      if (!asAsked) this.#failure = { error };
    }
    release?.();
    this.#halted = true;
    this.#endRequests();
  }

  #offer(value: T, unwanted: AbortSignal): Promise<void> {
    return new Promise((goOn, fail) => {
      if (this.#consumerGone) return fail(gone());
      const offer = { value, goOn, fail };
      this.#offers.push(offer);
      // A task that was killed in its emit has emitted nothing.
      unwanted.addEventListener("abort", () => {
        const at = this.#offers.indexOf(offer);
        if (at >= 0) this.#offers.splice(at, 1);
      });
      this.#match();
    });
  }

  #match(): void {
    if (this.#requests.length > 0) for (const { goOn } of this.#taken.splice(0)) goOn();
    while (this.#requests.length > 0 && this.#offers.length > 0) {
      const request = this.#requests.shift() as Request<T>;
      const offer = this.#offers.shift() as Offer<T>;
      request.resolve({ done: false, value: offer.value });
      if (this.#requests.length > 0) offer.goOn();
      else this.#taken.push(offer);
    }
  }

  /** The oldest request is told how it ended; the others, that it has. */
  #endRequests(): void {
    for (const { resolve, reject } of this.#requests.splice(0)) {
      if (this.#failure !== null) reject(this.#takeFailure());
      else resolve({ done: true, value: undefined });
    }
  }

  #takeFailure(): unknown {
    const { error } = this.#failure as { readonly error: unknown };
    this.#failure = null;
    return error;
  }
}

function gone(): SystemError {
  return new SystemError("EPIPE", "the consumer has stopped");
}
