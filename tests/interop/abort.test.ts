// AbortSignals, in and out: a signal stops a system or wakes a task, and a scope has a signal for
// the host's functions that aborts however the scope is left.

import { boot, ProgramError, simulateAsync } from "../../boot";
import { programTest } from "../../jest";
import {
  aborted,
  close,
  exit,
  Killed,
  kill,
  promise,
  resource,
  sleep,
  spawn,
  wait,
  yieldCpu,
} from "../../syscalls";
import type { Program } from "../../syscalls";
import { withAbortSignal } from "../../tasks";
import { messageOf, run } from "../helpers/run";

const it = programTest(test);

/** What `promised` rejects with. */
function rejection(promised: Promise<unknown>): Promise<unknown> {
  return promised.then(
    () => "nothing",
    (error: unknown) => error,
  );
}

/** An AbortSignal that counts its listeners. */
function counted(): { controller: AbortController; listeners: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  let count = 0;
  const [add, remove] = [
    signal.addEventListener.bind(signal),
    signal.removeEventListener.bind(signal),
  ];
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count -= 1;
    remove(...args);
  };
  return { controller, listeners: () => count };
}

describe("boot(main, { signal })", () => {
  test("aborting kills the program with the signal's reason, which is the error's cause", async () => {
    const controller = new AbortController();
    const reason = new Error("the user left");
    const events: string[] = [];
    const error = await rejection(
      boot(
        function* main() {
          try {
            controller.abort(reason);
            yield* sleep(60_000);
          } catch (killed) {
            if (killed instanceof Killed) events.push(killed.message);
            throw killed;
          } finally {
            yield* sleep(1);
            events.push("cleaned up");
          }
        },
        { signal: controller.signal },
      ),
    );
    expect(events).toEqual(["killed with TERM by the system: the user left", "cleaned up"]);
    expect(error).toBeInstanceOf(ProgramError);
    const { status, cause, message } = error as ProgramError;
    expect(status).toMatchObject({ kind: "killed", signal: "TERM", by: 0 });
    expect(status).toMatchObject({ reason: "the user left", name: "main" });
    expect(cause).toBe(reason);
    expect(message).toBe('task 2 "main" was killed with TERM by the system: the user left');
  });

  test("aborting from outside reaches a program that waits, and every task it started", async () => {
    const controller = new AbortController();
    const events: string[] = [];
    function* worker(name: string): Program<void> {
      try {
        yield* sleep(60_000);
      } finally {
        events.push(name);
      }
    }
    const booted = boot(
      function* () {
        yield* spawn(worker("child"));
        yield* spawn(worker("detached"), { detached: true });
        setImmediate(() => controller.abort());
        yield* worker("main");
      },
      { signal: controller.signal },
    );
    const error = await rejection(booted);
    expect(error).toMatchObject({ cause: controller.signal.reason as unknown });
    expect((error as Error).message).toContain("This operation was aborted");
    expect(events.sort()).toEqual(["child", "detached", "main"]);
  });

  test("aborted before it has begun, not a line of the program runs", async () => {
    let ran = false;
    function* main(): Program<void> {
      ran = true;
      yield* sleep(1);
    }
    const early = await rejection(boot(main, { signal: AbortSignal.abort("too early") }));
    expect(early).toMatchObject({ cause: "too early", status: { kind: "killed", pid: 2 } });
    const controller = new AbortController();
    const booted = boot(main, { signal: controller.signal });
    controller.abort("changed my mind");
    expect(await rejection(booted)).toMatchObject({
      cause: "changed my mind",
      status: { kind: "killed", reason: "changed my mind" },
    });
    expect(ran).toBe(false);
  });

  test("aborting after the end does nothing, and no listener is left", async () => {
    const { controller, listeners } = counted();
    const { signal } = controller;
    expect(await boot(function* () {}, { signal })).toBeUndefined();
    expect(listeners()).toBe(0);
    controller.abort();
    const crash = new Error("mine");
    const { controller: other, listeners: left } = counted();
    const crashed = boot(
      function* (): Program<void> {
        throw crash;
      },
      { signal: other.signal },
    );
    expect(await rejection(crashed)).toBe(crash);
    expect(left()).toBe(0);
  });

  test("a program that comes to a result although it is told to stop has that result", async () => {
    const controller = new AbortController();
    const value = await boot(
      function* () {
        try {
          controller.abort();
          yield* sleep(60_000);
        } catch {
          return "what I have so far";
        }
        return "all";
      },
      { signal: controller.signal },
    );
    expect(value).toBe("what I have so far");
  });
});

