// Push coroutines: generators that receive with `yield` what others send them, and pass it on to
// targets of their own. Plain and synchronous: no kernel, no waiting. A pipeline runs inside
// whoever sends into its head, so a task that reads from somewhere makes the best source.

import { firstLine } from "./report";

/** What a pipeline pushes values into. */
export interface Target<in T> {
  /** Its name in messages: its generator function's. */
  readonly name: string;
  /** Has it returned, thrown, or been closed? Then nothing can be sent any more. */
  readonly ended: boolean;
  /** Hand it `value`. Throws what it throws, EndedError after its end, ReentryError if it runs. */
  send(value: T): void;
  /** Throw `error` at its `yield`. It may catch it and go on; otherwise it ends and this throws. */
  throw(error: unknown): void;
  /** Run its `finally`, then close what it pushes into. Closing it again does nothing. */
  close(): void;
}

/** The body of a coroutine: a generator that receives with `const value = yield`. */
export type Receiver<T> = Generator<void, void, T>;

/** Something was sent to, or thrown into, a target that had ended: it was not delivered. */
export class EndedError extends Error {
  override readonly name = "EndedError";
}

/** A target was used while it runs, by itself or by a coroutine it pushes into. */
export class ReentryError extends Error {
  override readonly name = "ReentryError";
  /** From the target to itself, each the sender to the next: `["a", "b", "a"]`. */
  readonly chain: readonly string[];

  constructor(verb: string, chain: readonly string[]) {
    const [name] = chain;
    super(`cannot ${verb} "${name}", which is running: ${chain.join(" -> ")}`);
    this.chain = chain;
  }
}

/** The coroutines that run now, each sent to by the one before it. */
const running: Coroutine<never>[] = [];

/**
 * Turn a generator function into a maker of coroutines, each primed: it has run to its first
 * `yield` and waits for a value there. Never blocks.
 *
 * Targets among the arguments, alone or in an array, are what it pushes into: when it ends, in
 * whatever way, its `finally` runs and then they are closed. One with several senders needs
 * `fanIn`. The maker throws what the body throws before its first `yield`, and TypeError when it
 * was given no generator function.
 */
export function coroutine<A extends unknown[], T>(
  body: (...args: A) => Receiver<T>,
): (...args: A) => Target<T> {
  const name = body.name === "" ? "coroutine" : body.name;
  return (...args) => {
    const receiver = body(...args);
    if (typeof receiver?.next !== "function" || Symbol.asyncIterator in receiver) {
      throw new TypeError(`"${name}" is no generator function; write coroutine(function* …)`);
    }
    const given: unknown[] = args;
    return new Coroutine(name, receiver, given.flat().filter(isTarget));
  };
}

class Coroutine<in T> implements Target<T> {
  readonly name: string;
  readonly #receiver: Receiver<T>;
  readonly #targets: readonly Target<never>[];
  /** How it ended, as a sentence about it goes on. */
  #end: string | undefined = undefined;

  constructor(name: string, receiver: Receiver<T>, targets: readonly Target<never>[]) {
    this.name = name;
    this.#receiver = receiver;
    this.#targets = targets;
    this.#resume(() => receiver.next());
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  send(value: T): void {
    this.#refuseReentry("send to");
    if (this.#end !== undefined) {
      throw new EndedError(`cannot send to "${this.name}": it ${this.#end}`);
    }
    this.#resume(() => this.#receiver.next(value));
  }

  throw(error: unknown): void {
    this.#refuseReentry("throw into");
    if (this.#end !== undefined) {
      const text = `cannot throw into "${this.name}": it ${this.#end}`;
      throw new EndedError(text, { cause: error });
    }
    this.#resume(() => this.#receiver.throw(error));
  }

  close(): void {
    if (this.#end !== undefined) return;
    this.#refuseReentry("close");
    this.#end = "was closed";
    this.#resume(() => this.#receiver.return());
  }

  /** Run the body to its next `yield`; if it ends instead, close its targets. */
  #resume(step: () => IteratorResult<void, void>): void {
    const errors: unknown[] = [];
    running.push(this);
    try {
      if (this.#waits(step())) return;
      this.#end ??= "returned";
    } catch (error) {
      this.#end ??= `threw ${firstLine(error)}`;
      errors.push(error);
    } finally {
      running.pop();
    }
    closeAll(this.#targets, errors);
  }

  /** Does it wait for a value now? A yield of any other kind throws there, where the mistake is. */
  #waits({ done, value }: IteratorResult<unknown, void>): boolean {
    if (done === true) return false;
    if (this.#end === undefined && value === undefined) return true;
    const misuse =
      this.#end === undefined
        ? `yielded ${String(value)}: it receives with a bare yield; system calls are for tasks`
        : "yielded while it was being closed: nothing more will be sent";
    return this.#waits(this.#receiver.throw(new TypeError(`"${this.name}" ${misuse}`)));
  }

  #refuseReentry(verb: string): void {
    const first = running.indexOf(this);
    if (first < 0) return;
    const chain = [...running.slice(first), this].map(({ name }) => name);
    throw new ReentryError(verb, chain);
  }
}

/** Close all of `targets`, then throw what went wrong before and while closing, if anything did. */
export function closeAll(targets: readonly Target<never>[], errors: unknown[]): void {
  for (const target of targets) {
    try {
      target.close();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join("; "));
  if (errors.length === 1) throw errors[0];
}

function isTarget(value: unknown): value is Target<never> {
  if (typeof value !== "object" || value === null) return false;
  const { send, throw: raise, close } = value as Partial<Target<never>>;
  return typeof send === "function" && typeof raise === "function" && typeof close === "function";
}
