// Trying again with pauses that grow.

import { become, call, exit, kill, now, sleep, spawn, SystemError, wait } from "../../syscalls";
import type { Program } from "../../syscalls";
import { retry, RetryError, timeout, TimeoutError, type RetryOptions } from "../../tasks";
import { messageOf, run, type Log } from "../helpers/run";
import { strikeAtEveryStep } from "../helpers/strike";

/** Fails with ECONNREFUSED until its attempt of number `good`. */
function flaky(log: Log, good: number): (attempt: number) => Program<string> {
  return function* (attempt) {
    log(attempt, "at", yield* now());
    if (attempt < good) throw new SystemError("ECONNREFUSED", "nobody listens");
    return `attempt ${attempt}`;
  };
}

test("the pauses grow by the factor, up to the longest, and the first success is the result", () => {
  const { log, value } = run(function* (log) {
    const options = { times: 6, delay: 10, factor: 3, max: 100, jitter: false };
    return yield* retry(flaky(log, 6), options);
  });
  expect(log).toEqual(["1 at 0", "2 at 10", "3 at 40", "4 at 130", "5 at 230", "6 at 330"]);
  expect(value).toBe("attempt 6");
});

test("after the last attempt the last error is the cause of a RetryError that counts them", () => {
  const { value, log } = run(function* (log) {
    try {
      yield* retry(flaky(log, 9), { jitter: false });
    } catch (error) {
      return error;
    }
  });
  expect(log).toEqual(["1 at 0", "2 at 100", "3 at 300"]);
  expect(value).toBeInstanceOf(RetryError);
  const error = value as RetryError;
  expect(error.message).toBe("failed 3 times; the last time: ECONNREFUSED: nobody listens");
  expect(error.attempts).toBe(3);
  expect(error.cause).toBeInstanceOf(SystemError);
});

test("full jitter: each pause is between 0 and its longest, and the seed says where", () => {
  const pauses = (seed: number) => {
    const { log } = run(
      function* (log) {
        let last = 0;
        const attempt = function* (): Program<never> {
          const time = yield* now();
          log(time - last);
          last = time;
          throw new Error("no");
        };
        yield* messageOf(retry(attempt, { times: 200, delay: 10, factor: 2, max: 1000 }));
      },
      { seed },
    );
    return log.slice(1).map(Number);
  };
  const some = pauses(1);
  expect(pauses(1)).toEqual(some);
  expect(pauses(2)).not.toEqual(some);
  some.forEach((pause, i) => {
    expect(pause).toBeGreaterThanOrEqual(0);
    expect(pause).toBeLessThanOrEqual(Math.min(1000, 10 * 2 ** i));
  });
  const mean = some.reduce((sum, pause) => sum + pause, 0) / some.length;
  expect(mean).toBeGreaterThan(400);
  expect(mean).toBeLessThan(600);
  expect(Math.min(...some.slice(10))).toBeLessThan(100);
});

test("a pause stays a number of milliseconds after a thousand failures", () => {
  const { clock } = run(function* (log) {
    yield* retry(flaky(log, 1500), { times: Infinity, delay: 0, factor: 2 });
    yield* retry(flaky(log, 1500), { times: Infinity, delay: 1, max: 1, jitter: false });
  });
  expect(clock).toBe(1499);
});

test("what `when` refuses is thrown as it is", () => {
  const { log } = run(function* (log) {
    const when = (error: unknown, attempt: number): boolean => {
      log("asked", (error as SystemError).errno, attempt);
      return attempt < 2;
    };
    log(
      yield* messageOf(
        retry(
          flaky(() => {}, 9),
          { when, times: 5 },
        ),
      ),
    );
  });
  expect(log).toEqual([
    "asked ECONNREFUSED 1",
    "asked ECONNREFUSED 2",
    "ECONNREFUSED: nobody listens",
  ]);
});

test("a limit around it ends it, in an attempt and in a pause; a limit in an attempt fails that", () => {
  const { log } = run(function* (log) {
    const slow = function* (attempt: number): Program<void> {
      log(attempt, "at", yield* now());
      yield* timeout(10, sleep(50));
    };
    const options = { times: 3, delay: 10, jitter: false };
    log(yield* messageOf(retry(slow, options)));
    for (const limit of [5, 15]) {
      try {
        yield* timeout(limit, retry(slow, options));
      } catch (error) {
        log(error instanceof TimeoutError && error.limit, "at", yield* now());
      }
    }
  });
  expect(log).toEqual([
    ...["1 at 0", "2 at 20", "3 at 50"],
    "failed 3 times; the last time: it took longer than 10 ms",
    ...["1 at 60", "5 at 65"],
    ...["1 at 65", "15 at 80"],
  ]);
});

test("a kill and an exit are never retried", () => {
  const { log } = run(function* (log) {
    const attempt = function* (n: number): Program<void> {
      log("attempt", n);
      yield* sleep(10);
      yield* exit("left");
    };
    const first = yield* spawn(() => retry(attempt));
    yield* sleep(1);
    yield* kill(first);
    log((yield* wait(first)).kind);
    const second = yield* wait(yield* spawn(() => retry(attempt)));
    log(second.kind, second.kind === "exited" && second.value);
  });
  expect(log).toEqual(["attempt 1", "killed", "attempt 1", "exited left"]);
});

test("a become in an attempt leaves the retry behind", () => {
  const { log, clock } = run(function* (log) {
    const other = function* (): Program<string> {
      return "the other program";
    };
    const attempt = function* (n: number): Program<string> {
      log("attempt", n);
      yield* become(other());
      return "never";
    };
    log(yield* call(retry(attempt)));
  });
  expect(log).toEqual(["attempt 1", "the other program"]);
  expect(clock).toBe(0);
});

test.each(["TERM", "KILL"] as const)("%s at any step ends it there", (signal) => {
  function* program(log: Log): Program<void> {
    const victim = yield* spawn(() => retry(flaky(log, 4), { times: 4 }), { name: "victim" });
    yield* wait(victim);
  }
  const runs = strikeAtEveryStep(program, "victim", signal, ({ log, kernel }) => {
    expect(log.length).toBeLessThanOrEqual(4);
    expect(kernel.timers.length).toBe(0);
  });
  expect(runs).toBeGreaterThan(10);
});

test("bad arguments are EINVAL", () => {
  const { log } = run(function* (log) {
    const make = function* (): Program<void> {};
    const options: RetryOptions[] = [{ times: 0 }, { times: 1.5 }, { delay: -1 }];
    options.push({ factor: 0.5 }, { max: Infinity }, { max: NaN });
    for (const bad of options) log(yield* messageOf(retry(make, bad)));
    log(yield* messageOf(retry(make() as unknown as () => Program<void>)));
    yield* retry(make);
  });
  expect(log).toEqual([
    "EINVAL: retry: times: 0 is no whole number from 1 up, nor Infinity",
    "EINVAL: retry: times: 1.5 is no whole number from 1 up, nor Infinity",
    "EINVAL: retry: delay: -1 is no duration; give milliseconds from 0 up",
    "EINVAL: retry: factor: 0.5 is no number from 1 up",
    "EINVAL: retry: max: Infinity is no duration; give milliseconds from 0 up",
    "EINVAL: retry: max: NaN is no duration; give milliseconds from 0 up",
    "EINVAL: retry: [program] is no maker of programs; give a function that makes one, as a program runs only once",
  ]);
});
