// killAndWait: ask, wait for the clean-up, insist.

import { alarm, kill, Killed, now, sigmask, sigwait, sleep, spawn, wait } from "../../syscalls";
import type { ExitStatus, Program } from "../../syscalls";
import { killAndWait, timeout, type KillOptions } from "../../tasks";
import { messageOf, run } from "../helpers/run";

/** A task whose clean-up takes `ms`. */
function* slow(ms: number): Program<string> {
  try {
    yield* sleep(1000);
  } finally {
    yield* sleep(ms);
  }
  return "done";
}

function shown(status: ExitStatus): string {
  return status.kind === "killed" ? `${status.signal}: ${status.reason}` : status.kind;
}

test("it returns the exit status once the child's clean-up is done, however long that takes", () => {
  const { log, clock } = run(function* (log) {
    const pid = yield* spawn(slow(500));
    yield* sleep(1);
    log(shown(yield* killAndWait(pid)), yield* now());
    const other = yield* spawn(slow(5));
    yield* sleep(1);
    log(shown(yield* killAndWait(other, { signal: "INT", reason: "enough", grace: 10 })));
  });
  expect(log).toEqual(["TERM:  501", "INT: enough"]);
  expect(clock).toBe(507);
});

test.each<[KillOptions, string]>([
  [{ grace: 20 }, "KILL: it took longer than 20 ms"],
  [{ grace: 0, reason: "enough" }, "KILL: enough; it took longer than 0 ms"],
])("a clean-up that takes longer than its grace is ended with KILL (%j)", (options, text) => {
  const { log, clock } = run(function* (log) {
    const pid = yield* spawn(slow(500));
    yield* sleep(1);
    log(shown(yield* killAndWait(pid, options)));
  });
  expect(log).toEqual([text]);
  expect(clock).toBe(1 + (options.grace ?? 0));
});

test("a child that will not listen, keeps the signal or is stopped, is ended all the same", () => {
  const { log } = run(function* (log) {
    const deaf = function* (): Program<never> {
      for (;;) {
        try {
          yield* sleep(100);
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
        }
      }
    };
    const keeper = function* (): Program<never> {
      yield* sigmask(["TERM"]);
      for (;;) yield* sigwait(["TERM"]);
    };
    const pids = [yield* spawn(deaf()), yield* spawn(keeper()), yield* spawn(slow(1))];
    yield* sleep(1);
    yield* kill(pids[2]!, "STOP");
    for (const pid of pids) log(shown(yield* killAndWait(pid, { grace: 10 })));
  });
  expect(log).toEqual(Array(3).fill("KILL: it took longer than 10 ms"));
});

test("a child that has ended already, or ends otherwise, has its own status", () => {
  const { log } = run(function* (log) {
    const ended = yield* spawn(sleepThen(0));
    yield* sleep(1);
    log(shown(yield* killAndWait(ended, { grace: 10 })));
    const survivor = yield* spawn(function* () {
      try {
        yield* sleep(1000);
      } catch {
        return "never mind";
      }
      return "";
    });
    yield* sleep(1);
    log(shown(yield* killAndWait(survivor)));
    const broken = yield* spawn(function* () {
      try {
        yield* sleep(1000);
      } finally {
        throw new Error("broken");
      }
    });
    yield* sleep(1);
    log(shown(yield* killAndWait(broken)));
  });
  expect(log).toEqual(["exited", "exited", "crashed"]);
});

function* sleepThen(ms: number): Program<void> {
  yield* sleep(ms);
}

test("it fails as kill and wait do, and for what is no grace before it sends anything", () => {
  const { log } = run(function* (log) {
    const uncle = yield* spawn(slow(0));
    const nephew = yield* spawn(function* () {
      log(yield* messageOf(killAndWait(uncle, { signal: "CHLD" })));
      log(yield* messageOf(killAndWait(99)));
      log(yield* messageOf(killAndWait(1)));
    });
    yield* wait(nephew);
    for (const grace of [-1, NaN]) log(yield* messageOf(killAndWait(uncle, { grace })));
    log(shown(yield* wait(uncle)));
  });
  expect(log).toEqual([
    "ECHILD: task 4: wait(3): task 3 is not its child; only a parent waits",
    'ESRCH: task 4: kill(99, "TERM", ""): task 99 never existed',
    'EPERM: task 4: kill(1, "TERM", ""): init cannot be killed',
    "EINVAL: timeout: -1 is no duration; give milliseconds from 0 up",
    "EINVAL: timeout: NaN is no duration; give milliseconds from 0 up",
    "exited",
  ]);
});

test("a limit around it, or a kill of the caller, ends the waiting and not the child", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(slow(100));
    yield* sleep(1);
    log(yield* messageOf(timeout(10, killAndWait(pid, { grace: 50 }))), yield* now());
    log(shown(yield* wait(pid)), yield* now());
    const impatient = yield* spawn(function* () {
      const child = yield* spawn(slow(100));
      yield* sleep(1);
      yield* alarm(10);
      yield* killAndWait(child);
    });
    log(shown(yield* wait(impatient)));
  });
  expect(log).toEqual(["it took longer than 10 ms 11", "TERM:  101", "ALRM: its alarm"]);
});
