// Signals, masks, alarms, groups and bound children: what interrupts a task, when, and what does not.

import {
  alarm,
  arm,
  disarm,
  exit,
  getpid,
  getppid,
  kill,
  Killed,
  killGroup,
  lock,
  Lock,
  lowerShield,
  now,
  ps,
  raiseShield,
  rearm,
  sigmask,
  sigwait,
  sleep,
  spawn,
  unlock,
  wait,
  yieldCpu,
} from "../../syscalls";
import type { Pid, Program, Signal, SystemCall } from "../../syscalls";
import { shield } from "../../tasks";
import { messageOf, run, type Log } from "../helpers/run";

/** Makes one call, as a program. */
function* make<T>(call: SystemCall<T>): Program<T> {
  return yield* call;
}

/** Sleeps until it is interrupted, and logs by what. */
function* sleeper(log: Log, name: string): Program<void> {
  try {
    yield* sleep(1000);
    log(name, "woke");
  } catch (error) {
    log(name, (error as Error).message);
    throw error;
  }
}

function* stateOf(pid: Pid): Program<string> {
  return (yield* ps()).find((task) => task.pid === pid)?.state ?? "gone";
}

test.each(["TERM", "INT", "USR1", "USR2", "ALRM"] as const)(
  "%s is thrown at the blocking call, and is how the task ended",
  (signal) => {
    const { log } = run(function* (log) {
      const pid = yield* spawn(sleeper(log, "victim"));
      yield* yieldCpu();
      yield* kill(pid, signal, "because");
      const status = yield* wait(pid);
      log(status.kind === "killed" && `${status.signal} ${status.by} ${status.reason}`);
    });
    expect(log).toEqual([
      `victim killed with ${signal} by task 2 "main": because`,
      `${signal} 2 because`,
    ]);
  },
);

test("CHLD does nothing to a task that does not keep it", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(sleeper(log, "calm"));
    yield* yieldCpu();
    yield* kill(pid, "CHLD");
    yield* wait(pid);
  });
  expect(log).toEqual(["calm woke"]);
});

test("the first signal that ends a task counts, whichever comes later", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        yield* sleep(1000);
      } finally {
        yield* sleep(10);
        log("cleaned up");
      }
    });
    yield* sleep(1);
    yield* kill(pid, "INT", "first");
    yield* sleep(1);
    for (const signal of ["TERM", "USR1", "INT"] as const) yield* kill(pid, signal, "later");
    const status = yield* wait(pid);
    log(status.kind === "killed" && `${status.signal} ${status.reason}`);
  });
  expect(log).toEqual(["cleaned up", "INT first"]);
});

test("a signal that an exit came before is no cause of what its clean-up throws", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        yield* kill(yield* getpid());
        yield* exit("as planned");
      } finally {
        throw new Error("in the clean-up");
      }
    });
    const status = yield* wait(pid);
    log(
      status.kind === "crashed" &&
        `${String(status.error)}, ${String((status.error as Error).cause)}`,
    );
  });
  expect(log).toEqual(["Error: in the clean-up, undefined"]);
});

test("Killed tells who sent it, why, and from which line", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        yield* sleep(1000);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        log(error.name, error.signal, error.by, error.sender, error.reason);
        log(/signals\.test\.ts:\d+:\d+/.test(error.from), error.stack?.split("\n").length);
      }
    });
    yield* yieldCpu();
    yield* kill(pid, "TERM", "no more work");
    yield* wait(pid);
  });
  expect(log).toEqual(["Killed TERM 2 main no more work", "true 1"]);
});

