import { simulateAsync } from "../../boot";
import {
  BLOCKED,
  blockingCall,
  getppid,
  kill,
  park,
  promise,
  ps,
  random,
  sleep,
  spawn,
  syscall,
  SystemError,
  unpark,
  wait,
  waitQueue,
  yieldCpu,
} from "../../syscalls";
import type { Program, WaitQueue } from "../../syscalls";
import { WaitQueue as Queue } from "../../kernel";
import { run } from "../helpers/run";

test("unpark wakes who has waited longest, with a value, and returns its pid; 0 when nobody waits", () => {
  const { log } = run(function* (log) {
    const queue = waitQueue("a turn");
    for (const name of ["a", "b"]) {
      yield* spawn(function* () {
        log(name, yield* park(queue));
      });
    }
    yield* sleep(1);
    for (const value of [1, 2, 3]) log("woke", yield* unpark(queue, value));
  });
  expect(log).toEqual(["a 1", "woke 3", "b 2", "woke 4", "woke 0"]);
});

test("a killed waiter leaves the queue, and the next one gets its turn", () => {
  const { log } = run(function* (log) {
    const queue = waitQueue("a turn");
    const pids = [];
    for (const name of ["a", "b", "c"]) {
      pids.push(
        yield* spawn(function* () {
          yield* park(queue);
          log(name);
        }),
      );
    }
    yield* sleep(1);
    yield* kill(pids[0]!, "TERM");
    yield* kill(pids[1]!, "KILL");
    log(yield* unpark(queue));
    for (const pid of pids) yield* wait(pid);
  });
  expect(log).toEqual(["c", "5"]);
});

test("with park and unpark user mode can build a mutex", () => {
  class Mutex {
    #locked = false;
    readonly #waiters = waitQueue("the mutex");
    *lock(): Program<void> {
      if (this.#locked) yield* park(this.#waiters);
      this.#locked = true;
    }
    *unlock(): Program<void> {
      // Handed over directly: it stays locked if somebody waits.
      if ((yield* unpark(this.#waiters)) === 0) this.#locked = false;
    }
  }
  let inside = 0;
  const { log } = run(function* (log) {
    const mutex = new Mutex();
    for (let i = 0; i < 5; i++) {
      yield* spawn(function* () {
        yield* mutex.lock();
        inside += 1;
        log(i, inside);
        yield* sleep(1);
        inside -= 1;
        yield* mutex.unlock();
      });
    }
  });
  expect(log).toEqual(["0 1", "1 1", "2 1", "3 1", "4 1"]);
});

// xv6 exitwait, forktest
test("spawn and exit a hundred times: wait returns that pid each time; one wait more is ECHILD", () => {
  const { log } = run(function* (log) {
    for (let i = 0; i < 100; i++) {
      const pid = yield* spawn(function* () {
        return i;
      });
      const status = yield* wait();
      if (status.pid !== pid) log("wrong child");
    }
    try {
      yield* wait();
    } catch (error) {
      log(error instanceof SystemError && error.errno);
    }
  });
  expect(log).toEqual(["ECHILD"]);
});

test("wait for any child returns them in the order of their deaths", () => {
  const { log } = run(function* (log) {
    for (const ms of [30, 10, 20]) {
      yield* spawn(function* () {
        yield* sleep(ms);
        return ms;
      });
    }
    for (let i = 0; i < 3; i++) {
      const status = yield* wait();
      log(status.kind === "exited" && status.value);
    }
  });
  expect(log).toEqual(["10", "20", "30"]);
});

test("getppid is the spawner, then init once that has exited", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      yield* spawn(function* () {
        log(yield* getppid());
        yield* sleep(10);
        log(yield* getppid());
      });
      yield* sleep(5);
    });
    yield* wait(pid);
  });
  expect(log).toEqual(["3", "1"]);
});

test("ps is a snapshot that nobody can change and that does not change", () => {
  const { value } = run(function* () {
    const before = yield* ps();
    yield* spawn(function* extra() {
      yield* sleep(1);
    });
    return before;
  });
  expect(value.map(({ pid, name }) => `${pid} ${name}`)).toEqual(["1 init", "2 main"]);
  expect(Object.isFrozen(value) && Object.isFrozen(value[0])).toBe(true);
  expect(value[1]).toMatchObject({ pid: 2, ppid: 1, state: "running", depth: 1, descriptors: [] });
});

