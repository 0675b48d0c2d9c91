// Groups: what begins together ends together, and no error is lost.

import { simulate } from "../../boot";
import { kill as send } from "../../kernel";
import {
  TaskLocal,
  decode,
  exit,
  getpid,
  kill,
  Killed,
  park,
  pipe,
  read,
  write,
  ps,
  sleep,
  spawn,
  wait,
  waitQueue,
} from "../../syscalls";
import { yieldCpu } from "../../syscalls";
import type { ExitStatus, Pid, Program } from "../../syscalls";
import { all, ChildError, group, map, race, shield, timeout } from "../../tasks";
import type { Child, Group } from "../../tasks";
import { messageOf, run, type Log } from "../helpers/run";
import { strikeAtEveryStep } from "../helpers/strike";

/** Works for `ms`, then returns `name` or throws `error`; logs the end of its clean-up. */
function* worker(log: Log, name: string, ms: number, error?: unknown): Program<string> {
  try {
    yield* sleep(ms);
    if (error !== undefined) throw error;
    return name;
  } finally {
    log(name, "ended");
  }
}

/** Waits until it is stopped; its clean-up takes `ms`. */
function* waiter(log: Log, name: string, ms = 0): Program<void> {
  try {
    yield* park(waitQueue("for ever"));
  } catch (error) {
    if (ms > 0) yield* sleep(ms);
    log(name, error instanceof Killed ? error.reason : "?");
    throw error;
  }
}

/** What `attempt` throws. */
function* thrownBy(attempt: Program<unknown>): Program<unknown> {
  try {
    yield* attempt;
  } catch (error) {
    return error;
  }
  return undefined;
}

test("a group returns what its body returned, when the body and all its tasks have ended", () => {
  const { log, clock } = run(function* (log) {
    const value = yield* group(function* (g) {
      yield* g.spawn(worker(log, "a", 20));
      yield* g.spawn(worker(log, "b", 10));
      log("body ended");
      return 42;
    });
    log(value, (yield* ps()).length);
  });
  expect(log).toEqual(["body ended", "b ended", "a ended", "42 2"]);
  expect(clock).toBe(20);
});

test("join waits for a task of the group and returns its value, also after its end", () => {
  const { log } = run(function* (log) {
    yield* group(function* (g) {
      const child = yield* g.spawn(worker(log, "a", 20), { name: "a" });
      yield* g.spawn(function* () {
        log("another", yield* child.join());
      });
      log("body", yield* child.join());
      log("again", yield* child.join(), child.status?.kind);
    });
  });
  expect(log).toEqual(["a ended", "another a", "body a", "again a exited"]);
});

test("a task that joins itself gets EDEADLK", () => {
  const { log } = run(function* (log) {
    yield* group(function* (g) {
      const child = yield* g.spawn(function* (): Program<void> {
        yield* yieldCpu();
        log(yield* messageOf(child.join()));
      });
    });
  });
  expect(log[0]).toMatch(/^EDEADLK: .*it would wait for itself/);
});

// curio test_task_group_error
test("a group whose child crashes kills the others, waits for their clean-up, and throws the crash", () => {
  const error = new Error("boom");
  const { log, clock } = run(function* (log) {
    const thrown = yield* thrownBy(
      group(function* (g) {
        yield* g.spawn(worker(log, "a", 10, error), { name: "a" });
        yield* g.spawn(waiter(log, "b", 7), { name: "b" });
        yield* waiter(log, "body");
      }),
    );
    log(thrown === error, error.stack?.includes("group.test"), (yield* ps()).length);
  });
  const reason = 'task 5 "a" crashed: Error: boom';
  expect(log).toEqual(["a ended", `body ${reason}`, `b ${reason}`, "true true 2"]);
  expect(clock).toBe(17);
});