describe("STOP and CONT", () => {
  test("a task that is stopped does not run, whatever it gets, until it is told to continue", () => {
    const { log, clock } = run(function* (log) {
      const pid = yield* spawn(sleeper(log, "victim"));
      yield* yieldCpu();
      yield* kill(pid, "STOP");
      yield* sleep(2000);
      log("asleep and due:", yield* stateOf(pid));
      yield* kill(pid, "CONT");
      yield* wait(pid);
    });
    expect(log).toEqual(["asleep and due: stopped", "victim woke"]);
    expect(clock).toBe(2000);
  });

  test("STOP of the caller itself takes effect at once; STOP twice needs one CONT", () => {
    const { log } = run(function* (log) {
      const pid = yield* spawn(function* () {
        log("stops");
        yield* kill(yield* getpid(), "STOP");
        log("goes on");
      });
      yield* sleep(1);
      yield* kill(pid, "STOP");
      log("meanwhile");
      yield* kill(pid, "CONT");
      yield* kill(pid, "CONT");
      yield* wait(pid);
    });
    expect(log).toEqual(["stops", "meanwhile", "goes on"]);
  });

  test("TERM waits for CONT, KILL does not", () => {
    const { log } = run(function* (log) {
      for (const signal of ["TERM", "KILL"] as const) {
        const pid = yield* spawn(sleeper(log, signal));
        yield* yieldCpu();
        yield* kill(pid, "STOP");
        yield* kill(pid, signal);
        yield* sleep(1);
        log(signal, yield* stateOf(pid));
        yield* kill(pid, "CONT");
        log((yield* wait(pid)).kind);
      }
    });
    expect(log).toEqual([
      "TERM stopped",
      'TERM killed with TERM by task 2 "main"',
      "killed",
      "KILL zombie",
      "killed",
    ]);
  });

  test("a task that is stopped while ready, yielding or given a lock keeps what it was given", () => {
    const { log } = run(function* (log) {
      const mutex = new Lock("mutex");
      yield* lock(mutex);
      const pid = yield* spawn(function* () {
        yield* lock(mutex);
        log("has it");
        yield* yieldCpu();
        log("ends");
      });
      yield* sleep(1);
      yield* kill(pid, "STOP");
      yield* unlock(mutex);
      yield* sleep(1);
      log((yield* ps()).find((task) => task.pid === pid)?.locks, yield* stateOf(pid));
      yield* kill(pid, "CONT");
      yield* kill(pid, "STOP");
      yield* sleep(1);
      log(yield* stateOf(pid));
      yield* kill(pid, "CONT");
      yield* wait(pid);
    });
    expect(log).toEqual(["mutex stopped", "has it", "stopped", "ends"]);
  });

  test("a system that stands still because all are stopped is told to end", () => {
    const { log, status } = run(function* (log) {
      try {
        yield* kill(yield* getpid(), "STOP");
        yield* sleep(1);
      } finally {
        log("cleaned up");
      }
    });
    expect(log).toEqual(["cleaned up"]);
    expect(status).toMatchObject({ kind: "killed", signal: "TERM", reason: "deadlock" });
  });
});