describe("aborted(signal)", () => {
  it("waits until the signal aborts, and returns its reason", function* () {
    const controller = new AbortController();
    yield* spawn(function* () {
      yield* sleep(5);
      controller.abort("enough");
    });
    expect(yield* aborted(controller.signal)).toBe("enough");
    expect(yield* aborted(controller.signal)).toBe("enough");
    yield* wait();
  });

  it("stops a part of a program", function* () {
    const { controller, listeners } = counted();
    const events: string[] = [];
    const part = yield* spawn(function* () {
      try {
        yield* sleep(60_000);
      } finally {
        events.push("cleaned up");
      }
    });
    const watcher = yield* spawn(function* () {
      yield* kill(part, "TERM", String(yield* aborted(controller.signal)));
    });
    yield* yieldCpu();
    controller.abort("no longer");
    expect(yield* wait(part)).toMatchObject({ kind: "killed", reason: "no longer" });
    yield* wait(watcher);
    expect(events).toEqual(["cleaned up"]);
    expect(listeners()).toBe(0);
  });

  it("leaves no listener behind when its task is killed, with KILL too", function* () {
    for (const signal of ["TERM", "KILL"] as const) {
      const { controller, listeners } = counted();
      const waiting = yield* spawn(function* () {
        yield* aborted(controller.signal);
      });
      yield* yieldCpu();
      expect(listeners()).toBe(1);
      yield* kill(waiting, signal);
      yield* wait(waiting);
      expect(listeners()).toBe(0);
    }
  });

  it("what is no AbortSignal is EINVAL", function* () {
    const wrong = { aborted: "no" } as unknown as AbortSignal;
    expect(yield* messageOf(aborted(wrong)[Symbol.iterator]() as Program)).toContain(
      "is no AbortSignal; pass controller.signal",
    );
  });
});

describe("resource(name, release)", () => {
  const ends: Record<string, (fd: number) => Program<void>> = {
    *"a close"(fd) {
      yield* close(fd);
    },
    *"a return"() {},
    *"an exit"() {
      yield* exit(0);
    },
    *"a crash"() {
      throw new Error("crash");
    },
    *TERM() {
      yield* sleep(60_000);
    },
    *KILL() {
      yield* sleep(60_000);
    },
  };

  test.each(Object.keys(ends))("is released once, by %s", (how) => {
    const { log } = run(function* (log) {
      const owner = yield* spawn(function* () {
        const fd = yield* resource("database", () => log("released"));
        log("held");
        yield* ends[how]!(fd);
      });
      yield* sleep(1);
      yield* kill(owner, how === "KILL" ? "KILL" : "TERM");
      yield* wait(owner);
      log("over");
    });
    expect(log).toEqual(["held", "released", "over"]);
  });

  test("goes with spawn's give to another task", () => {
    const { log } = run(function* (log) {
      const owner = yield* spawn(function* () {
        const fd = yield* resource("database", () => log("released"));
        yield* spawn(
          function* () {
            yield* sleep(10);
            log("heir done");
          },
          { give: [fd] },
        );
      });
      yield* wait(owner);
      log("owner done");
    });
    expect(log).toEqual(["owner done", "heir done", "released"]);
  });

  test("a release that throws is reported, and harms nobody", () => {
    const { stderr, value } = run(function* () {
      const fd = yield* resource("database", () => {
        throw new Error("still busy");
      });
      yield* close(fd);
      return "went on";
    });
    expect(value).toBe("went on");
    expect(stderr).toMatch(/closing fd \d+ \(database\) failed: Error: still busy/);
  });

  test("what is no function is EINVAL", () => {
    const { value } = run(function* () {
      const wrong = resource("database", 5 as unknown as () => void);
      return yield* messageOf(wrong[Symbol.iterator]() as Program);
    });
    expect(value).toContain("5 is no function that releases database");
  });
});

describe("withAbortSignal", () => {
  test("gives one signal to all, which aborts when the scope has returned", () => {
    const { value } = run(function* () {
      let seen: AbortSignal | undefined;
      const result = yield* withAbortSignal(function* (signal) {
        seen = signal;
        yield* sleep(1);
        return { aborted: signal.aborted };
      });
      return [result.aborted, seen?.aborted];
    });
    expect(value).toEqual([false, true]);
  });

  test.each(["TERM", "KILL"] as const)(
    "aborts when the task is killed with %s inside the scope, wherever it waits",
    (how) => {
      const { log } = run(function* (log) {
        const task = yield* spawn(function* () {
          yield* withAbortSignal(function* (signal) {
            signal.addEventListener("abort", () => log("aborted"));
            yield* sleep(60_000);
          });
        });
        yield* sleep(1);
        yield* kill(task, how);
        yield* wait(task);
        log("over");
      });
      expect(log).toEqual(["aborted", "over"]);
    },
  );

  test("aborts when the scope throws, and passes the error on", () => {
    const { log, value } = run(function* (log) {
      return yield* messageOf(
        withAbortSignal(function* (signal): Program<never> {
          signal.addEventListener("abort", () => log("aborted"));
          throw new Error("mine");
        }),
      );
    });
    expect(log).toEqual(["aborted"]);
    expect(value).toBe("mine");
  });

  test("several calls of the host's share it: the first failure stops the others", async () => {
    const { value } = await simulateAsync(function* () {
      const stopped: string[] = [];
      const slow = (name: string, signal: AbortSignal): Promise<void> =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            stopped.push(name);
            reject(new Error("aborted"));
          });
        });
      const message = yield* messageOf(
        withAbortSignal(function* (signal) {
          const others = [slow("a", signal), slow("b", signal)];
          for (const other of others) other.catch(() => {});
          yield* promise(Promise.reject(new Error("first")));
        }),
      );
      return [message, ...stopped];
    });
    expect(value).toEqual(["first", "a", "b"]);
  });
});
