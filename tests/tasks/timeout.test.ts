// Time limits: when they come, where they are thrown, and what they leave behind.

import {
  become,
  Channel,
  exit,
  kill,
  Lock,
  lock,
  now,
  ps,
  sleep,
  sleepUntil,
  spawn,
  unlock,
  wait,
  yieldCpu,
} from "../../syscalls";
import type { Program } from "../../syscalls";
import { deadline, timeout, TimeoutError, type Limit, type Work } from "../../tasks";
import { messageOf, run } from "../helpers/run";

/** The caller's earliest limit, as ps has it. */
function* expires(): Program<number | undefined> {
  return (yield* ps()).find(({ state }) => state === "running")?.expires;
}

test("work that is done in time returns and throws as it would have, and leaves no timer", () => {
  const { log, clock, kernel } = run(function* (log) {
    const program = function* (): Program<string> {
      yield* sleep(5);
      return "value";
    };
    log(yield* timeout(10, program()), yield* timeout(10, program));
    log(yield* timeout(10, sleep(5)), yield* deadline(100, now()));
    log(yield* messageOf(timeout(10, sleep(-1))));
  });
  const text = "-1 is no duration; give milliseconds from 0 up";
  expect(log).toEqual(["value value", "undefined 15", `EINVAL: task 2 "main": sleep(-1): ${text}`]);
  expect(clock).toBe(15);
  expect(kernel.timers.length).toBe(0);
});

test.each<[string, (work: Work<void>) => Program<void>, string, number]>([
  ["timeout", (work) => timeout(10, work), "it took longer than 10 ms", 10],
  ["deadline", (work) => deadline(15, work), "it was not done by 15 ms", 15],
])(
  "when the time is over, %s throws a TimeoutError at the blocking call, and then to its caller",
  (_name, limit, message, value) => {
    const { log, clock } = run(function* (log) {
      yield* sleep(5);
      const work = function* (): Program<void> {
        try {
          yield* sleep(100);
        } catch (error) {
          log("work:", (error as Error).message);
          throw error;
        } finally {
          yield* sleep(20);
          log("clean-up done", yield* now());
        }
      };
      try {
        yield* limit(work());
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
        log(error.name, error.message, error.limit);
      }
    });
    expect(log).toEqual([
      `work: ${message}`,
      "clean-up done 35",
      `TimeoutError ${message} ${value}`,
    ]);
    expect(clock).toBe(35);
  },
);

test("with a fallback it is returned instead, but another's error is thrown all the same", () => {
  const { log } = run(function* (log) {
    log(yield* timeout(10, sleep(100), { fallback: "too late" }));
    log(yield* deadline(20, sleep(100), { fallback: undefined }));
    log(yield* messageOf(timeout(10, timeout(5, sleep(100)), { fallback: "outer" })));
    log(yield* timeout(5, timeout(10, sleep(100), { fallback: "inner" }), { fallback: "outer" }));
  });
  expect(log).toEqual(["too late", "undefined", "it took longer than 5 ms", "outer"]);
});

// curio test_nested_timeout
test("an inner limit that is later than the outer one reports the outer's expiry, at the outer", () => {
  const { log, clock } = run(function* (log) {
    const outer = timeout(10, function* () {
      try {
        yield* timeout(20, sleep(100));
      } catch (error) {
        log("inside:", (error as TimeoutError).limit);
        throw error;
      }
    });
    try {
      yield* outer;
    } catch (error) {
      log("outside:", (error as TimeoutError).limit);
    }
    yield* sleep(50);
  });
  expect(log).toEqual(["inside: 10", "outside: 10"]);
  expect(clock).toBe(60);
});

test("an inner limit that is earlier is its own affair, and the outer one goes on to count", () => {
  const { log } = run(function* (log) {
    const outer = timeout(20, function* () {
      log(yield* messageOf(timeout(10, sleep(100))), yield* now());
      yield* sleep(100);
    });
    log(yield* messageOf(outer), yield* now());
  });
  expect(log).toEqual(["it took longer than 10 ms 10", "it took longer than 20 ms 20"]);
});

test("nested limits with one deadline: the outer one's error, once, and nothing comes after it", () => {
  const { log, clock, kernel } = run(function* (log) {
    const nested = deadline(
      10,
      deadline(10, deadline(10, sleep(100), { fallback: 3 }), { fallback: 2 }),
    );
    log(yield* messageOf(nested));
    yield* sleep(10);
    log("calm");
  });
  expect(log).toEqual(["it was not done by 10 ms", "calm"]);
  expect(clock).toBe(20);
  expect(kernel.timers.length).toBe(0);
});