// trio test_two_child_crashes
test("of two children that crash both errors are thrown, the first one first", () => {
  const [first, second] = [new Error("1"), new Error("2")];
  const { value } = run(function* (log) {
    return (yield* thrownBy(
      group(function* (g) {
        yield* g.spawn(worker(log, "b", 10, second), { name: "b" });
        yield* g.spawn(worker(log, "a", 5, first), { name: "a" });
        // Is in its clean-up when the other crashes.
        yield* g.spawn(waiter(log, "c", 20));
        try {
          yield* sleep(100);
        } catch {
          throw second;
        }
      }),
    )) as AggregateError;
  });
  expect(value).toBeInstanceOf(AggregateError);
  expect(value.errors).toEqual([first, second]);
  expect(value.message).toMatch(/^2 tasks failed: task 6 "a" crashed: Error: 1; task \d "/);
});

test("a body that throws stops its tasks, and what it threw comes out", () => {
  const { log } = run(function* (log) {
    log(
      yield* messageOf(
        group(function* crawl(g) {
          yield* g.spawn(waiter(log, "a"));
          yield* sleep(5);
          throw new Error("no more");
        }),
      ),
    );
  });
  expect(log).toEqual(['a task 4 "crawl" crashed: Error: no more', "no more"]);
});

test("an error that several tasks passed on is one failure", () => {
  const error = new Error("shared");
  const { value } = run(function* (log) {
    return yield* thrownBy(
      group(function* (g) {
        yield* g.spawn(worker(log, "a", 5, error));
        yield* g.spawn(worker(log, "b", 5, error));
      }),
    );
  });
  expect(value).toBe(error);
});

test("what is thrown need not be an Error", () => {
  const { value } = run(function* (log) {
    return yield* thrownBy(all([worker(log, "a", 5, "text"), worker(log, "b", 9)]));
  });
  expect(value).toBe("text");
});

test("the message for many failures names the first five tasks and counts the rest", () => {
  const { value } = simulate(function* () {
    return yield* messageOf(
      group(function* (g) {
        for (let i = 0; i < 1000; i++) {
          yield* g.spawn(
            worker(() => {}, "x", 5, new Error(`no ${i}`)),
            { name: "w" },
          );
        }
      }),
    );
  });
  expect(value).toMatch(/^1000 tasks failed: .*Error: no 0; .*Error: no 4; and 995 more$/);
});

test("a child that is killed from outside is a failure, which says who killed it and why", () => {
  const { log, value } = run(function* (log) {
    return yield* thrownBy(
      group(function* (g) {
        const a = yield* g.spawn(waiter(log, "a"), { name: "a" });
        yield* g.spawn(waiter(log, "b"));
        yield* sleep(5);
        yield* kill(a.pid, "KILL", "out of fuel");
        yield* sleep(50);
      }),
    );
  });
  expect(value).toBeInstanceOf(ChildError);
  expect(String(value)).toBe(
    'ChildError: task 5 "a" was killed with KILL by task 4 "body": out of fuel',
  );
  expect((value as ChildError).status).toMatchObject({ kind: "killed", by: 4 });
  expect(log).toEqual(['b task 5 "a" was killed with KILL by task 4 "body": out of fuel']);
});

test("a child that is killed through its group is no failure, and whoever joins it hears of it", () => {
  const { log } = run(function* (log) {
    const value = yield* group(function* (g) {
      const a = yield* g.spawn(waiter(log, "a", 5), { name: "a" });
      yield* sleep(1);
      yield* a.kill("not needed");
      log("told");
      log(yield* messageOf(a.join()));
      yield* a.kill("again");
      return "fine";
    });
    log(value);
  });
  expect(log).toEqual([
    "told",
    "a not needed",
    'task 5 "a" was killed with TERM by task 4 "body": not needed',
    "fine",
  ]);
});

test("TERM to the owner stops the children, waits for them, and then goes on", () => {
  const { log } = run(function* (log) {
    const owner = yield* spawn(function* () {
      try {
        yield* group(function* (g) {
          yield* g.spawn(waiter(log, "a", 7));
          yield* g.spawn(waiter(log, "b", 3));
          return yield* waiter(log, "body");
        });
      } finally {
        log("owner's clean-up");
      }
    });
    yield* sleep(10);
    yield* kill(owner, "TERM", "enough");
    const status = yield* wait(owner);
    log(status.kind === "killed" && `killed by ${status.by}: ${status.reason}`);
  });
  const ends = ["body enough", "b enough", "a enough"];
  expect(log).toEqual([...ends, "owner's clean-up", "killed by 2: enough"]);
});

test("a stranger's kill of the owner reaches the children with the stranger's name", () => {
  const { log } = run(function* (log) {
    const owner = yield* spawn(() => group(() => waiter(log, "body")));
    yield* spawn(function* () {
      yield* kill(owner, "TERM", "enough");
    });
    yield* sleep(5);
  });
  expect(log).toEqual(["body task 3 was killed by task 5: enough"]);
});

test("a task killed just before it opens a group does not open it", () => {
  const { log } = run(function* (log) {
    const owner = yield* spawn(function* () {
      yield* kill(yield* getpid(), "TERM", "early");
      yield* group(function* (g) {
        yield* g.spawn(worker(log, "a", 1000));
        yield* sleep(1000);
      });
    });
    log((yield* wait(owner)).kind);
  });
  expect(log).toEqual(["killed"]);
});

// trio test_cancel_inheritance
test("a kill reaches all leaves of a tree: everyone cleans up once, children before parents", () => {
  function* tree(log: Log, name: string, depth: number): Program<void> {
    try {
      if (depth === 0) return yield* waiter(log, name, depth);
      yield* group(function* (g) {
        for (const side of ["0", "1"]) {
          yield* g.spawn(tree(log, name + side, depth - 1), { name: name + side });
        }
      });
    } finally {
      if (depth > 0) log(name);
    }
  }
  const { log, kernel } = run(function* (log) {
    const root = yield* spawn(tree(log, "r", 3), { name: "r" });
    yield* sleep(10);
    yield* kill(root, "TERM", "down");
    yield* wait(root);
  });
  const names = log.map((line) => line.split(" ")[0] as string);
  expect(names.length).toBe(15);
  expect(new Set(names).size).toBe(15);
  for (const name of names) {
    const parent = name.slice(0, -1);
    if (parent !== "") expect(names.indexOf(name)).toBeLessThan(names.indexOf(parent));
  }
  expect(log.filter((line) => line.endsWith(" down")).length).toBe(8);
  expect(kernel.tasks.size).toBe(1);
});

test("a crash deep in a tree comes out at its root as it was thrown", () => {
  const error = new Error("deep");
  const { value, log } = run(function* (log) {
    return yield* thrownBy(
      group(function* (g) {
        yield* g.spawn(waiter(log, "cousin"));
        yield* group(function* (g) {
          yield* g.spawn(waiter(log, "uncle"));
          yield* g.spawn(() => all([worker(log, "leaf", 5, error), waiter(log, "twin")]));
        });
      }),
    );
  });
  expect(value).toBe(error);
  expect(log.map((line) => line.split(" ")[0])).toEqual(["leaf", "twin", "uncle", "cousin"]);
});

test("a clean-up that crashes while its group is stopped is thrown, with the kill as its cause", () => {
  const { log } = run(function* (log) {
    const owner = yield* spawn(function* () {
      yield* group(function* (g) {
        yield* g.spawn(waiter(log, "a", 5));
        try {
          yield* sleep(100);
        } finally {
          throw new Error("clean-up failed");
        }
      });
    });
    yield* sleep(1);
    yield* kill(owner, "TERM", "enough");
    const status = yield* wait(owner);
    if (status.kind !== "crashed") throw new Error(status.kind);
    const error = status.error as Error;
    log(error.message, error.cause instanceof Killed && error.cause.reason);
  });
  expect(log).toEqual(["a enough", "clean-up failed enough"]);
});

test("a child that crashes while its siblings are killed adds its error", () => {
  const { value } = run(function* (log) {
    return yield* thrownBy(
      group(function* (g) {
        yield* g.spawn(function* () {
          try {
            yield* sleep(100);
          } finally {
            yield* sleep(5);
            throw new Error("second");
          }
        });
        yield* g.spawn(waiter(log, "b", 10));
        throw new Error("first");
      }),
    );
  });
  expect((value as AggregateError).errors.map(String)).toEqual(["Error: first", "Error: second"]);
});

test("a task that is spawned while the group stops gets no further than its first wait", () => {
  const { log } = run(function* (log) {
    yield* thrownBy(
      group(function* (g) {
        yield* g.spawn(function* () {
          try {
            yield* sleep(100);
          } finally {
            const late = yield* g.spawn(worker(log, "late", 1000));
            log(yield* messageOf(late.join()));
          }
        });
        throw new Error("stop");
      }),
    );
    log((yield* ps()).length);
  });
  expect(log).toEqual([
    "late ended",
    'task 6 was killed with TERM by task 3 "group": task 4 "body" crashed: Error: stop',
    "2",
  ]);
});

test("a task that spawns others without end is stopped with all of them", () => {
  const { log, clock } = run(function* (log) {
    function* rabbit(g: Group): Program<void> {
      for (;;) {
        yield* sleep(1);
        yield* g.spawn(rabbit(g), { name: "rabbit" });
      }
    }
    yield* thrownBy(
      group(function* (g) {
        yield* g.spawn(rabbit(g));
        yield* sleep(5);
        throw new Error("stop");
      }),
    );
    log((yield* ps()).length);
  });
  expect(log).toEqual(["2"]);
  expect(clock).toBe(5);
});

test("spawn in a group that has ended fails with ESRCH", () => {
  const { log } = run(function* (log) {
    let escaped: Group | undefined;
    yield* group(function* (g) {
      escaped = g;
    });
    log(
      yield* messageOf(
        (function* () {
          yield* escaped!.spawn(worker(log, "a", 1));
        })(),
      ),
    );
  });
  expect(log[0]).toMatch(/^ESRCH: .*the group has ended/);
});

test("what is no program is an error of whoever spawns it, and what is no body one of the group's", () => {
  const { log } = run(function* (log) {
    yield* group(function* (g) {
      log(
        yield* messageOf(
          (function* () {
            yield* g.spawn(5 as never);
          })(),
        ),
      );
    });
    log(yield* messageOf(group((() => 5) as never)));
  });
  expect(log[0]).toMatch(/^EINVAL: .*the number 5 is no program/);
  expect(log[1]).toMatch(/^EINVAL: .*5 is no program/);
});

test("children that do not end within the grace period are ended with KILL", () => {
  const { log, clock } = run(function* (log) {
    let stubborn: Child | undefined;
    yield* thrownBy(
      group(
        function* (g) {
          stubborn = yield* g.spawn(function* stubborn() {
            try {
              yield* sleep(1000);
            } finally {
              for (;;) yield* sleep(1);
            }
          });
          yield* g.spawn(waiter(log, "quick", 10));
          yield* sleep(5);
          throw new Error("stop");
        },
        { grace: 50 },
      ),
    );
    log(String(new ChildError(stubborn?.status as ExitStatus)), (yield* ps()).length);
  });
  expect(log).toEqual([
    'quick task 4 "body" crashed: Error: stop',
    'ChildError: task 5 "stubborn" was killed with KILL by task 7 "insist": it did not end within 50 ms 2',
  ]);
  expect(clock).toBe(55);
});

test("a group with a grace period that is not needed ends at once", () => {
  const { clock, kernel } = run(function* (log) {
    yield* thrownBy(
      group(
        function* (g) {
          yield* g.spawn(waiter(log, "a", 10));
          throw new Error("stop");
        },
        { grace: 5000 },
      ),
    );
  });
  expect(clock).toBe(10);
  expect(kernel.timers.length).toBe(0);
});

test("a grace that is no duration is EINVAL with the value", () => {
  const { log } = run(function* (log) {
    for (const grace of [-1, NaN, "5"]) {
      log(yield* messageOf(group(() => sleeper(), { grace: grace as number })));
    }
  });
  expect(log).toEqual([
    "EINVAL: grace: -1 is no duration; give milliseconds from 0 up",
    "EINVAL: grace: NaN is no duration; give milliseconds from 0 up",
    'EINVAL: grace: "5" is no duration; give milliseconds from 0 up',
  ]);
});

function* sleeper(): Program<void> {
  yield* sleep(1);
}

test("daemons end with the group: they are stopped when the others have ended, and awaited", () => {
  const { log, clock } = run(function* (log) {
    log(
      yield* group(function* (g) {
        yield* g.spawn(waiter(log, "daemon", 5), { daemon: true });
        yield* g.spawn(worker(log, "a", 10));
        return "value";
      }),
    );
  });
  expect(log).toEqual(["a ended", "daemon the group has ended", "value"]);
  expect(clock).toBe(15);
});

test("a daemon that crashes fails the group, also in its last clean-up", () => {
  const { log } = run(function* (log) {
    function* daemon(): Program<void> {
      try {
        yield* sleep(50);
        throw new Error("early");
      } catch (error) {
        throw error instanceof Killed ? new Error("late") : error;
      }
    }
    for (const ms of [100, 10]) {
      log(
        yield* messageOf(
          group(function* (g) {
            yield* g.spawn(daemon(), { daemon: true });
            yield* sleep(ms);
          }),
        ),
      );
    }
  });
  expect(log).toEqual(["early", "late"]);
});

test("nobody's wait takes a child of a group away, and the group takes away nobody's child", () => {
  const { log } = run(function* (log) {
    const before = yield* spawn(worker(log, "before", 5), { name: "before" });
    yield* group(function* (g) {
      yield* g.spawn(worker(log, "member", 10));
      yield* spawn(worker(log, "own", 20), { name: "own" });
      log("reaped", (yield* wait()).name);
      log(yield* messageOf(wait()));
    });
    log("reaped", (yield* wait(before)).name);
  });
  expect(log.slice(0, 4)).toEqual(["before ended", "member ended", "own ended", "reaped own"]);
  expect(log[4]).toMatch(/^ECHILD/);
  expect(log[5]).toBe("reaped before");
});

test("groups work in a daemon, whose children are daemons", () => {
  const { log } = run(function* (log) {
    yield* spawn(
      function* () {
        log(yield* all([worker(log, "a", 5), worker(log, "b", 1)]));
      },
      { daemon: true },
    );
    yield* sleep(20);
  });
  expect(log).toEqual(["b ended", "a ended", "a,b"]);
});

test("a keeper that is killed by a stranger stops its group, which says so", () => {
  const { log } = run(function* (log) {
    log(
      yield* messageOf(
        group(function* () {
          const keeper = (yield* ps()).find(({ name }) => name === "group")?.pid as Pid;
          yield* kill(keeper, "TERM", "mischief");
          yield* waiter(log, "body");
        }),
      ),
    );
  });
  expect(log).toEqual([
    "body mischief",
    'task 3 "group" was killed with TERM by task 4 "body": mischief',
  ]);
});

test("a deadlock in a group is reported, and the group is cleared away without further complaint", () => {
  const { log, stderr, crashes, kernel } = run(function* (log) {
    yield* group(function* (g) {
      yield* g.spawn(waiter(log, "a"));
      yield* group(function* (g) {
        yield* g.spawn(waiter(log, "b"));
        yield* waiter(log, "c");
      });
    });
  });
  expect(log.sort()).toEqual(["a deadlock", "b deadlock", "c deadlock"]);
  expect([crashes, kernel.tasks.size]).toEqual([0, 1]);
  expect(stderr.match(/deadlock/g)).toEqual(["deadlock"]);
});

test("the owner killed with KILL: its group is stopped, cleans up, and is reaped", () => {
  const { log, crashes, kernel } = run(function* (log) {
    const owner = yield* spawn(function* owner() {
      yield* group(function* (g) {
        yield* g.spawn(waiter(log, "a", 7));
        yield* g.spawn(() => group(() => waiter(log, "b", 3)));
        yield* waiter(log, "body");
      });
    });
    yield* sleep(5);
    yield* kill(owner, "KILL");
    yield* wait(owner);
    yield* sleep(1);
    log("later");
  });
  const why = `task 3 "owner", to whom it was bound, has ended`;
  expect(log).toEqual([`body ${why}`, "later", `b ${why}`, `a ${why}`]);
  expect([crashes, kernel.tasks.size]).toEqual([0, 1]);
});

test("a keeper killed with KILL at any step leaves nobody behind, a lingering body neither", () => {
  function* brief(): Program<void> {
    yield* yieldCpu();
  }
  function* main(log: Log): Program<void> {
    const running = group(function* (g) {
      yield* g.spawn(() => worker(log, "a", 20));
      yield* g.spawn(waiter(log, "b", 5), { daemon: true });
      for (let i = 0; i < 3; i++) {
        yield* sleep(1);
        yield* g.spawn(brief);
      }
    });
    log(yield* messageOf(running));
    yield* sleep(100);
    log((yield* ps()).length);
  }
  const runs = strikeAtEveryStep(main, "group", "KILL", ({ log, deadlock, kernel, stderr }) => {
    expect(deadlock).toBeUndefined();
    expect(log.at(-1)).toBe("2");
    expect(stderr).toBe("");
    expect(kernel.descriptors.size).toBe(0);
  });
  expect(runs).toBeGreaterThan(20);
});

test("a keeper killed with KILL takes its tasks with it, and the owner is told", () => {
  const { log, kernel } = run(function* (log) {
    log(
      yield* messageOf(
        group(function* () {
          const keeper = (yield* ps()).find(({ name }) => name === "group")?.pid as Pid;
          yield* kill(keeper, "KILL", "mischief");
          yield* waiter(log, "body");
        }),
      ),
    );
    yield* sleep(1);
  });
  expect(log[0]).toBe('task 3 "group" was killed with KILL by task 4 "body": mischief');
  expect(log[1]).toMatch(/^body task 3 "group", to whom it was bound/);
  expect(kernel.tasks.size).toBe(1);
});

test("what the body opened stays open for the others, in their clean-up, too", () => {
  const { log } = run(function* (log) {
    for (const fails of [false, true]) {
      log(
        yield* messageOf(
          group(function* (g) {
            const [reader, writer] = yield* pipe();
            yield* g.spawn(function* () {
              try {
                yield* sleep(10);
              } finally {
                yield* write(writer, "late");
              }
            });
            yield* g.spawn(
              function* () {
                for (;;) log(decode(yield* read(reader)));
              },
              { daemon: true },
            );
            if (fails) throw new Error("body");
          }),
        ),
      );
    }
  });
  // When all are stopped, nobody reads any more.
  expect(log).toEqual(["late", "nothing thrown", "body"]);
});

test("exit in the body ends the body alone, and its value is the group's", () => {
  const { log } = run(function* (log) {
    log(
      yield* group(function* (g) {
        yield* g.spawn(worker(log, "a", 5));
        yield* exit("value");
      }),
    );
  });
  expect(log).toEqual(["a ended", "value"]);
});

test("a group that takes too long is stopped, and the time limit knows its own", () => {
  const { log, clock } = run(function* (log) {
    const late = group(() => waiter(log, "late", 3));
    log(yield* timeout(10, late, { fallback: "too late" }));
    const nested = group(() => timeout(1000, waiter(log, "nested"), { fallback: "inner" }));
    log(yield* timeout(10, nested, { fallback: "outer" }));
    log((yield* ps()).length);
  });
  expect(log).toEqual([
    "late TimeoutError: it took longer than 10 ms",
    "too late",
    "nested TimeoutError: it took longer than 10 ms",
    "outer",
    "2",
  ]);
  expect(clock).toBe(23);
});

test("TERM that comes while a time limit clears a group away is what goes on", () => {
  const { log } = run(function* (log) {
    const owner = yield* spawn(function* () {
      yield* timeout(
        10,
        group(() => waiter(log, "body", 50)),
        { fallback: "too late" },
      );
      log("never");
    });
    yield* sleep(20);
    yield* kill(owner, "TERM", "enough");
    log((yield* wait(owner)).kind);
  });
  expect(log).toEqual(["body TimeoutError: it took longer than 10 ms", "killed"]);
});

test("in a shield a group is not disturbed", () => {
  const { log } = run(function* (log) {
    const owner = yield* spawn(function* () {
      log(yield* shield(group(() => worker(log, "body", 10))));
      yield* sleep(1);
    });
    yield* sleep(5);
    yield* kill(owner);
    log((yield* wait(owner)).kind);
  });
  expect(log).toEqual(["body ended", "body", "killed"]);
});

/** Groups three deep, with daemons, a handshake, a race and clean-ups that block. */
function* everything(enter: () => void, leave: () => void): Program<void> {
  function* work(ms: number): Program<number> {
    enter();
    try {
      yield* sleep(ms);
      return ms;
    } finally {
      try {
        yield* sleep(2);
        yield* yieldCpu();
      } finally {
        leave();
      }
    }
  }
  yield* group(function* (g) {
    yield* g.spawn(work(1000), { daemon: true });
    yield* g.start(function* (ready) {
      yield* ready(1);
      yield* work(3);
    });
    const child = yield* g.spawn(() =>
      group(function* (g) {
        yield* g.spawn(work(4));
        yield* race([work(5), work(6), () => all([work(2), work(100)])]);
        yield* map([1, 2, 3], work, { limit: 2 });
      }),
    );
    yield* work(1);
    yield* child.join();
  });
}

/** Runs `main`, and sends its first child `signal` after `steps` steps. False if it had ended. */
function killAfter(steps: number, signal: "TERM" | "KILL", seed: number): boolean {
  let [entered, left, hit] = [0, 0, false];
  const { kernel, crashes, status } = run(
    function* (): Program<string> {
      const program = everything(
        () => (entered += 1),
        () => (left += 1),
      );
      const owner = yield* spawn(program, { name: "owner" });
      const end = yield* wait(owner);
      // Nothing is left when the owner has ended, unless it was not asked.
      if (signal === "TERM") expect((yield* ps()).length).toBe(2);
      return end.kind;
    },
    {
      seed,
      shuffle: seed > 0,
      prepare: (kernel) => {
        const step = kernel.step.bind(kernel);
        let left = steps; // of the owner's life
        kernel.step = () => {
          const owner = kernel.tasks.find(3);
          if (owner?.alive === true && left-- === 0) {
            hit = true;
            send(kernel, owner, signal, null, "now");
          }
          return step();
        };
      },
    },
  );
  expect(left).toBe(entered);
  expect([crashes, kernel.tasks.size, kernel.timers.length]).toEqual([0, 1, 0]);
  if (!hit) expect(status.kind === "exited" && status.value).toBe("exited");
  return hit;
}

test.each(["TERM", "KILL"] as const)(
  "%s after any number of steps leaves no task behind, and every clean-up runs once",
  (signal) => {
    for (const seed of [0, 1]) {
      let steps = 0;
      while (killAfter(steps, signal, seed)) steps += 1;
      expect(steps).toBeGreaterThan(60);
    }
  },
);

// trio test_nursery_start
test("a child that reports ready lets its starter go on, with the value it reports", () => {
  const { log } = run(function* (log) {
    yield* group(function* (g) {
      const port = yield* g.start(
        function* server(ready) {
          yield* sleep(10);
          yield* ready(8080);
          yield* waiter(log, "server");
        },
        { daemon: true },
      );
      log(
        "at",
        port,
        (yield* ps()).some(({ name }) => name === "server"),
      );
    });
  });
  expect(log).toEqual(["at 8080 true", "server the group has ended"]);
});

test("a child that reports ready in its first step is not waited for in vain", () => {
  const { log } = run(function* (log) {
    yield* group(function* (g) {
      log(
        yield* g.start(function* (ready: (value: string) => Program<void>) {
          yield* ready("at once");
        }),
      );
    });
  });
  expect(log).toEqual(["at once"]);
});

// trio test_nursery_start
test("a child that dies before it is ready is its starter's error, not the group's", () => {
  const crash = new Error("port taken");
  const { log } = run(function* (log) {
    const value = yield* group(function* (g) {
      function* crashes(): Program<void> {
        yield* sleep(1);
        throw crash;
      }
      const error = yield* thrownBy(g.start(crashes, { name: "server" }));
      log(String(error), (error as Error).cause === crash);
      log(String(yield* thrownBy(g.start(sleeper))));
      const victim = g.start(function* victim() {
        yield* kill(yield* getpid(), "TERM", "no use");
        yield* sleep(1);
      });
      log(String(yield* thrownBy(victim)));
      return "fine";
    });
    log(value);
  });
  expect(log).toEqual([
    'ChildError: task 5 "server" crashed: Error: port taken before it was ready true',
    'ChildError: task 6 "sleeper" exited before it was ready',
    'ChildError: task 7 "victim" was killed with TERM by task 7 "victim": no use before it was ready',
    "fine",
  ]);
});

test("a child that crashes in its first step is its starter's error, in whatever order they run", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const { value } = run(
      function* () {
        return yield* group(function* (g) {
          return yield* messageOf(
            g.start(function* () {
              throw new Error("no");
            }),
          );
        });
      },
      { seed, shuffle: true },
    );
    expect(value).toBe("task 5 crashed: Error: no before it was ready");
  }
});