describe("sigmask and sigwait", () => {
  test("a kept signal neither ends its task nor interrupts it; sigwait takes it, with its sender", () => {
    const { log } = run(function* (log) {
      const pid = yield* spawn(function* () {
        log("kept so far:", yield* sigmask(["USR1", "TERM"]));
        yield* sleep(10);
        const info = yield* sigwait(["USR1", "TERM"]);
        log(Object.values({ ...info, from: info.from.includes("signals.test.ts") }));
        log(yield* sigmask([]));
      });
      yield* sleep(1);
      yield* kill(pid, "TERM", "please");
      log((yield* wait(pid)).kind);
    });
    expect(log).toEqual(["kept so far: ", "TERM,2,main,please,true", "USR1,TERM", "exited"]);
  });

  test("sigwait blocks until one of those it wants comes, and leaves the others kept", () => {
    const { log, clock } = run(function* (log) {
      const pid = yield* spawn(function* () {
        yield* sigmask(["USR1", "USR2", "INT"]);
        for (const wanted of [["USR2", "INT"], ["USR1"]] as const) {
          log((yield* sigwait(wanted)).signal, yield* now());
        }
      });
      for (const signal of ["USR1", "INT"] as const) {
        yield* sleep(5);
        yield* kill(pid, signal);
      }
      yield* wait(pid);
    });
    expect(log).toEqual(["INT 10", "USR1 10"]);
    expect(clock).toBe(10);
  });

  test("one of each kind is remembered, the oldest first", () => {
    const { log } = run(function* (log) {
      const pid = yield* spawn(function* () {
        yield* sigmask(["USR1", "USR2"]);
        yield* sleep(10);
        for (let i = 0; i < 2; i++) {
          const { signal, reason } = yield* sigwait(["USR1", "USR2"]);
          log(signal, reason);
        }
        log((yield* sigwait(["USR1"])).reason);
      });
      yield* sleep(1);
      yield* kill(pid, "USR2", "a");
      for (const reason of ["b", "c"]) yield* kill(pid, "USR1", reason);
      yield* sleep(20);
      yield* kill(pid, "USR1", "d");
      yield* wait(pid);
    });
    expect(log).toEqual(["USR2 a", "USR1 b", "d"]);
  });

  test("a signal that is no longer kept comes through then, and still tells who sent it", () => {
    const { log } = run(function* (log) {
      const pid = yield* spawn(function* () {
        yield* sigmask(["TERM", "CHLD"]);
        yield* sleep(10);
        yield* sigmask([]);
        log("not yet: that call does not block");
        yield* sleep(10);
        log("never");
      });
      yield* sleep(1);
      const sender = yield* spawn(
        function* () {
          yield* kill(pid, "TERM", "kept");
          yield* kill(pid, "CHLD");
        },
        { name: "sender" },
      );
      yield* wait(sender);
      const status = yield* wait(pid);
      log(status.kind === "killed" && status.cause.message);
      log(status.kind === "killed" && status.cause.from.includes("signals.test.ts"));
    });
    expect(log).toEqual([
      "not yet: that call does not block",
      'killed with TERM by task 4 "sender": kept',
      "true",
    ]);
  });

  test("KILL cannot be kept, nor can children keep what their parent keeps", () => {
    const { log } = run(function* (log) {
      yield* sigmask(["TERM"]);
      const pid = yield* spawn(sleeper(log, "child"));
      yield* yieldCpu();
      yield* kill(pid, "TERM");
      log((yield* wait(pid)).kind);
    });
    expect(log).toEqual(['child killed with TERM by task 2 "main"', "killed"]);
  });

  test("CHLD tells that a child has ended, one for several", () => {
    const { log } = run(function* (log) {
      yield* sigmask(["CHLD"]);
      for (const end of [1, 1, 1]) yield* spawn(make(sleep(end)), { name: "child" });
      const { signal, by, sender, reason } = yield* sigwait(["CHLD"]);
      log(signal, by, sender, reason);
      yield* sleep(5);
      log((yield* sigwait(["CHLD"])).by);
      for (let i = 0; i < 3; i++) log((yield* wait()).pid);
      yield* spawn(function* () {
        throw new Error("on purpose");
      });
      log((yield* sigwait(["CHLD"])).reason);
      yield* wait();
    });
    expect(log).toEqual(["CHLD 3 child it exited", "4", "3", "4", "5", "it crashed"]);
  });

  test("a task killed in its sigwait leaves it", () => {
    const { log, kernel } = run(function* (log) {
      const pid = yield* spawn(function* () {
        yield* sigmask(["USR1"]);
        yield* sigwait(["USR1"]);
      });
      yield* sleep(1);
      yield* kill(pid);
      log((yield* wait(pid)).kind);
    });
    expect(log).toEqual(["killed"]);
    expect(kernel.sigwaiters.length).toBe(0);
  });

  const all = "TERM, KILL, INT, STOP, CONT, CHLD, USR1, USR2, ALRM";
  test.each<[() => SystemCall<unknown>, string]>([
    [() => sigmask("USR1" as never), '("USR1"): "USR1" is no array of signals, such as ["USR1"]'],
    [() => sigmask(["HUP" as Signal]), `(["HUP"]): "HUP" is no signal; there are ${all}`],
    [() => sigmask(["KILL"]), '(["KILL"]): KILL cannot be kept'],
    [() => sigmask(["USR1", "STOP"]), '(["USR1", "STOP"]): STOP cannot be kept'],
    [() => sigmask(["CONT"]), '(["CONT"]): CONT cannot be kept'],
    [() => sigwait(["USR1"]), '(["USR1"]): it does not keep USR1; call sigmask(["USR1"]) before'],
    [
      () => sigwait(["USR1", "INT"]),
      '(["USR1", "INT"]): it does not keep USR1, INT; call sigmask(["USR1", "INT"]) before',
    ],
    [() => sigwait([]), '([]): it waits for no signal; name one: sigwait(["USR1"])'],
    [() => sigwait(5 as never), '(5): 5 is no array of signals, such as ["USR1"]'],
    [() => sigwait(["KILL"]), '(["KILL"]): KILL cannot be kept'],
  ])("%s is EINVAL", (call, message) => {
    const { log } = run(function* (log) {
      log(yield* messageOf(make(call())));
    });
    expect(log).toEqual([`EINVAL: task 2 "main": ${call().name}${message}`]);
  });
});

