// Ticks at start + n * period, however long the work in between takes.

import { Channel, interval, now, select, sleep, spawn, type Program } from "../../syscalls";
import { kill, wait } from "../../syscalls";
import { every, timeout } from "../../tasks";
import { messageOf, run, type Log } from "../helpers/run";
import { strikeAtEveryStep } from "../helpers/strike";

test("every runs its body at its beat, without drift, until the time is over", () => {
  const { log, clock } = run(function* (log) {
    yield* sleep(3);
    const work = every(10, function* (tick) {
      log(tick, "at", yield* now());
      yield* sleep(7);
    });
    yield* timeout(45, work, { fallback: undefined });
  });
  expect(log).toEqual(["1 at 13", "2 at 23", "3 at 33", "4 at 43"]);
  expect(clock).toBe(48);
});

test.each([
  ["skip", ["1 at 10", "3 at 35", "4 at 40", "5 at 50"]],
  ["burst", ["1 at 10", "2 at 35", "3 at 35", "4 at 40", "5 at 50"]],
] as const)("ticks that nobody waited for in time: %s", (missed, expected) => {
  const { log } = run(function* (log) {
    const beat = yield* interval(10, { missed });
    while (beat.count < 5) {
      yield* beat.next();
      log(beat.count, "at", yield* now());
      if (beat.count === 1) yield* sleep(25);
    }
  });
  expect(log).toEqual(expected);
});

test("in a select a tick that lost is still to come, and a late one wins at once", () => {
  const { log } = run(function* (log) {
    const jobs = new Channel<number>(10);
    yield* spawn(function* () {
      for (const at of [4, 4, 13, 1]) {
        yield* sleep(at);
        yield* jobs.send(at);
      }
    });
    const beat = yield* interval(10);
    for (let i = 0; i < 7; i++) {
      const { which } = yield* select({ beat: beat.next(), job: jobs.receive() });
      log(which, "at", yield* now());
      if (i < 5) continue;
      yield* sleep(12);
      yield* jobs.send(0);
    }
  });
  expect(log).toEqual([
    ...["job at 4", "job at 8", "beat at 10", "beat at 20"],
    ...["job at 21", "job at 22", "beat at 34"],
  ]);
});

test("bad arguments are EINVAL", () => {
  const { log } = run(function* (log) {
    const bad = function* (period: number, missed?: "skip"): Program<void> {
      yield* missed === undefined ? interval(period) : interval(period, { missed });
    };
    for (const period of [0, -1, NaN, Infinity]) log(yield* messageOf(bad(period)));
    log(yield* messageOf(bad(1, "never" as "skip")));
    log(yield* messageOf(every(1, undefined as unknown as () => Program)));
  });
  expect(log).toEqual([
    'EINVAL: task 2 "main": interval(0): 0 is no period; give milliseconds above 0',
    'EINVAL: task 2 "main": interval(-1): -1 is no period; give milliseconds above 0',
    'EINVAL: task 2 "main": interval(NaN): NaN is no period; give milliseconds above 0',
    'EINVAL: task 2 "main": interval(Infinity): Infinity is no period; give milliseconds above 0',
    'EINVAL: task 2 "main": interval(1, { missed: "never" }): "never" is no policy; there are "skip", "burst"',
    "EINVAL: every: undefined is no body; give a generator function",
  ]);
});

test.each(["TERM", "KILL"] as const)("%s at any step stops it, with no timer left", (signal) => {
  function* program(log: Log): Program<void> {
    const work = every(10, function* (tick) {
      log(tick);
      yield* sleep(5);
    });
    const ticker = yield* spawn(work, { name: "ticker" });
    yield* sleep(35);
    yield* kill(ticker);
    log((yield* wait(ticker)).kind);
  }
  strikeAtEveryStep(program, "ticker", signal, ({ log, kernel }) => {
    expect(log.at(-1)).toBe("killed");
    expect(kernel.timers.length).toBe(0);
  });
});
