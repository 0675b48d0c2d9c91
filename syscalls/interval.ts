// A beat: times at a fixed distance from one another, however long what happens in between takes.

import { blockingCall, syscall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { show } from "../kernel/show";
import type { Blocked, SystemCall } from "../kernel";
import { sleepTo } from "./time";

/** What becomes of the ticks that nobody waited for in time. */
export type Missed = "skip" | "burst";

export interface IntervalOptions {
  /**
   * When several have passed: the first of them comes late and the others are left out ("skip", the
   * default), or all come late, one right after the other ("burst").
   */
  readonly missed?: Missed;
}

/** What `interval` returns. Its n-th tick is `period` * n milliseconds after its start. */
export class Ticker {
  /** Milliseconds. */
  readonly period: number;
  readonly start: number;
  readonly missed: Missed;
  /** The number of the tick that came last, or that is waited for. */
  count = 0;

  constructor(period: number, start: number, missed: Missed) {
    this.period = period;
    this.start = start;
    this.missed = missed;
  }

  /**
   * Wait for the next tick; one that has passed comes at once. Blocks until then. A tick that a
   * `select` did not choose is still to come.
   */
  next(): SystemCall<void> {
    return tick(this);
  }

  toString(): string {
    return `every ${this.period} ms`;
  }
}

const tick = blockingCall("tick", (kernel, task, ticker: Ticker): void | Blocked => {
  const { count, period, start } = ticker;
  const passed = Math.floor((kernel.machine.now() - start) / period);
  if (passed > count) {
    ticker.count = ticker.missed === "burst" ? count + 1 : passed;
    return;
  }
  ticker.count = count + 1;
  const cancel = () => void (ticker.count = Math.min(ticker.count, count));
  return sleepTo(kernel, task, start + (count + 1) * period, { cancel });
});

/**
 * A beat of `period` milliseconds that begins now: `const beat = yield* interval(100)`, then
 * `yield* beat.next()`, also as a case of `select`. It does not drift. Never blocks. Fails with
 * EINVAL for what is no duration above 0.
 */
export const interval = syscall(
  "interval",
  (kernel, _task, period: number, { missed = "skip" }: IntervalOptions = {}): Ticker => {
    if (!Number.isFinite(period) || period <= 0) {
      throw new SystemError("EINVAL", `${show(period)} is no period; give milliseconds above 0`);
    }
    if (missed !== "skip" && missed !== "burst") {
      throw new SystemError("EINVAL", `${show(missed)} is no policy; there are "skip", "burst"`);
    }
    return new Ticker(period, kernel.machine.now(), missed);
  },
);
