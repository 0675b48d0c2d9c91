// Doing something at a beat. The beat itself is a system call, so that it can be selected over.

import { interval, type IntervalOptions, type Program } from "../syscalls";
import { demand } from "./check";

/**
 * Run `body` every `period` milliseconds, the first time after one of them, with the number of the
 * tick. It does not drift: see `interval`, and for what becomes of the ticks that pass while `body`
 * takes its time.
 *
 * Blocks until it is killed, or a `timeout` around it is over. Throws what `body` throws; fails
 * with EINVAL.
 */
export function* every(
  period: number,
  body: (tick: number) => Program<unknown>,
  options?: IntervalOptions,
): Program<never> {
  demand(typeof body === "function", "every", body, "body; give a generator function");
  const beat = yield* interval(period, options);
  for (;;) {
    yield* beat.next();
    yield* body(beat.count);
  }
}