// curio test_timeout_badness
test("a limit around code that never blocks never fires", () => {
  const { log } = run(function* (log) {
    const busy = function* (): Program<string> {
      for (let i = 0; i < 100; i++) yield* now();
      return "done";
    };
    log(yield* timeout(0, busy()), yield* deadline(-5, busy()));
    yield* sleep(5);
  });
  expect(log).toEqual(["done done"]);
});

test("a time that is over already comes at the first blocking call", () => {
  const { log, clock } = run(function* (log) {
    yield* sleep(5);
    log(yield* messageOf(deadline(1, sleep(10))));
    log(yield* messageOf(timeout(0, sleep(10))));
    log(yield* messageOf(timeout(0, sleep(0))));
  });
  expect(log).toEqual([
    "it was not done by 1 ms",
    "it took longer than 0 ms",
    "it took longer than 0 ms",
  ]);
  expect(clock).toBe(5);
});

// curio test_kernel_multischedule
test("a sleep and a limit that expire in one tick wake the task once, whichever was set first", () => {
  const { log, clock } = run(function* (log) {
    let wakes = 0;
    const work = function* (limit: Limit): Program<string> {
      yield* sleep(10);
      wakes += 1;
      yield* limit.moveTo(Infinity);
      yield* sleep(5);
      wakes += 1;
      return "in time";
    };
    // The limit is older than the sleep: it comes first.
    log(yield* messageOf(timeout(10, work)), wakes);
    // The limit was moved after the sleep had begun: the sleep comes first, and the work is done.
    const moved = timeout(100, function* (limit) {
      yield* spawn(function* () {
        yield* sleep(1);
        yield* limit.moveTo(20);
      });
      yield* sleepUntil(20);
      return "in time";
    });
    log(yield* moved, yield* now());
  });
  expect(log).toEqual(["it took longer than 10 ms 0", "in time 20"]);
  expect(clock).toBe(20);
});

test("work that catches the error and goes on has the last word, and is not interrupted again", () => {
  const { log, clock } = run(function* (log) {
    const stubborn = function* (): Program<string> {
      try {
        yield* sleep(100);
      } catch {
        yield* sleep(50);
      }
      return "late, but done";
    };
    log(yield* timeout(10, stubborn(), { fallback: "never" }));
  });
  expect(log).toEqual(["late, but done"]);
  expect(clock).toBe(60);
});

test("a message that is sent in the tick in which the limit comes stays with its sender", () => {
  const { log } = run(function* (log) {
    const channel = new Channel<string>();
    yield* spawn(function* () {
      yield* sleep(10);
      log("sent", yield* channel.send("message"));
    });
    yield* sleep(0);
    // The sender's timer is older, so it is ready first; but the limit comes before it runs.
    const receiving = timeout(10, function* () {
      const message = yield* channel.receive();
      log("received", message);
      return message;
    });
    log(yield* messageOf(receiving));
    yield* sleep(1);
    log(channel.senders.length, channel.length);
  });
  expect(log).toEqual(["it took longer than 10 ms", "1 0"]);
});

test("a wait that is cut short leaves its queue: the lock goes to the next, the timer is gone", () => {
  const { log, kernel } = run(function* (log) {
    const held = new Lock("door");
    yield* spawn(function* () {
      yield* lock(held);
      yield* sleep(50);
      yield* unlock(held);
    });
    yield* yieldCpu();
    log(yield* messageOf(timeout(10, lock(held))), held.length);
    yield* spawn(function* () {
      yield* lock(held);
      log("next", yield* now());
      yield* unlock(held);
    });
  });
  expect(log).toEqual(["it took longer than 10 ms 0", "next 50"]);
  expect(kernel.timers.length).toBe(0);
});

// curio test_task_cancel_timeout
test("a kill lifts every limit: none comes in the clean-up, but for those it sets itself", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      yield* timeout(20, function* () {
        try {
          yield* timeout(30, sleep(100));
        } finally {
          yield* sleep(100);
          log("cleaned up", yield* now());
          log(yield* messageOf(timeout(5, sleep(10))), yield* now());
        }
      });
    });
    yield* sleep(10);
    yield* kill(pid);
    log((yield* wait(pid)).kind);
  });
  expect(log).toEqual(["cleaned up 110", "it took longer than 5 ms 115", "killed"]);
});

test("a kill in the clean-up after a limit counts", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      yield* timeout(10, function* () {
        try {
          yield* sleep(100);
        } finally {
          yield* sleep(100);
          log("never");
        }
      });
    });
    yield* sleep(20);
    yield* kill(pid);
    log((yield* wait(pid)).kind, yield* now());
  });
  expect(log).toEqual(["killed 20"]);
});

