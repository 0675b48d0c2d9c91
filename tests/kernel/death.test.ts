import { boot, simulate } from "../../boot";
import {
  call,
  Channel,
  close,
  exit,
  getpid,
  kill,
  Killed,
  park,
  pipe,
  ps,
  read,
  select,
  sleep,
  spawn,
  syscall,
  SystemError,
  unpark,
  wait,
  waitQueue,
  write,
  yieldCpu,
} from "../../syscalls";
import type { Pid, Program } from "../../syscalls";
import { Mutex, shield, timeout } from "../../tasks";
import { kill as signalTask, type Kernel, type Task } from "../../kernel";
import { run, type Log } from "../helpers/run";

/** Sleeps, and logs how it is woken. */
function* sleeper(log: Log): Program<void> {
  try {
    yield* sleep(1000);
    log("woke");
  } finally {
    log("clean-up");
  }
}

function* killAndWait(pid: Pid, reason?: string): Program<string> {
  yield* kill(pid, "TERM", reason);
  const status = yield* wait(pid);
  return status.kind === "killed" ? `killed by ${status.by} ${status.reason}`.trim() : status.kind;
}

// curio test_sleep_cancel
test("killing a sleeping task throws at the sleep, and the wait returns after its clean-up", () => {
  const { log, clock } = run(function* (log) {
    const pid = yield* spawn(sleeper(log));
    yield* sleep(10);
    log(yield* killAndWait(pid, "enough"));
  });
  expect(log).toEqual(["clean-up", "killed by 2 enough"]);
  expect(clock).toBe(10);
});

// curio test_cancel_noblock
test("a kill that does not wait returns before the victim's clean-up; a later wait still sees it", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        yield* sleep(1000);
      } finally {
        yield* sleep(5);
        log("clean-up");
      }
    });
    yield* sleep(10);
    yield* kill(pid);
    log("kill returned");
    yield* sleep(50);
    log((yield* wait(pid)).kind);
  });
  expect(log).toEqual(["kill returned", "clean-up", "killed"]);
});

// curio test_task_cancel_not_blocking
test("a victim may block in its handler; whoever waits learns it was killed, by whom and why", () => {
  const { log, clock } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        yield* sleep(1000);
      } catch (error) {
        yield* sleep(7);
        log(error instanceof Killed && `${error.signal} ${error.by} ${error.reason}`);
        throw error;
      }
    });
    yield* sleep(10);
    log(yield* killAndWait(pid, "tired"));
  });
  expect(log).toEqual(["TERM 2 tired", "killed by 2 tired"]);
  expect(clock).toBe(17);
});

// curio test_double_cancel, trio test_cancel_reason_not_overwritten
test("a second kill does not abort the clean-up of the first, and the first reason stays", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      log("start");
      try {
        yield* sleep(1000);
      } finally {
        log("cancel request");
        yield* sleep(10);
        log("cancelled");
      }
    });
    yield* sleep(1);
    yield* kill(pid, "TERM", "first");
    yield* sleep(1);
    log("retry");
    log(yield* killAndWait(pid, "second"));
  });
  expect(log).toEqual(["start", "cancel request", "retry", "cancelled", "killed by 2 first"]);
});

test("a kill drops the victim's timer, and the clock does not wait for it", () => {
  const { clock, kernel } = run(function* () {
    const pid = yield* spawn(sleep10000);
    yield* sleep(1);
    yield* killAndWait(pid);
  });
  expect(clock).toBe(1);
  expect(kernel.timers.length).toBe(0);
});

function* sleep10000(): Program<void> {
  yield* sleep(10_000);
}

// curio test_self_cancellation
test("a task that kills itself dies at its own next blocking call", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      yield* kill(yield* getpid());
      log("still here");
      yield* getpid();
      log("and here");
      yield* yieldCpu();
      log("never");
    });
    log((yield* wait(pid)).kind);
  });
  expect(log).toEqual(["still here", "and here", "killed"]);
});