describe("alarm", () => {
  test("sends ALRM after the duration; a second one takes the place of the first", () => {
    const { log, clock, status } = run(function* (log) {
      log(yield* alarm(100));
      yield* sleep(30);
      log(yield* alarm(5));
      yield* sleeper(log, "main");
    });
    expect(log).toEqual(["0", "70", 'main killed with ALRM by task 2 "main": its alarm']);
    expect(clock).toBe(35);
    expect(status).toMatchObject({ kind: "killed", signal: "ALRM", by: 2 });
  });

  test("alarm(0) only takes the alarm back, and tells how long it had to go", () => {
    const { log, clock, kernel } = run(function* (log) {
      yield* alarm(100);
      yield* sleep(30);
      log(yield* alarm(0), yield* alarm(0));
      log(yield* alarm(Infinity), yield* alarm(0));
      yield* sleep(100);
    });
    expect(log).toEqual(["70 0", "0 Infinity"]);
    expect(clock).toBe(130);
    expect(kernel.timers.length).toBe(0);
  });

  test("a kept ALRM is a timer for sigwait, and can be set again and again", () => {
    const { log } = run(function* (log) {
      yield* sigmask(["ALRM"]);
      for (let i = 0; i < 3; i++) {
        yield* alarm(10);
        const { signal, by, reason } = yield* sigwait(["ALRM"]);
        log(signal, by, reason, yield* now());
      }
    });
    expect(log).toEqual(["ALRM 2 its alarm 10", "ALRM 2 its alarm 20", "ALRM 2 its alarm 30"]);
  });

  test("an alarm ends with its task, and with what else kills that", () => {
    const { clock, kernel } = run(function* () {
      const pid = yield* spawn(function* () {
        yield* alarm(1000);
        try {
          yield* sleep(10_000);
        } finally {
          yield* sleep(5000);
        }
      });
      yield* spawn(make(alarm(9000)));
      yield* sleep(10);
      yield* kill(pid);
      yield* wait(pid);
    });
    expect(clock).toBe(5010);
    expect(kernel.timers.length).toBe(0);
  });

  test.each([-1, NaN, "5" as never, undefined as never])("alarm(%p) is EINVAL", (duration) => {
    const { log } = run(function* (log) {
      log(yield* messageOf(make(alarm(duration))));
    });
    const shown = typeof duration === "string" ? '"5"' : String(duration);
    const call = duration === undefined ? "alarm()" : `alarm(${shown})`;
    expect(log).toEqual([`EINVAL: task 2 "main": ${call}: ${shown} is no time; give milliseconds`]);
  });
});