test("a starter that is stopped while it waits stops the child, and no crash of it is lost", () => {
  const { log } = run(function* (log) {
    const thrown = yield* thrownBy(
      group(function* (g) {
        const starter = yield* g.spawn(() =>
          g.start(function* () {
            try {
              yield* sleep(100);
            } finally {
              yield* sleep(5);
              log("child cleaned up");
              throw new Error("clean-up failed");
            }
          }),
        );
        yield* sleep(1);
        yield* starter.kill("not needed");
        yield* sleep(50);
      }),
    );
    log(String(thrown));
  });
  expect(log).toEqual(["child cleaned up", "Error: clean-up failed"]);
});

test("reporting ready twice is EINVAL", () => {
  const { log } = run(function* (log) {
    log(
      yield* messageOf(
        group(function* (g) {
          yield* g.start(function* (ready: (value: number) => Program<void>) {
            yield* ready(1);
            yield* ready(2);
          });
        }),
      ),
    );
  });
  expect(log).toEqual(["EINVAL: it has reported ready before"]);
});

test("after it has reported ready a child's crash is the group's", () => {
  const { log } = run(function* (log) {
    log(
      yield* messageOf(
        group(function* (g) {
          yield* g.start(function* (ready: (value: number) => Program<void>) {
            yield* ready(1);
            yield* sleep(5);
            throw new Error("later");
          });
          yield* waiter(log, "body");
        }),
      ),
    );
  });
  expect(log).toEqual(["body task 5 crashed: Error: later", "later"]);
});