// trio test_precancelled_task
test("a task killed before its first step starts, and dies at its first blocking call", () => {
  const { log } = run(
    function* (log) {
      const pid = yield* spawn(function* () {
        log("started");
        yield* sleep(10);
        log("never");
      });
      yield* kill(pid);
      log((yield* wait(pid)).kind);
    },
    { prepare: (kernel) => (kernel.choose = (n) => n - 1) },
  );
  expect(log).toEqual(["started", "killed"]);
});

// curio test_late_join
test("killing a task that has exited does nothing; its status says exited", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      return 42;
    });
    yield* sleep(1);
    yield* kill(pid);
    yield* kill(pid, "KILL");
    const status = yield* wait(pid);
    log(status.kind, status.kind === "exited" && status.value);
  });
  expect(log).toEqual(["exited 42"]);
});

test("a signal drops no reply that was delivered: it stays pending until the next blocking call", () => {
  const { log } = run(
    function* (log) {
      const queue = waitQueue("news");
      const pid = yield* spawn(function* () {
        log("got", yield* park(queue));
        yield* sleep(1);
        log("never");
      });
      yield* sleep(1);
      yield* unpark(queue, "the message");
      yield* kill(pid);
      log((yield* wait(pid)).kind);
    },
    { prepare: (kernel) => (kernel.choose = (n) => n - 1) },
  );
  expect(log).toEqual(["got the message", "killed"]);
});

test("a pending signal is delivered in the place of a call that would not have blocked", () => {
  const { log } = run(function* (log) {
    const [reader, writer] = yield* pipe();
    const pid = yield* spawn(function* () {
      for (let i = 0; ; i++) {
        // There is always something to read, so this task never waits.
        yield* write(writer, "x");
        yield* read(reader, 1);
      }
    });
    yield* yieldCpu();
    log(yield* killAndWait(pid));
  });
  expect(log).toEqual(["killed by 2"]);
});

test("KILL runs no more code of the task: no catch, no finally", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(sleeper(log));
    yield* yieldCpu();
    yield* kill(pid, "KILL", "now");
    const status = yield* wait(pid);
    log(status.kind === "killed" && `${status.signal} ${status.reason}`);
  });
  expect(log).toEqual(["KILL now"]);
});

test("KILL ends a task whose finally loops for ever", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        yield* sleep(1000);
      } finally {
        for (;;) yield* sleep(1);
      }
    });
    yield* sleep(1);
    yield* kill(pid);
    yield* sleep(100);
    log((yield* ps()).find((task) => task.pid === pid)?.status);
    yield* kill(pid, "KILL");
    const status = yield* wait(pid);
    log(status.kind === "killed" && status.signal);
  });
  expect(log).toEqual(["undefined", "KILL"]);
});

test("a task can KILL itself, at once", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        yield* kill(yield* getpid(), "KILL");
        log("never");
      } finally {
        log("never");
      }
    });
    log((yield* wait(pid)).kind);
  });
  expect(log).toEqual(["killed"]);
});

test("a ready task that is killed with KILL never has its turn", () => {
  const { log } = run(
    function* (log) {
      const pid = yield* spawn(function* () {
        log("never");
      });
      yield* kill(pid, "KILL");
      log((yield* wait(pid)).kind);
    },
    { prepare: (kernel) => (kernel.choose = (n) => n - 1) },
  );
  expect(log).toEqual(["killed"]);
});

test("a task that catches Killed and returns has exited", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        yield* sleep(1000);
      } catch {
        return "never mind";
      }
      return "";
    });
    yield* yieldCpu();
    yield* kill(pid);
    const status = yield* wait(pid);
    log(status.kind, status.kind === "exited" && status.value);
  });
  expect(log).toEqual(["exited never mind"]);
});

