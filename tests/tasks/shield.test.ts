// Shielded sections.

import {
  alarm,
  become,
  call,
  exit,
  getpid,
  kill,
  Killed,
  now,
  sigmask,
  sigwait,
  sleep,
  spawn,
  wait,
  yieldCpu,
} from "../../syscalls";
import type { Program } from "../../syscalls";
import { shield, timeout, TimeoutError } from "../../tasks";
import { messageOf, run, type Log } from "../helpers/run";

function* nap(log: Log, ms: number, text: string): Program<string> {
  yield* sleep(ms);
  log(text, yield* now());
  return text;
}

// curio test_task_cancel_poll
test("the kill arrives after the section, at the next blocking call; shields nest", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        yield* shield(
          (function* () {
            yield* shield(nap(log, 10, "inner"));
            yield* nap(log, 10, "success");
          })(),
        );
        log("after the section");
        yield* getpid();
        log("still no blocking call");
        yield* sleep(10);
        log("never");
      } catch (error) {
        log(error instanceof Killed && `cancelled: ${error.reason}`);
        throw error;
      }
    });
    yield* sleep(5);
    yield* kill(pid, "TERM", "enough");
    log((yield* wait(pid)).kind);
    log("done");
  });
  expect(log).toEqual([
    "inner 10",
    "success 20",
    "after the section",
    "still no blocking call",
    "cancelled: enough",
    "killed",
    "done",
  ]);
});

// trio test_failed_abort
test("a wait that cannot be undone finishes first, then the kill arrives", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        log("sleep");
        yield* shield(sleep(10));
        log("woke");
        yield* yieldCpu();
        log("never");
      } finally {
        log("cancelled");
      }
    });
    yield* sleep(1);
    yield* kill(pid);
    yield* wait(pid);
  });
  expect(log).toEqual(["sleep", "woke", "cancelled"]);
});

test("it returns and throws as its work does, be that a program or a system call", () => {
  const { log } = run(function* (log) {
    log(yield* shield(nap(log, 1, "value")));
    log(yield* shield(getpid()));
    log(yield* messageOf(shield(sleep(-1))));
    log(
      yield* messageOf(
        shield(
          (function* () {
            throw new Error("mine");
          })(),
        ),
      ),
    );
  });
  const text = "-1 is no duration; give milliseconds from 0 up";
  expect(log).toEqual([
    "value 1",
    "value",
    "2",
    `EINVAL: task 2 "main": sleep(-1): ${text}`,
    "mine",
  ]);
});

test("a shield comes down however its work ends, so the next kill is not held off", () => {
  const { log } = run(function* (log) {
    const works: (() => Program<unknown>)[] = [
      () => nap(() => {}, 1, ""),
      () => messageOf(shield(sleep(-1))),
      () => call(shield(nap(() => {}, 1, ""))) as unknown as Program<unknown>,
    ];
    for (const work of works) {
      const pid = yield* spawn(function* () {
        yield* shield(work());
        yield* sleep(1000);
      });
      yield* sleep(10);
      yield* kill(pid);
      log((yield* wait(pid)).kind, yield* now());
    }
  });
  expect(log).toEqual(["killed 10", "killed 20", "killed 30"]);
});

test("KILL and STOP do not wait for it", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      yield* shield(nap(log, 10, "section"));
      log("never");
      yield* sleep(10);
    });
    yield* sleep(5);
    yield* kill(pid, "STOP");
    yield* sleep(10);
    log("nothing yet");
    yield* kill(pid, "CONT");
    yield* sleep(0);
    yield* kill(pid, "KILL");
    log((yield* wait(pid)).kind);
  });
  expect(log).toEqual(["nothing yet", "section 15", "never", "killed"]);
});

test("a time limit set outside waits for its end; one set inside still counts", () => {
  const { log, clock } = run(function* (log) {
    const outside = timeout(10, function* () {
      yield* shield(nap(log, 50, "not interrupted"));
      yield* sleep(100);
    });
    log(yield* messageOf(outside), yield* now());
    log(yield* messageOf(shield(timeout(10, sleep(50)))), yield* now());
  });
  expect(log).toEqual([
    "not interrupted 50",
    "it took longer than 10 ms 50",
    "it took longer than 10 ms 60",
  ]);
  expect(clock).toBe(60);
});

test("a limit set inside and an outer one that are both due: the inner one inside, the outer one after", () => {
  const { log } = run(function* (log) {
    const work = timeout(10, function* () {
      log(yield* messageOf(shield(timeout(20, sleep(50)))), yield* now());
      yield* sleep(50);
    });
    log(yield* messageOf(work), yield* now());
  });
  expect(log).toEqual(["it took longer than 20 ms 20", "it took longer than 10 ms 20"]);
});

test("a limit that is moved from under a shield is still one of outside it", () => {
  const { log } = run(function* (log) {
    const work = timeout(1000, function* (limit) {
      yield* shield(
        (function* () {
          yield* limit.moveTo(5);
          yield* nap(log, 20, "not interrupted");
        })(),
      );
      yield* sleep(100);
    });
    log(yield* messageOf(work), yield* now());
  });
  expect(log).toEqual(["not interrupted 20", "it took longer than 1000 ms 20"]);
});

test("an alarm of before waits, and a kept signal is kept", () => {
  const { log } = run(function* (log) {
    yield* sigmask(["USR1"]);
    const me = yield* getpid();
    yield* spawn(function* () {
      yield* sleep(2);
      yield* kill(me, "USR1");
    });
    yield* alarm(5);
    log((yield* shield(sigwait(["USR1"]))).signal);
    yield* shield(nap(log, 20, "not interrupted"));
    yield* sleep(1);
  });
  expect(log).toEqual(["USR1", "not interrupted 22"]);
});

test("exit and become leave it behind", () => {
  const { log } = run(function* (log) {
    const ways: (() => Program<unknown>)[] = [
      () => exit("done") as unknown as Program,
      () => become(nap(log, 10, "replaced")) as unknown as Program,
    ];
    for (const way of ways) {
      const pid = yield* spawn(function* () {
        yield* shield(way());
      });
      yield* sleep(1);
      yield* kill(pid);
      const status = yield* wait(pid);
      log(status.kind, status.kind === "exited" && status.value);
    }
  });
  // The second is killed in its new program, which no shield protects.
  expect(log).toEqual(["exited done", "killed false"]);
});

test("in a clean-up it keeps a limit around the clean-up off", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        yield* sleep(1000);
      } finally {
        try {
          yield* timeout(5, shield(nap(log, 20, "flushed")));
          yield* sleep(0);
        } catch (error) {
          log(error instanceof TimeoutError);
        }
      }
    });
    yield* sleep(1);
    yield* kill(pid);
    log((yield* wait(pid)).kind);
  });
  expect(log).toEqual(["flushed 21", "killed"]);
});
