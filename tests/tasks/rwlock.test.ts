import { simulate } from "../../boot";
import { kill, ps, select, sleep, spawn, SystemError, wait, yieldCpu } from "../../syscalls";
import type { Pid, Program } from "../../syscalls";
import { RwLock, timeout } from "../../tasks";
import { killEverywhere } from "../helpers/strike";
import { messageOf, run } from "../helpers/run";

test("readers read together, a writer writes alone, and nobody overtakes", () => {
  const { log } = run(function* (log) {
    const lock = new RwLock("cache");
    const enter = (name: string) =>
      function* (): Program<void> {
        log(name, "in", `${lock.readers} read`, lock.writing);
        yield* sleep(2);
        log(name, "out");
      };
    const tasks: [string, "read" | "write"][] = [
      ["r1", "read"],
      ["r2", "read"],
      ["w1", "write"],
      ["r3", "read"],
      ["r4", "read"],
      ["w2", "write"],
    ];
    for (const [name, mode] of tasks) {
      const body = enter(name);
      yield* spawn(() => (mode === "read" ? lock.withRead(body) : lock.withWrite(body)));
    }
    for (let i = 0; i < tasks.length; i++) yield* wait();
  });
  expect(log).toEqual([
    "r1 in 1 read false",
    "r2 in 2 read false",
    "r1 out",
    "r2 out",
    "w1 in 0 read true",
    "w1 out",
    "r3 in 2 read false",
    "r4 in 2 read false",
    "r3 out",
    "r4 out",
    "w2 in 0 read true",
    "w2 out",
  ]);
});

test("a stream of readers does not starve a writer", () => {
  const { log } = run(function* (log) {
    const lock = new RwLock();
    function* reader(): Program<void> {
      for (let i = 0; i < 5; i++) yield* lock.withRead(sleep(3));
    }
    yield* spawn(reader());
    yield* sleep(1);
    yield* spawn(reader());
    yield* sleep(1);
    const began = 2;
    yield* lock.withWrite(function* () {
      log("writes after", began);
      yield* yieldCpu();
    });
    yield* wait();
    yield* wait();
  });
  expect(log).toEqual(["writes after 2"]);
});

// curio test_sema_acquire_cancel
test.each(["TERM", "KILL"] as const)(
  "a waiting writer that is killed with %s lets the readers behind it in at once",
  (signal) => {
    const { log } = run(function* (log) {
      const lock = new RwLock();
      yield* spawn(() => lock.withRead(sleep(10)));
      const writer = yield* spawn(() => lock.withWrite(sleep(10)));
      yield* spawn(() =>
        lock.withRead(function* () {
          log("the reader is in with", lock.readers);
          yield* yieldCpu();
        }),
      );
      yield* sleep(1);
      yield* kill(writer, signal);
      yield* yieldCpu();
      log("killed");
      for (let i = 0; i < 3; i++) yield* wait();
    });
    expect(log).toEqual(["the reader is in with 2", "killed"]);
  },
);

test("a reader that dies only leaves; a writer that dies leaves it to be recovered", () => {
  const { log } = run(function* (log) {
    const lock = new RwLock("cache");
    const reader = yield* spawn(() => lock.withRead(sleep(10)));
    yield* sleep(1);
    yield* kill(reader, "KILL");
    yield* lock.withWrite(yieldCpu());
    const writer = yield* spawn(() => lock.withWrite(sleep(10)), { name: "writer" });
    const waiter = yield* spawn(function* () {
      log(yield* messageOf(lock.withRead(yieldCpu())));
    });
    yield* sleep(1);
    yield* kill(writer, "KILL");
    yield* wait(waiter);
    yield* lock.recover();
    log(lock.writing);
    yield* lock.unlock();
    yield* lock.withRead(yieldCpu());
    log(yield* messageOf(lock.recover()));
  });
  expect(log).toEqual([
    'EOWNERDEAD: task 5: lock([Lock "cache"], "shared"): task 4 "writer" died with the lock cache; put in order what it protects, then recover() it',
    "true",
    'EINVAL: task 2 "main": recover([Lock "cache"]): the lock cache is in order: use lock()',
  ]);
});