// effection spawn.test
test("clean-ups run innermost first, in series, each to its end before the next begins", () => {
  const { log } = run(function* (log) {
    function* level(depth: number): Program<void> {
      try {
        if (depth < 4) yield* depth % 2 === 0 ? level(depth + 1) : call(level(depth + 1));
        else yield* sleep(1000);
      } finally {
        log("begins", depth);
        yield* sleep(10 - depth);
        log("ends", depth);
      }
    }
    const task = yield* spawn(level(1));
    yield* sleep(1);
    log(yield* killAndWait(task));
  });
  const order = [4, 3, 2, 1].flatMap((depth) => [`begins ${depth}`, `ends ${depth}`]);
  expect(log).toEqual([...order, "killed by 2"]);
});

// effection run.test
test("an error thrown by a clean-up is the status, with the kill as its cause", () => {
  const { status } = run(function* () {
    const pid = yield* spawn(function* () {
      try {
        yield* sleep(1000);
      } finally {
        throw new Error("clean-up failed");
      }
    });
    yield* yieldCpu();
    yield* kill(pid, "TERM", "because");
    return yield* wait(pid);
  });
  const inner = (status as { value: { kind: string; error: Error } }).value;
  expect(inner.kind).toBe("crashed");
  expect(inner.error.message).toBe("clean-up failed");
  expect(inner.error.cause).toBeInstanceOf(Killed);
  expect((inner.error.cause as Killed).reason).toBe("because");
});

// effection issue 1190: a finally that yields under a native `yield*` during a kill
describe("a finally that makes blocking calls during a kill", () => {
  type Shape = (log: Log, cleanUp: () => Program<void>) => Program<unknown>;
  function* leaf(log: Log, cleanUp: () => Program<void>): Program<void> {
    try {
      yield* sleep(1000);
    } finally {
      yield* cleanUp();
      log("leaf");
    }
  }
  function* nativeCaller(log: Log, inner: Program<unknown>, name: string): Program<void> {
    try {
      yield* inner;
      log("never", name);
    } finally {
      log(name);
    }
  }
  function* kernelCaller(log: Log, inner: Program<unknown>, name: string): Program<void> {
    try {
      yield* call(inner);
      log("never", name);
    } finally {
      yield* sleep(1);
      log(name);
    }
  }
  const shapes: [string, Shape, string[]][] = [
    ["depth 1", (log, c) => leaf(log, c), ["leaf"]],
    ["depth 2, native", (log, c) => nativeCaller(log, leaf(log, c), "A"), ["leaf", "A"]],
    ["depth 2, call", (log, c) => kernelCaller(log, leaf(log, c), "A"), ["leaf", "A"]],
    [
      "depth 3, native in call",
      (log, c) => kernelCaller(log, nativeCaller(log, leaf(log, c), "A"), "B"),
      ["leaf", "A", "B"],
    ],
    [
      "depth 3, call in native",
      (log, c) => nativeCaller(log, kernelCaller(log, leaf(log, c), "A"), "B"),
      ["leaf", "A", "B"],
    ],
  ];
  test.each(shapes)(
    "%s: the caller's code never goes on, its finally runs once",
    (_n, shape, order) => {
      const { log } = run(function* (log) {
        const pid = yield* spawn(shape(log, () => sleep10()));
        yield* sleep(1);
        log(yield* killAndWait(pid));
      });
      expect(log).toEqual([...order, "killed by 2"]);
    },
  );
  test.each(shapes)("%s: a second kill during the clean-up changes nothing", (_n, shape, order) => {
    const { log } = run(function* (log) {
      const pid = yield* spawn(shape(log, () => sleep10()));
      yield* sleep(1);
      yield* kill(pid);
      yield* sleep(5);
      log(yield* killAndWait(pid));
    });
    expect(log).toEqual([...order, "killed by 2"]);
  });
  test.each(shapes)(
    "%s: a clean-up that throws unwinds the rest and is the status",
    (_n, shape, order) => {
      const { log } = run(function* (log) {
        const pid = yield* spawn(
          shape(log, function* () {
            yield* sleep(2);
            throw new Error("broken");
          }),
        );
        yield* sleep(1);
        log(yield* killAndWait(pid));
      });
      expect(log).toEqual([...order.slice(1), "crashed"]);
    },
  );
  function* sleep10(): Program<void> {
    yield* sleep(10);
  }

  const mutex = new Mutex("mutex");
  const channel = new Channel<string>();
  const cleanUps: [string, () => Program<unknown>][] = [
    ["a select", () => choose()],
    ["a shield", () => shield(sleep(5))],
    ["a time limit that is kept", () => timeout(10, sleep(5))],
    ["a time limit that is over", () => timeout(5, sleep(10), { fallback: undefined })],
    ["a lock", () => mutex.with(() => sleep10())],
    ["a child that is waited for", () => withChild()],
  ];
  function* choose(): Program<unknown> {
    return yield* select({ message: channel.receive(), late: sleep(5) });
  }
  function* withChild(): Program<unknown> {
    return yield* wait(yield* spawn(sleep10()));
  }
  test.each(cleanUps)("with %s in it, in every shape, it is done whole and once", (_n, cleanUp) => {
    for (const [, shape, order] of shapes) {
      const { log } = run(function* (log) {
        const pid = yield* spawn(
          shape(log, function* () {
            yield* cleanUp();
            log("done");
          }),
        );
        yield* sleep(1);
        yield* kill(pid);
        yield* sleep(3);
        log(yield* killAndWait(pid));
      });
      expect(log).toEqual(["done", ...order, "killed by 2"]);
    }
  });

  test("a clean-up that returns early has caught the kill, as a catch has: its callers go on", () => {
    for (const signal of ["TERM", "INT"] as const) {
      const { log } = run(function* (log) {
        const early = function* (): Program<string> {
          try {
            yield* sleep(1000);
          } finally {
            yield* sleep(1);
            return "early";
          }
        };
        const pid = yield* spawn(function* () {
          log(yield* call(early()), yield* early());
          return "survived";
        });
        yield* sleep(1);
        yield* kill(pid, signal);
        const status = yield* wait(pid);
        log(status.kind === "exited" && status.value);
      });
      expect(log).toEqual(["early early", "survived"]);
    }
  });
});