test("random numbers follow the seed", () => {
  const three = (seed: number) =>
    run(
      function* () {
        return [yield* random(), yield* random(), yield* random()];
      },
      { seed },
    ).value;
  expect(three(1)).toEqual(three(1));
  expect(three(1)).not.toEqual(three(2));
  for (const number of three(3)) expect(number >= 0 && number < 1).toBe(true);
});

test("promise waits for the host's promise: its value, its rejection, and AbortSignal on a kill", async () => {
  const aborted: string[] = [];
  const { value } = await simulateAsync(function* () {
    const results: unknown[] = [yield* promise(Promise.resolve(7))];
    try {
      yield* promise(Promise.reject(new Error("refused")));
    } catch (error) {
      results.push((error as Error).message);
    }
    results.push(yield* promise(() => new Promise((resolve) => setImmediate(resolve, "later"))));
    try {
      yield* promise(() => {
        throw new Error("threw at once");
      });
    } catch (error) {
      results.push((error as Error).message);
    }
    for (const signal of ["TERM", "KILL"] as const) {
      const pid = yield* spawn(function* () {
        yield* promise((abort) => {
          abort.addEventListener("abort", () => aborted.push(signal));
          return new Promise(() => {});
        });
      });
      yield* yieldCpu();
      yield* kill(pid, signal);
      results.push((yield* wait(pid)).kind);
    }
    return results;
  });
  expect(value).toEqual([7, "refused", "later", "threw at once", "killed", "killed"]);
  expect(aborted).toEqual(["TERM", "KILL"]);
});

test("a system call of one's own: declared in one place, typed, shown and checked like any other", () => {
  /** Wait until `count` tasks have come here; then all go on. */
  const meet = blockingCall("meet", (kernel, task, place: { queue: WaitQueue; count: number }) => {
    if (place.queue.length + 1 < place.count) return kernel.block(task, place.queue);
    while (kernel.wake(place.queue, "met") !== null);
    return "met last";
  });
  const double = syscall("double", (_kernel, _task, n: number) => {
    if (typeof n !== "number") throw new SystemError("EINVAL", "give a number");
    return 2 * n;
  });
  const { log } = run(function* (log) {
    const place = { queue: new Queue("the others"), count: 3 };
    for (let i = 0; i < 2; i++) {
      yield* spawn(function* () {
        log(yield* meet(place));
      });
    }
    yield* sleep(1);
    log((yield* ps()).find((task) => task.pid === 3)?.waitsFor);
    log(yield* meet(place));
    yield* sleep(1);
    log((yield* double(4)) + 1);
    try {
      yield* double("4" as unknown as number);
    } catch (error) {
      log((error as Error).message);
    }
  });
  expect(log).toEqual([
    "the others",
    "met",
    "met",
    "met last",
    "9",
    'EINVAL: task 2 "main": double("4"): give a number',
  ]);
  expect(BLOCKED.toString()).toBe("Symbol(blocked)");
});

test("a deadlock names every task that waits and what for, and its clean-ups still run", () => {
  const { log, deadlock, status, stderr } = run(function* (log) {
    const queue = waitQueue("Godot");
    yield* spawn(function* vladimir() {
      try {
        yield* park(queue);
      } finally {
        log("vladimir goes");
      }
    });
    yield* wait();
  });
  const report = [
    "deadlock: every task waits, and nothing is left that could wake one",
    '  task 2 "main" waits in wait(): a child to exit',
    '  task 3 "vladimir" waits in park([WaitQueue "Godot"]): Godot',
  ].join("\n");
  expect(deadlock).toBe(report);
  expect(stderr).toContain(report);
  expect(log).toEqual(["vladimir goes"]);
  expect(status).toMatchObject({ kind: "killed", by: 0, reason: "deadlock" });
});

test("a clean-up that deadlocks again is ended with KILL", () => {
  const { status } = run(function* () {
    const queue = waitQueue("never");
    try {
      yield* park(queue);
    } finally {
      yield* park(queue);
    }
  });
  expect(status).toMatchObject({ kind: "killed", signal: "KILL" });
});

test("a task that is always ready leaves the host its turns, also where time jumps", async () => {
  let flag = false;
  const { value } = await simulateAsync(function* () {
    void Promise.resolve().then(() => (flag = true));
    let turns = 0;
    for (; !flag && turns < 100_000; turns++) yield* yieldCpu();
    return turns;
  });
  expect(flag).toBe(true);
  expect(value).toBeLessThan(100_000);
});