test("10,000 children take a few steps each, also when they are stopped", () => {
  for (const fails of [false, true]) {
    const { value } = simulate(
      function* () {
        return yield* messageOf(
          group(function* (g) {
            for (let i = 0; i < 10_000; i++) yield* g.spawn(sleeper());
            if (fails) throw new Error("stop");
          }),
        );
      },
      { maxSteps: 10_000 * 4 },
    );
    expect(value).toBe(fails ? "stop" : "nothing thrown");
  }
});

test("a long-lived group keeps nothing of the children that have ended, however fast they come", () => {
  let most = 0;
  simulate(function* () {
    yield* group(function* (g) {
      for (let i = 0; i < 4; i++) {
        yield* g.spawn(function* () {
          for (let n = 0; n < 5000; n++) {
            yield* g.spawn(yieldOnce());
            if (n % 500 === 0) most = Math.max(most, (yield* ps()).length);
          }
        });
      }
    });
  });
  expect(most).toBeLessThan(40);
});

function* yieldOnce(): Program<void> {
  yield* yieldCpu();
}

test("a task of a group begins with the task-local values of the one who started it", () => {
  const user = new TaskLocal("nobody", "user");
  const { log } = run(function* (log) {
    yield* user.set("owner");
    yield* group(function* (g) {
      log(yield* user.get());
      yield* user.set("body");
      yield* g.spawn(function* () {
        log(yield* user.get());
      });
    });
    log(yield* user.get());
  });
  expect(log).toEqual(["owner", "body", "owner"]);
});