test("exit and become inside it end it: no timer is left, and no fallback is returned", () => {
  const { log, kernel, clock } = run(function* (log) {
    const next = function* (): Program<string> {
      yield* sleep(50);
      return "replaced";
    };
    const ways: (() => Program)[] = [
      () => exit("left") as unknown as Program,
      () => become(next()) as unknown as Program,
    ];
    for (const way of ways) {
      const pid = yield* spawn(() => timeout(10, way, { fallback: "fallback" }));
      const status = yield* wait(pid);
      log(status.kind === "exited" ? status.value : status.kind);
    }
  });
  expect(log).toEqual(["left", "replaced"]);
  expect(kernel.timers.length).toBe(0);
  expect(clock).toBe(50);
});

describe("a limit", () => {
  test("can be moved, lifted and set again by its work", () => {
    const { log } = run(function* (log) {
      const work = function* (limit: Limit): Program<void> {
        for (let i = 0; i < 3; i++) {
          yield* sleep(8);
          yield* limit.moveTo((yield* now()) + 10);
        }
        yield* limit.moveTo(Infinity);
        yield* sleep(1000);
        yield* limit.moveTo(1030);
        yield* sleep(1000);
      };
      log(yield* messageOf(timeout(10, work)), yield* now());
    });
    expect(log).toEqual(["it took longer than 10 ms 1030"]);
  });

  test("can be moved by another task, for the one it limits", () => {
    const { log } = run(function* (log) {
      const work = function* (limit: Limit): Program<void> {
        yield* spawn(function* () {
          yield* sleep(5);
          yield* limit.moveTo(50);
          yield* sleep(100);
          log("the other task is not interrupted");
        });
        yield* sleep(1000);
      };
      log(yield* messageOf(timeout(10, work)), yield* now());
    });
    expect(log).toEqual(["it took longer than 10 ms 50", "the other task is not interrupted"]);
  });

  test("does nothing once its work has ended, or its time was over", () => {
    const { log, clock } = run(function* (log) {
      let kept: Limit | null = null;
      yield* timeout(10, function* (limit) {
        kept = limit;
      });
      yield* (kept as unknown as Limit).moveTo(5);
      yield* sleep(20);
      const work = timeout(10, function* (limit) {
        log(yield* messageOf(timeout(100, sleep(50))), yield* now());
        yield* limit.moveTo(40);
        yield* sleep(50);
        return "not interrupted";
      });
      log(yield* work);
    });
    expect(log).toEqual(["it took longer than 10 ms 30", "not interrupted"]);
    expect(clock).toBe(80);
  });

  // trio test_current_effective_deadline
  test("shows in ps as the earliest of all, as limits are entered, moved and left", () => {
    const { log } = run(function* (log) {
      log(yield* expires());
      yield* deadline(100, function* (outer) {
        log(yield* expires());
        yield* timeout(50, function* () {
          log(yield* expires());
          yield* deadline(80, function* (inner) {
            log(yield* expires());
            yield* inner.moveTo(20);
            log(yield* expires());
            yield* inner.moveTo(Infinity);
            log(yield* expires());
            yield* outer.moveTo(30);
            log(yield* expires());
          });
          log(yield* expires());
          yield* outer.moveTo(Infinity);
        });
        log(yield* expires());
      });
      log(yield* expires());
    });
    expect(log.join(" ")).toBe("undefined 100 50 50 20 50 30 30 undefined undefined");
  });
});

// trio test_timeouts_raise_value_error
test.each<[Program<unknown>, string]>([
  [timeout(-1, now()), "timeout: -1 is no duration; give milliseconds from 0 up"],
  [timeout(NaN, now()), "timeout: NaN is no duration; give milliseconds from 0 up"],
  [timeout("5" as never, now()), 'timeout: "5" is no duration; give milliseconds from 0 up'],
  [deadline(NaN, now()), "deadline: NaN is no time; give milliseconds as now() does"],
  [
    deadline(undefined as never, now()),
    "deadline: undefined is no time; give milliseconds as now() does",
  ],
])(
  "negative and NaN durations are EINVAL, and the work does not begin (%#)",
  (limited, message) => {
    const { log } = run(function* (log) {
      log(yield* messageOf(limited));
    });
    expect(log).toEqual([`EINVAL: ${message}`]);
  },
);

test("a limit that is moved to what is no time is EINVAL, and stays where it was", () => {
  const { log } = run(function* (log) {
    const work = function* (limit: Limit): Program<void> {
      for (const time of [NaN, -Infinity, "5" as never]) {
        const move = function* (): Program<void> {
          yield* limit.moveTo(time);
        };
        log((yield* messageOf(move())).replace(/^.*: /, ""));
      }
      yield* sleep(100);
    };
    log(yield* messageOf(timeout(10, work)), yield* now());
  });
  expect(log).toEqual([
    "NaN is no time; give milliseconds",
    "-Infinity is no time; give milliseconds",
    '"5" is no time; give milliseconds',
    "it took longer than 10 ms 10",
  ]);
});
