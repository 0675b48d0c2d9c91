// Trying again: after a failure, with pauses that grow. Knows nothing of what it tries.

import { Become, Exit, Killed, random, show, sleep, type Program } from "../syscalls";
import { demand, DURATION, isDuration, isWhole } from "./check";
import { limitsMade, TimeoutError } from "./timeout";

export interface RetryOptions {
  /** How often it is tried in all; Infinity allowed. Default 3. */
  readonly times?: number;
  /** The longest pause after the first failure, in milliseconds. Default 100. */
  readonly delay?: number;
  /** What that grows by with each further failure. Default 2. */
  readonly factor?: number;
  /** No pause is longer, in milliseconds. Default 30,000. */
  readonly max?: number;
  /**
   * Choose each pause at random between 0 and its longest, so that many who failed together do not
   * come again together. Default true.
   */
  readonly jitter?: boolean;
  /** Is it worth another try after this error, of the attempt of this number? Default: always. */
  readonly when?: (error: unknown, attempt: number) => boolean;
}

/** It failed as often as it was tried. `cause` is the last error. */
export class RetryError extends Error {
  /** How often it was tried. */
  readonly attempts: number;

  constructor(attempts: number, cause: unknown) {
    const last = cause instanceof Error ? cause.message : show(cause);
    super(`failed ${attempts} time${attempts === 1 ? "" : "s"}; the last time: ${last}`, { cause });
    this.name = "RetryError";
    this.attempts = attempts;
  }
}

/**
 * Run `make(1)`, and if that fails `make(2)` and so on, up to `times`, with pauses in between that
 * grow exponentially, with full jitter from the machine's seed (Brooker, "Exponential Backoff And
 * Jitter", AWS Architecture Blog, 2015). Returns what the first that succeeds returns.
 *
 * Blocks as the attempts do and in the pauses. Throws a RetryError after the last attempt; at once
 * what `when` refuses, a Killed, an exit, and a TimeoutError of a limit around the retry. Fails
 * with EINVAL.
 */
export function* retry<T>(
  make: (attempt: number) => Program<T>,
  options: RetryOptions = {},
): Program<T> {
  check(make, options);
  const { times = 3, when = () => true } = options;
  for (let attempt = 1; ; attempt++) {
    const limits = limitsMade();
    try {
      return yield* make(attempt);
    } catch (error) {
      if (isFinal(error, limits) || !when(error, attempt)) throw error;
      if (attempt >= times) throw new RetryError(attempt, error);
    }
    yield* sleep(yield* pause(attempt, options));
  }
}

/** Is `error` for somebody further out? `limits` is how many time limits there were before. */
function isFinal(error: unknown, limits: number): boolean {
  if (error instanceof TimeoutError) return error.serial <= limits;
  return error instanceof Killed || error instanceof Exit || error instanceof Become;
}

function* pause(attempt: number, options: RetryOptions): Program<number> {
  const { delay = 100, factor = 2, max = 30_000, jitter = true } = options;
  const grown = delay * Math.min(factor ** (attempt - 1), Number.MAX_VALUE);
  const longest = Math.min(max, grown);
  return jitter ? longest * (yield* random()) : longest;
}

function check(make: unknown, { times = 3, delay = 0, factor = 1, max = 0 }: RetryOptions): void {
  const maker = "maker of programs; give a function that makes one, as a program runs only once";
  demand(typeof make === "function", "retry", make, maker);
  const counts = times === Infinity || isWhole(times, 1);
  demand(counts, "retry: times", times, "whole number from 1 up, nor Infinity");
  demand(isFinite(delay), "retry: delay", delay, DURATION);
  demand(isFinite(factor) && factor >= 1, "retry: factor", factor, "number from 1 up");
  demand(isFinite(max), "retry: max", max, DURATION);
}

/** A pause without end would be the end of it. */
function isFinite(value: number): boolean {
  return isDuration(value) && value < Infinity;
}