describe("arm, rearm and disarm", () => {
  const late = new Error("late");

  test("the error is thrown at the blocking call, or at the next one, and once", () => {
    const { log, clock } = run(function* (log) {
      yield* arm(10, late);
      log(yield* messageOf(sleeper(() => {}, "")), yield* now());
      yield* sleep(50);
      log(yield* now());
      yield* arm(0, late);
      yield* getpid();
      log("a call that does not block is not interrupted");
      log(yield* messageOf(make(sleep(5))));
    });
    expect(log).toEqual(["late 10", "60", "a call that does not block is not interrupted", "late"]);
    expect(clock).toBe(60);
  });

  test("an alarm that is disarmed never comes, even when its time had come", () => {
    const { log, clock } = run(function* (log) {
      const early = yield* arm(10, late);
      yield* sleepUnder(yield* arm(5, late), log);
      yield* disarm(early);
      yield* disarm(early);
      yield* sleep(20);
    });
    expect(log).toEqual(["late", "its time had come"]);
    expect(clock).toBe(35);
  });

  /** Is interrupted, and lets the time of the next alarm come while it is shielded. */
  function* sleepUnder(_alarm: unknown, log: Log): Program<void> {
    log(yield* messageOf(make(sleep(100))));
    yield* shield(sleep(10));
    log("its time had come");
  }

  test("an alarm that is moved comes at its new time, also if another task moved it", () => {
    const { log, clock, kernel } = run(function* (log) {
      const alarm = yield* arm(10, late);
      yield* spawn(function* () {
        yield* sleep(5);
        yield* rearm(alarm, 50);
      });
      log(yield* messageOf(make(sleep(100))), yield* now());
      yield* rearm(alarm, 60);
      log("thrown, so it stays so");
      yield* sleep(20);
      const other = yield* arm(80, late);
      yield* rearm(other, Infinity);
      yield* sleep(30);
      yield* disarm(other);
      yield* rearm(other, 110);
      yield* sleep(30);
    });
    expect(log).toEqual(["late 50", "thrown, so it stays so"]);
    expect(clock).toBe(130);
    expect(kernel.timers.length).toBe(0);
  });

  test("an alarm of a task that has ended is nobody's", () => {
    const { clock, kernel } = run(function* () {
      const alarms: Parameters<typeof rearm>[0][] = [];
      const pid = yield* spawn(function* () {
        alarms.push(yield* arm(100, late));
      });
      yield* wait(pid);
      yield* rearm(alarms[0]!, 200);
      yield* disarm(alarms[0]!);
    });
    expect(clock).toBe(0);
    expect(kernel.timers.length).toBe(0);
  });

  test("a signal that ends the task disarms its alarms; those its clean-up sets count", () => {
    const { log } = run(function* (log) {
      const pid = yield* spawn(function* () {
        yield* arm(20, late);
        try {
          yield* sleep(100);
        } finally {
          yield* sleep(50);
          log("not interrupted", yield* now());
          yield* arm(65, late);
          log(yield* messageOf(make(sleep(100))), yield* now());
        }
      });
      yield* sleep(10);
      yield* kill(pid);
      log((yield* wait(pid)).kind);
    });
    expect(log).toEqual(["not interrupted 60", "late 65", "killed"]);
  });

  const nothing = {} as never;
  test.each<[() => SystemCall<unknown>, string]>([
    [() => arm(NaN, late), "(NaN, Error: late): NaN is no time; give milliseconds"],
    [
      () => arm(-Infinity, late),
      "(-Infinity, Error: late): -Infinity is no time; give milliseconds",
    ],
    [() => arm("5" as never, late), '("5", Error: late): "5" is no time; give milliseconds'],
    [() => arm(5, null), '(5, null): give an error to throw, such as new Error("late")'],
    [() => arm(5, undefined), '(5): give an error to throw, such as new Error("late")'],
    [() => disarm(nothing), "({}): {} is no alarm; arm() makes one"],
    [() => rearm(nothing, 5), "({}, 5): {} is no alarm; arm() makes one"],
    [() => rearm(nothing, NaN), "({}, NaN): NaN is no time; give milliseconds"],
  ])("%s is EINVAL", (call, message) => {
    const { log } = run(function* (log) {
      log(yield* messageOf(make(call())));
    });
    expect(log).toEqual([`EINVAL: task 2 "main": ${call().name}${message}`]);
  });
});