test("what a task holds is closed when it dies, however it dies", () => {
  for (const end of ["return", "throw", "TERM", "KILL", "exit"]) {
    const { log, kernel } = run(function* (log) {
      const [reader, writer] = yield* pipe();
      const pid = yield* spawn(
        function* () {
          if (end === "throw") throw new Error("on purpose");
          if (end === "exit") yield* exit(1);
          if (end !== "return") yield* sleep(1000);
        },
        { give: [writer] },
      );
      yield* sleep(1);
      if (end === "TERM" || end === "KILL") yield* kill(pid, end);
      log("read", (yield* read(reader)).length);
      yield* wait(pid);
    });
    expect(log).toEqual(["read 0"]);
    expect(kernel.descriptors.size).toBe(0);
  }
});

// xv6 zombie
test("orphans go to init, are reaped, and their crashes are reported", () => {
  const { log, stderr, crashes, kernel } = run(function* (log) {
    const pid = yield* spawn(function* () {
      yield* spawn(function* orphan() {
        yield* sleep(10);
        log("orphan of", (yield* ps()).find((task) => task.name === "orphan")?.ppid);
        throw new Error("nobody saw this");
      });
    });
    log((yield* wait(pid)).kind);
  });
  expect(log).toEqual(["exited", "orphan of 1"]);
  expect(stderr).toContain('task 4 "orphan" crashed\n  Error: nobody saw this');
  expect(crashes).toBe(1);
  expect([...kernel.tasks].map((task) => task.pid)).toEqual([1]);
});

test("a zombie whose parent ends is reaped at once, while others go on", () => {
  const { log } = run(function* (log) {
    const parent = yield* spawn(function* () {
      yield* spawn(function* zombie() {});
      yield* sleep(5);
    });
    yield* wait(parent);
    yield* sleep(1);
    log((yield* ps()).map((task) => task.name || task.pid).join(" "));
  });
  expect(log).toEqual(["init main"]);
});

