// Time limits on a piece of work. They nest: each limit throws an error of its own, so who set it
// knows it again, and an outer limit that is earlier ends the inner work too.

import { arm, disarm, now, rearm } from "../syscalls";
import type { Alarm, Program, SystemCall } from "../syscalls";
import { demand, DURATION, isDuration } from "./check";
import type { Work } from "./work";

let made = 0;

/** How many time limits there have been: those that are made from now on have higher serials. */
export function limitsMade(): number {
  return made;
}

/** The time for a piece of work is over. */
export class TimeoutError extends Error {
  /** The limit, in milliseconds: a duration after `timeout`, a time after `deadline`. */
  readonly limit: number;
  /** Tells a limit inside a piece of work from one around it: see `limitsMade`. */
  readonly serial: number = ++made;

  constructor(message: string, limit: number) {
    super(message);
    this.name = "TimeoutError";
    this.limit = limit;
  }
}

export interface TimeoutOptions<F> {
  /** Return this when the time is over, instead of throwing. */
  readonly fallback: F;
}

/** What can be limited: also a function that is given its limit. */
export type LimitedWork<T> = Work<T> | ((limit: Limit) => Program<T> | SystemCall<T>);

/** A time limit, as seen from the work that is under it. */
export class Limit {
  readonly #alarm: Alarm;

  constructor(alarm: Alarm) {
    this.#alarm = alarm;
  }

  /**
   * Make `time` the deadline, in milliseconds as `now` has them; Infinity lifts it. Does nothing
   * once the time was over or the work has ended. Never blocks. Fails with EINVAL.
   */
  moveTo(time: number): SystemCall<void> {
    return rearm(this.#alarm, time);
  }
}

/**
 * Run `work` for at most `duration` milliseconds: when they are over, throws a TimeoutError at the
 * blocking call it is in, so that its clean-ups run, and then here; or returns the `fallback`.
 *
 * Blocks, returns and throws as `work` does. Work that never blocks is not interrupted. Fails with
 * EINVAL when `duration` is negative or no number.
 */
export function* timeout<T, F = never>(
  duration: number,
  work: LimitedWork<T>,
  options?: TimeoutOptions<F>,
): Program<T | F> {
  demand(isDuration(duration), "timeout", duration, DURATION);
  const error = new TimeoutError(`it took longer than ${duration} ms`, duration);
  return yield* limited((yield* now()) + duration, error, work, options);
}

/** As `timeout`, until the clock reads `time` milliseconds, as `now` has them. */
export function* deadline<T, F = never>(
  time: number,
  work: LimitedWork<T>,
  options?: TimeoutOptions<F>,
): Program<T | F> {
  const isTime = typeof time === "number" && !Number.isNaN(time);
  demand(isTime, "deadline", time, "time; give milliseconds as now() does");
  const error = new TimeoutError(`it was not done by ${time} ms`, time);
  return yield* limited(time, error, work, options);
}

function* limited<T, F>(
  time: number,
  error: TimeoutError,
  work: LimitedWork<T>,
  options: TimeoutOptions<F> | undefined,
): Program<T | F> {
  const alarm = yield* arm(time, error);
  try {
    return yield* typeof work === "function" ? work(new Limit(alarm)) : work;
  } catch (thrown) {
    if (thrown !== error || options === undefined) throw thrown;
    return options.fallback;
  } finally {
    yield* disarm(alarm);
  }
}