test("a shield that was not put up cannot be taken away", () => {
  const { log } = run(function* (log) {
    yield* raiseShield();
    yield* lowerShield();
    log(yield* messageOf(make(lowerShield())));
  });
  const text = "it has no shield to take away";
  expect(log).toEqual([`EPERM: task 2 "main": lowerShield(): ${text}`]);
});

describe("process groups", () => {
  /** A leader with a child that has a child. All of them clean up. */
  function* family(log: Log): Program<void> {
    const member = function* (name: string, below?: () => Program<void>): Program<void> {
      try {
        if (below !== undefined) yield* spawn(below());
        yield* sleep(1000);
      } finally {
        log(name);
      }
    };
    yield* member("leader", () => member("child", () => member("grandchild")));
  }

  test("a signal to a group reaches all that its leader started, the youngest first", () => {
    const { log, clock } = run(function* (log) {
      const group = yield* spawn(family(log), { group: true });
      yield* sleep(1);
      log((yield* ps()).map((task) => task.group).join(" "));
      yield* killGroup(group, "TERM", "all of you");
      const status = yield* wait(group);
      log(status.kind === "killed" && status.reason);
    });
    expect(log).toEqual(["1 1 3 3 3", "grandchild", "child", "leader", "all of you"]);
    expect(clock).toBe(1);
  });

  test("those that began a group of their own are not in it", () => {
    const { log } = run(function* (log) {
      const group = yield* spawn(
        function* () {
          yield* spawn(sleeper(log, "apart"), { group: true });
          yield* sleep(1000);
        },
        { group: true },
      );
      yield* sleep(1);
      yield* killGroup(group);
      yield* wait(group);
      log("gone");
    });
    expect(log).toEqual(["gone", "apart woke"]);
  });

  test("a group outlives its leader", () => {
    const { log } = run(function* (log) {
      const group = yield* spawn(
        function* () {
          yield* spawn(sleeper(log, "orphan"));
        },
        { group: true },
      );
      yield* wait(group);
      yield* killGroup(group, "INT");
      yield* sleep(1);
      log(yield* messageOf(make(killGroup(group))));
    });
    expect(log).toEqual([
      'orphan killed with INT by task 2 "main"',
      'ESRCH: task 2 "main": killGroup(3): no task is in the process group 3',
    ]);
  });

  test.each(["TERM", "KILL"] as const)(
    "killGroup of one's own group with %s reaches the caller, too",
    (signal) => {
      const { log } = run(function* (log) {
        const leader = yield* spawn(
          function* () {
            for (const name of ["older", "younger"]) yield* spawn(sleeper(log, name));
            yield* sleep(1);
            try {
              yield* killGroup(yield* getpid(), signal);
              log("still here");
              yield* sleep(1);
              log("never");
            } finally {
              log("cleaned up");
            }
          },
          { group: true, name: "leader" },
        );
        log((yield* wait(leader)).kind);
        yield* sleep(1);
        log((yield* ps()).length);
      });
      const by = 'killed with TERM by task 3 "leader"';
      const gentle = ["still here", `younger ${by}`, `older ${by}`, "cleaned up"];
      expect(log.slice().sort()).toEqual(
        [...(signal === "TERM" ? gentle : []), "killed", "2"].sort(),
      );
    },
  );

  test("STOP and CONT work on groups, too", () => {
    const { log, clock } = run(function* (log) {
      const group = yield* spawn(
        function* () {
          yield* spawn(sleeper(log, "child"));
          yield* sleeper(log, "leader");
        },
        { group: true },
      );
      yield* sleep(1);
      yield* killGroup(group, "STOP");
      yield* sleep(5000);
      log("stopped");
      yield* killGroup(group, "CONT");
      yield* wait(group);
    });
    expect(log).toEqual(["stopped", "child woke", "leader woke"]);
    expect(clock).toBe(5001);
  });

  test.each<[() => SystemCall<unknown>, string]>([
    [() => killGroup(1), "EPERM: 1: init cannot be killed"],
    [() => killGroup(99), "ESRCH: 99: no task is in the process group 99"],
    [() => killGroup(2), "ESRCH: 2: no task is in the process group 2"],
    [() => killGroup("x" as never), 'ESRCH: "x": no task is in the process group "x"'],
    [
      () => killGroup(1, "HUP" as Signal),
      'EINVAL: 1, "HUP": "HUP" is no signal; there are TERM, KILL, INT, STOP, CONT, CHLD, USR1, USR2, ALRM',
    ],
  ])("%s fails", (call, message) => {
    const { log } = run(function* (log) {
      log(yield* messageOf(make(call())));
    });
    const [errno, args, ...why] = message.split(": ");
    expect(log).toEqual([`${errno}: task 2 "main": killGroup(${args}): ${why.join(": ")}`]);
  });
});

