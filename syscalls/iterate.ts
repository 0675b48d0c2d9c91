// Async iterables of the host's, read from as tasks read: one value at a time, each when asked for.
// The iterator stands behind a descriptor, so it is told to stop however its reader ends.

import { blockingCall, syscall } from "../kernel/call";
import { close } from "../kernel/death";
import { SystemError } from "../kernel/errno";
import { ask } from "../kernel/interrupt";
import { install } from "../kernel/life";
import { show } from "../kernel/show";
import { END, type End } from "./channel";
import type { Answer, Kernel, SystemCall, Task } from "../kernel";
import type { Fd } from "./descriptors";
import { hostDevice } from "./resource";

/** Reads an async iterable: `const value = yield* reader.next()`. */
export interface AsyncReader<T> {
  /** Its descriptor, to hand the reader over: `spawn(program, { give: [reader.fd] })`. */
  readonly fd: Fd;
  /**
   * The next value; END after the last. Throws what the iterable throws, which ends it.
   *
   * Blocks until it is there. A value that comes when its reader does not wait any more is the
   * next one's. Fails with EBUSY when another task reads here, EBADF once it is closed.
   */
  next(): SystemCall<T | End>;
  /**
   * Stop before the end: the iterator's `return` is called, a Node stream is destroyed. That also
   * happens when its owner ends in any way, KILL included. Never blocks. After the end it does
   * nothing; fails with EBADF the second time.
   */
  close(): SystemCall<void>;
}

/**
 * Read `iterable`, such as a Node stream, whose first value is asked for by the first `next`. The
 * reader belongs to the caller. Never blocks. Fails with EINVAL for what is no async iterable.
 */
export const iterate = syscall(
  "iterate",
  <T>(kernel: Kernel, task: Task, iterable: AsyncIterable<T>): AsyncReader<T> => {
    const source = new Source<T>(iterable, (text) => kernel.machine.report(text));
    const fd = install(
      kernel,
      hostDevice("async iterable", () => source.stop()),
      task,
    );
    return {
      fd,
      next: () => next(fd, source) as SystemCall<T | End>,
      close: () => stop(fd, source),
    };
  },
);

const next = blockingCall(
  "next",
  (kernel: Kernel, task: Task, fd: Fd, source: Source<unknown>): unknown => {
    if (source.ended) return END;
    kernel.descriptors.get(fd);
    if (source.reader?.waiting === true) throw new SystemError("EBUSY", "another task reads it");
    return ask<unknown>(kernel, task, (answer) => {
      source.reader = answer;
      return kernel.machine.settle(() => source.pull(), {
        get waiting() {
          return answer.waiting;
        },
        done: (value) => {
          const result = value as IteratorResult<unknown>;
          if (!source.take(answer, result.done === true)) return;
          if (source.ended) close(kernel, kernel.descriptors.get(fd));
          answer.done(source.ended ? END : result.value);
        },
        fail: (error) => {
          if (!source.take(answer, true)) return;
          close(kernel, kernel.descriptors.get(fd));
          answer.fail(error);
        },
      });
    });
  },
  { lost: (_kernel, _task, value, _fd, source) => source.takeBack(value) },
);

const stop = syscall("close", (kernel, _task, fd: Fd, source: Source<unknown>): void => {
  if (!source.ended) close(kernel, kernel.descriptors.getOwned(fd));
});

/** An iterator, and the value it was asked for last. */
class Source<T> {
  /** Its last value was read, or its error. */
  ended = false;
  reader: Answer<unknown> | null = null;
  readonly #iterator: AsyncIterator<T>;
  readonly #stream: { destroy?: unknown };
  readonly #report: (text: string) => void;
  /** Asked for, and not yet delivered: one, or more if any came back. */
  readonly #asked: Promise<IteratorResult<T>>[] = [];

  constructor(iterable: AsyncIterable<T>, report: (text: string) => void) {
    const iterator: unknown = iterable?.[Symbol.asyncIterator]?.();
    if (typeof iterator !== "object" || iterator === null) {
      const fix = "pass a stream, or what an async generator function returns";
      throw new SystemError("EINVAL", `${show(iterable)} is no async iterable; ${fix}`);
    }
    this.#iterator = iterator as AsyncIterator<T>;
    this.#stream = iterable as { destroy?: unknown };
    this.#report = report;
  }

  /** The value that comes next: one that nobody took, or else a new one. */
  pull(): Promise<IteratorResult<T>> {
    const [waiting] = this.#asked;
    if (waiting !== undefined) return waiting;
    const asked = this.#ask();
    // Its failure is the reader's; if none waits then, it is the next one's.
    asked.catch(() => {});
    this.#asked.push(asked);
    return asked;
  }

  async #ask(): Promise<IteratorResult<T>> {
    const result: unknown = await this.#iterator.next();
    if (typeof result === "object" && result !== null) return result as IteratorResult<T>;
    throw new TypeError(`next() of an async iterator came to ${show(result)}, not to an object`);
  }

  /** Is what came for this reader? If so, it has it; else it is kept for the next one. */
  take({ waiting }: Answer<unknown>, last: boolean): boolean {
    if (!waiting) return false;
    void this.#asked.shift();
    this.ended = last;
    return true;
  }

  /** KILL kept its reader from running: what it had been given is that of who reads next. */
  takeBack(value: unknown): void {
    if (value === END) return;
    if (this.reader?.waiting === true) this.reader.done(value);
    else this.#asked.unshift(Promise.resolve({ value: value as T }));
  }

  /** Its descriptor is closed: nobody reads on. */
  stop(): void {
    if (this.ended) return;
    this.reader?.fail(new SystemError("EBADF", "the reader was closed meanwhile"));
    const stopped = (async () => this.#iterator.return?.())();
    stopped.catch((error) => this.#report(`stopping an async iterable failed: ${String(error)}`));
    // The iterator of a Node stream does not hear `return` before its first value, nor while one is
    // under way.
    const { destroy } = this.#stream;
    if (typeof destroy === "function") destroy.call(this.#stream);
  }
}