test("an unreaped crash is not silent: when its parent ends, init reports it", () => {
  const { stderr, crashes } = run(function* () {
    yield* spawn(function* forgotten() {
      throw new Error("forgotten");
    });
    yield* sleep(5);
  });
  expect(stderr).toContain('task 3 "forgotten" crashed');
  expect(crashes).toBe(1);
});

test("a detached child is init's: its spawner cannot wait for it, and it leaves no zombie", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {}, { detached: true });
    yield* sleep(1);
    log((yield* ps()).some((task) => task.pid === pid));
    try {
      yield* wait(pid);
    } catch (error) {
      log(error instanceof SystemError && error.errno);
    }
  });
  expect(log).toEqual(["false", "ECHILD"]);
});

test("when only daemons are left they are told to stop, and their clean-up is awaited", () => {
  const { log, clock } = run(function* (log) {
    yield* spawn(
      function* () {
        try {
          yield* spawn(function* () {
            try {
              yield* park(waitQueue("for ever"));
            } finally {
              log("child of the daemon");
            }
          });
          yield* sleep(1_000_000);
        } finally {
          yield* sleep(20);
          log("daemon");
        }
      },
      { daemon: true },
    );
    yield* sleep(10);
    log("main");
  });
  expect(log).toEqual(["main", "child of the daemon", "daemon"]);
  expect(clock).toBe(30);
});

test("a daemon that does not stop in five seconds is stopped", () => {
  const { clock, status } = run(function* () {
    yield* spawn(
      function* () {
        for (;;) {
          try {
            yield* sleep(100);
          } catch {
            // It will not listen.
          }
        }
      },
      { daemon: true },
    );
  });
  expect(status.kind).toBe("exited");
  expect(clock).toBe(5000);
});

test("exit unwinds the frames, runs their finally, and cannot be swallowed or interrupted", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        yield* call(
          (function* () {
            try {
              yield* exit("value");
              log("never");
            } catch {
              log("swallowed");
            } finally {
              yield* sleep(10);
              log("clean-up");
            }
          })(),
        );
      } finally {
        log("outer");
      }
    });
    yield* sleep(5);
    yield* kill(pid);
    const status = yield* wait(pid);
    log(status.kind === "exited" && status.value);
  });
  expect(log).toEqual(["swallowed", "clean-up", "outer", "value"]);
});

test("closing a descriptor wakes whoever waits for it with EBADF", () => {
  const { log } = run(function* (log) {
    const [reader] = yield* pipe();
    const pid = yield* spawn(function* () {
      try {
        yield* read(reader);
      } catch (error) {
        log((error as Error).message);
      }
    });
    yield* yieldCpu();
    yield* close(reader);
    yield* wait(pid);
  });
  expect(log).toEqual(["EBADF: task 3: read(3): fd 3 was closed meanwhile"]);
});

test("a crash of the program rejects the boot with that very error", async () => {
  const error = new Error("boom");
  const stderr = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  await expect(
    boot(function* () {
      throw error;
    }),
  ).rejects.toBe(error);
  stderr.mockRestore();
});

test("a program that was killed throws a ProgramError that says by whom", () => {
  const simulation = simulate(function* () {
    yield* kill(yield* getpid(), "KILL", "suicide");
  });
  expect(() => simulation.value).toThrow(
    'task 2 "main" was killed with KILL by task 2 "main": suicide',
  );
});

test("what a daemon started and left behind is a daemon too", () => {
  const { clock } = run(function* () {
    yield* spawn(
      function* () {
        yield* spawn(function* () {
          yield* sleep(1_000_000);
        });
      },
      { daemon: true },
    );
    yield* sleep(5);
  });
  expect(clock).toBe(5);
});

test("a task that has given up the CPU is killed there: it was promised nothing", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      for (;;) {
        log("turn");
        yield* yieldCpu();
      }
    });
    yield* yieldCpu();
    yield* kill(pid);
    log((yield* wait(pid)).kind);
  });
  expect(log).toEqual(["turn", "turn", "killed"]);
});