// curio test_rlock_notowner
test("who holds it cannot take it again, and who does not cannot give it away", () => {
  const { log } = run(function* (log) {
    const lock = new RwLock("cache");
    yield* lock.read();
    log(yield* messageOf(lock.write()));
    log(yield* messageOf(lock.read()));
    yield* lock.unlock();
    log(yield* messageOf(lock.unlock()));
  });
  expect(log).toEqual([
    'EDEADLK: task 2 "main": lock([Lock "cache"], "exclusive"): it holds the lock cache already',
    'EDEADLK: task 2 "main": lock([Lock "cache"], "shared"): it holds the lock cache already',
    'EPERM: task 2 "main": unlock([Lock "cache"]): it does not hold the lock cache: nobody holds it',
  ]);
});

test("killed at every step, readers and writers leave a lock that the others can use", () => {
  let lock = new RwLock();
  const runs = killEverywhere(
    function* () {
      lock = new RwLock();
      let [readers, writers] = [0, 0];
      function* reader(): Program<void> {
        for (let i = 0; i < 2; i++) {
          yield* usable(
            lock,
            lock.withRead(function* () {
              readers = lock.readers;
              expect(lock.writing).toBe(false);
              yield* sleep(1);
            }),
          );
        }
      }
      function* writer(): Program<void> {
        yield* usable(
          lock,
          lock.withWrite(function* () {
            writers += 1;
            expect(lock.readers).toBe(0);
            yield* yieldCpu();
            yield* sleep(1);
          }),
        );
      }
      yield* spawn(reader(), { name: "r1" });
      yield* spawn(writer(), { name: "w1" });
      yield* spawn(reader(), { name: "r2" });
      yield* spawn(writer(), { name: "w2" });
      for (let i = 0; i < 4; i++) {
        const status = yield* wait();
        if (status.kind === "crashed") throw status.error;
      }
      yield* usable(lock, timeout(10, lock.withWrite(yieldCpu())));
      return [readers, writers];
    },
    ["r1", "r2", "w1", "w2"],
    ({ status }) => {
      expect(status.kind).toBe("exited");
      expect([lock.readers, lock.writing]).toEqual([0, false]);
    },
  );
  expect(runs).toBeGreaterThan(100);
});

/** Run `work`; if a writer died, put the lock in order. */
function* usable(lock: RwLock, work: Program<unknown>): Program<void> {
  try {
    yield* work;
  } catch (error) {
    if (!(error instanceof SystemError && error.errno === "EOWNERDEAD")) throw error;
    try {
      yield* lock.recover();
      yield* lock.unlock();
    } catch {
      // Another one was quicker.
    }
  }
}

test("read and write can be cases of select, and a case that loses leaves the queue", () => {
  const { log } = run(function* (log) {
    const lock = new RwLock();
    yield* spawn(() => lock.withRead(sleep(10)));
    yield* yieldCpu();
    const cases = { write: lock.write(), late: sleep(3) };
    log((yield* select(cases)).which);
    log((yield* select({ read: lock.read(), late: sleep(3) })).which, lock.readers);
    yield* lock.unlock();
  });
  expect(log).toEqual(["late", "read 2"]);
});

test("reports name who holds it", () => {
  const { log } = run(function* (log) {
    const lock = new RwLock("cache");
    yield* spawn(() => lock.withRead(sleep(5)), { name: "r1" });
    yield* spawn(() => lock.withRead(sleep(5)), { name: "r2" });
    yield* spawn(() => lock.withWrite(sleep(5)), { name: "w" });
    yield* sleep(1);
    log((yield* ps())[4]!.waitsFor);
    log(String(lock));
  });
  expect(log).toEqual(['the lock cache, held by task 3 "r1", task 4 "r2"', "cache"]);
});

test("ten thousand readers behind a writer get in together, in linear time", () => {
  let most = 0;
  simulate(function* () {
    const lock = new RwLock();
    yield* lock.write();
    const pids: Pid[] = [];
    for (let i = 0; i < 10_000; i++) {
      pids.push(
        yield* spawn(() =>
          lock.withRead(function* () {
            most = Math.max(most, lock.readers);
            yield* sleep(1);
          }),
        ),
      );
    }
    yield* sleep(1);
    yield* lock.unlock();
    for (const pid of pids) yield* wait(pid);
  });
  expect(most).toBe(10_000);
});