describe("bound children", () => {
  test("are sent TERM by the system when their parent ends, in whatever way", () => {
    for (const end of ["return", "throw", "TERM", "KILL"]) {
      const { log } = run(function* (log) {
        const parent = yield* spawn(
          function* () {
            yield* spawn(sleeper(log, "bound"), { bound: true });
            yield* spawn(sleeper(log, "free"));
            yield* sleep(1);
            if (end === "throw") throw new Error("on purpose");
            if (end !== "return") yield* sleep(1000);
          },
          { name: "parent" },
        );
        yield* sleep(2);
        if (end === "TERM" || end === "KILL") yield* kill(parent, end);
        yield* wait(parent);
        yield* sleep(1);
        log("then");
      });
      expect(log).toEqual([
        'bound killed with TERM by the system: task 3 "parent", to whom it was bound, has ended',
        "then",
        "free woke",
      ]);
    }
  });

  test("of a bound child follow it in turn, each after its parent's clean-up", () => {
    const { log, clock } = run(function* (log) {
      const nest = function* (depth: number): Program<void> {
        try {
          if (depth < 3) yield* spawn(nest(depth + 1), { bound: true, name: `depth ${depth + 1}` });
          yield* sleep(1000);
        } finally {
          yield* sleep(10);
          log("depth", depth, yield* now(), yield* getppid());
        }
      };
      const pid = yield* spawn(nest(1), { name: "depth 1" });
      yield* sleep(1);
      yield* kill(pid);
      yield* wait(pid);
    });
    expect(log).toEqual(["depth 1 11 2", "depth 2 21 1", "depth 3 31 1"]);
    expect(clock).toBe(31);
  });

  test("that have ended, or keep TERM, are no trouble", () => {
    const { log } = run(function* (log) {
      const parent = yield* spawn(function* () {
        yield* spawn(make(getpid()), { bound: true });
        yield* spawn(
          function* () {
            yield* sigmask(["TERM"]);
            const { by, reason } = yield* sigwait(["TERM"]);
            log(by, reason);
          },
          { bound: true },
        );
        yield* sleep(1);
      });
      yield* wait(parent);
    });
    expect(log).toEqual(["0 task 3, to whom it was bound, has ended"]);
  });
});