test("a signal that is pending at an exit does not interrupt the exit's clean-up", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      try {
        yield* kill(yield* getpid());
        yield* exit("as planned");
      } finally {
        yield* sleep(10);
        log("clean-up");
      }
    });
    const status = yield* wait(pid);
    log(status.kind === "exited" && status.value);
  });
  expect(log).toEqual(["clean-up", "as planned"]);
});

test("a pending signal also ends the wait of a call that was not declared to block", () => {
  const queue = waitQueue("never");
  const careless = syscall("careless", (kernel, task) => kernel.block(task, queue));
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      yield* kill(yield* getpid());
      yield* careless();
    });
    log((yield* wait(pid)).kind);
  });
  expect(log).toEqual(["killed"]);
  expect(queue.length).toBe(0);
});

test("who was told to stop starts nothing new: the signal comes in the place of the spawn", () => {
  const { log, kernel } = run(function* (log) {
    const victim = yield* spawn(function* () {
      for (let i = 0; i < 5; i++) yield* getpid();
      log("told to stop, and not stopped yet");
      yield* spawn(sleeper(log));
      log("never");
    });
    for (let i = 0; i < 3; i++) yield* getpid();
    yield* kill(victim);
    log((yield* wait(victim)).kind);
  });
  expect(log).toEqual(["told to stop, and not stopped yet", "killed"]);
  expect(kernel.tasks.size).toBe(1);
});

test("a daemon waits for its children as anybody does", () => {
  const { log } = run(function* (log) {
    yield* spawn(
      function* () {
        const child = yield* spawn(function* () {
          yield* sleep(5);
          return "done";
        });
        const status = yield* wait();
        log(status.pid === child, status.kind);
      },
      { daemon: true },
    );
    yield* sleep(10);
  });
  expect(log).toEqual(["true exited"]);
});

test("daemons that will not stop are ended after five seconds, whatever the operator has said", () => {
  const { clock, status, kernel } = run(
    function* () {
      yield* spawn(
        function* stubborn(): Program<void> {
          for (;;) {
            try {
              yield* sleep(1e9);
            } catch {
              // Lives on.
            }
          }
        },
        { daemon: true },
      );
      yield* sleep(1);
    },
    {
      prepare(kernel) {
        // The operator's TERM comes while init waits for the daemon.
        const tick = kernel.tick.bind(kernel);
        kernel.tick = (now) => {
          tick(now);
          if (now > 1) for (const task of kernel.tasks) if (task.pid > 1) signal(kernel, task);
        };
      },
    },
  );
  expect(status.kind).toBe("exited");
  expect(clock).toBe(5001);
  expect(kernel.tasks.size).toBe(1);
});

test("a name is a string, options are an object, gifts an array", () => {
  const wrong: unknown[] = [{ name: 42 }, { name: Symbol("x") }, { give: 5 }, null, 7];
  const { log } = run(function* (log) {
    for (const options of wrong) {
      try {
        yield* spawn(sleeper(log), options as { name: string });
      } catch (error) {
        log((error as Error).message);
      }
    }
  });
  expect(log).toMatchInlineSnapshot(`
   [
     "EINVAL: task 2 "main": spawn([program], { name: 42 }): 42 is no name; give a string",
     "EINVAL: task 2 "main": spawn([program], { name: Symbol(x) }): Symbol(x) is no name; give a string",
     "EINVAL: task 2 "main": spawn([program], { give: 5 }): 5 is no array of descriptors to give",
     "EINVAL: task 2 "main": spawn([program], null): null is no set of options; give { name: "x" }",
     "EINVAL: task 2 "main": spawn([program], 7): 7 is no set of options; give { name: "x" }",
   ]
  `);
});

function signal(kernel: Kernel, task: Task): void {
  signalTask(kernel, task, "TERM", null, "from outside");
}
