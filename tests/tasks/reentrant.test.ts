import { simulate } from "../../boot";
import { kill, ps, select, sleep, spawn, SystemError, wait, yieldCpu } from "../../syscalls";
import type { Pid, Program } from "../../syscalls";
import { Mutex, ReentrantMutex, timeout } from "../../tasks";
import { killEverywhere } from "../helpers/strike";
import { messageOf, run } from "../helpers/run";

const kinds: [string, (name?: string) => Mutex][] = [
  ["Mutex", (name) => new Mutex(name)],
  ["ReentrantMutex", (name) => new ReentrantMutex(name)],
];

/** What a system call throws. */
function failure(call: Iterable<unknown>): Program<string> {
  return messageOf(call as unknown as Program);
}

describe.each(kinds)("%s", (_name, make) => {
  test("goes to the one who has waited longest", () => {
    const { log } = run(function* (log) {
      const mutex = make();
      for (const name of ["a", "b", "c"]) {
        yield* spawn(function* () {
          for (let i = 0; i < 2; i++) {
            yield* mutex.with(function* () {
              log(name);
              yield* sleep(1);
            });
          }
        });
      }
      for (let i = 0; i < 3; i++) yield* wait();
    });
    expect(log).toEqual(["a", "b", "c", "a", "b", "c"]);
  });

  // curio test_rlock_notowner
  test("unlocking it without holding it is EPERM, and names who does", () => {
    const { log } = run(function* (log) {
      const mutex = make("m");
      log(yield* failure(mutex.unlock()));
      yield* spawn(() => mutex.with(sleep(5)), { name: "holder" });
      yield* yieldCpu();
      log(yield* failure(mutex.unlock()));
    });
    expect(log).toEqual([
      'EPERM: task 2 "main": unlock([Lock "m"]): it does not hold the lock m: nobody holds it',
      'EPERM: task 2 "main": unlock([Lock "m"]): it does not hold the lock m: task 3 "holder" holds it',
    ]);
  });

  // curio test_sema_acquire_cancel
  test.each(["TERM", "KILL"] as const)("a waiter killed with %s leaves its queue", (signal) => {
    const { log } = run(function* (log) {
      const mutex = make();
      yield* mutex.lock();
      const pids: Pid[] = [];
      for (const name of ["a", "b"]) {
        pids.push(
          yield* spawn(() =>
            mutex.with(function* () {
              log(name);
            }),
          ),
        );
      }
      yield* sleep(1);
      yield* kill(pids[0]!, signal);
      yield* mutex.unlock();
      for (const pid of pids) log((yield* wait(pid)).kind);
      log(mutex.locked);
    });
    expect(log).toEqual(["b", "killed", "exited", "false"]);
  });

  test("when its holder dies, waiters and newcomers get EOWNERDEAD until one recovers it", () => {
    const { log } = run(function* (log) {
      const mutex = make("m");
      const holder = yield* spawn(
        function* () {
          yield* mutex.lock();
          yield* sleep(10);
        },
        { name: "holder" },
      );
      yield* yieldCpu();
      yield* spawn(function* () {
        log((yield* failure(mutex.lock())).slice(0, 10));
      });
      yield* sleep(1);
      yield* kill(holder);
      yield* sleep(1);
      log(yield* failure(mutex.lock()));
      log((yield* failure(mutex.unlock())).slice(0, 10));
      yield* mutex.recover();
      yield* mutex.unlock();
      yield* mutex.with(yieldCpu());
    });
    const fix = "put in order what it protects, then recover() it";
    expect(log).toEqual([
      "EOWNERDEAD",
      `EOWNERDEAD: task 2 "main": lock([Lock "m"]): task 3 "holder" died with the lock m; ${fix}`,
      "EOWNERDEAD",
    ]);
  });

  test("KILL between the hand-over and the next step passes it on in order", () => {
    const { log } = run(function* (log) {
      const mutex = make();
      const pids: Pid[] = [];
      yield* mutex.lock();
      for (const name of ["a", "b"]) {
        pids.push(
          yield* spawn(() =>
            mutex.with(function* () {
              log(name);
            }),
          ),
        );
      }
      yield* yieldCpu();
      yield* spawn(function* () {
        yield* yieldCpu(); // so that it wakes after its parent
        yield* sleep(1);
        yield* kill(pids[0]!, "KILL");
      });
      yield* sleep(1);
      // The killer is ready already, so it runs before the one that has the mutex now.
      yield* mutex.unlock();
      for (let i = 0; i < 3; i++) log((yield* wait()).kind);
    });
    expect(log).toEqual(["b", "killed", "exited", "exited"]);
  });

  test("killed at every step, a task in with() either unlocks it or leaves it abandoned", () => {
    let mutex = make();
    const runs = killEverywhere(
      function* () {
        mutex = make();
        const seen: string[] = [];
        let count = 0;
        for (const name of ["a", "b", "c"]) {
          yield* spawn(
            function* () {
              for (let i = 0; i < 2; i++) {
                try {
                  yield* mutex.with(function* () {
                    const before = count;
                    yield* yieldCpu();
                    yield* sleep(1);
                    count = before + 1;
                    seen.push(name);
                  });
                } catch (error) {
                  if (!(error instanceof SystemError)) throw error;
                  expect(error.errno).toBe("EOWNERDEAD");
                  if (mutex.inner.abandonedBy === null) continue;
                  yield* mutex.recover();
                  yield* mutex.unlock();
                }
              }
            },
            { name },
          );
        }
        for (let i = 0; i < 3; i++) {
          const status = yield* wait();
          if (status.kind === "crashed") throw status.error;
        }
        if (mutex.inner.abandonedBy !== null) {
          yield* mutex.recover();
          yield* mutex.unlock();
        }
        yield* timeout(1, mutex.lock());
        yield* mutex.unlock();
        return count === seen.length;
      },
      ["a", "b"],
      ({ value }) => expect([value, mutex.locked]).toEqual([true, false]),
    );
    expect(runs).toBeGreaterThan(80);
  });

  test("can be a case of select", () => {
    const { log } = run(function* (log) {
      const mutex = make();
      yield* spawn(() => mutex.with(sleep(5)));
      yield* yieldCpu();
      log((yield* select({ mine: mutex.lock(), late: sleep(1) })).which);
      log((yield* select({ mine: mutex.lock(), late: sleep(10) })).which, mutex.locked);
      yield* mutex.unlock();
    });
    expect(log).toEqual(["late", "mine true"]);
  });

  test("ten thousand waiters have it one after the other, in linear time", () => {
    let passed = 0;
    simulate(function* () {
      const mutex = make();
      for (let i = 0; i < 10_000; i++) {
        yield* spawn(() =>
          mutex.with(function* () {
            yield* yieldCpu();
            passed += 1;
          }),
        );
      }
      for (let i = 0; i < 10_000; i++) yield* wait();
    });
    expect(passed).toBe(10_000);
  });
});

test("locking a mutex twice is EDEADLK, and it stays locked once", () => {
  const { log } = run(function* (log) {
    const mutex = new Mutex("m");
    yield* mutex.lock();
    log(yield* failure(mutex.lock()));
    yield* mutex.unlock();
    log(mutex.locked);
  });
  expect(log).toEqual([
    'EDEADLK: task 2 "main": lock([Lock "m"]): it holds the lock m already',
    "false",
  ]);
});

// curio test_rlock
test("a reentrant mutex is free for others when it was unlocked as often as it was locked", () => {
  const { log } = run(function* (log) {
    const mutex = new ReentrantMutex("m");
    yield* spawn(function* () {
      yield* yieldCpu();
      yield* mutex.with(function* () {
        log("the other one has it");
      });
    });
    yield* mutex.with(() =>
      mutex.with(function* () {
        yield* sleep(1);
        log("inside twice");
      }),
    );
    yield* mutex.lock();
    yield* mutex.lock();
    yield* mutex.unlock();
    yield* sleep(1);
    log("still", (yield* ps())[1]!.locks);
    yield* mutex.unlock();
    log((yield* failure(mutex.unlock())).slice(0, 5));
    log(mutex.locked);
  });
  expect(log).toEqual(["inside twice", "the other one has it", "still m", "EPERM", "false"]);
});

test("a reentrant mutex whose holder died locked twice is free after one unlock of who recovers it", () => {
  const { log } = run(function* (log) {
    const mutex = new ReentrantMutex("m");
    const holder = yield* spawn(() => mutex.with(() => mutex.with(sleep(10))));
    yield* sleep(1);
    yield* kill(holder, "KILL");
    yield* mutex.recover();
    yield* mutex.unlock();
    log(mutex.locked);
  });
  expect(log).toEqual(["false"]);
});

test("what the body throws goes before what the unlock throws, so that a kill arrives", () => {
  const { log } = run(function* (log) {
    const mutex = new Mutex("m");
    log(
      yield* messageOf(
        mutex.with(function* () {
          yield* mutex.unlock();
          throw new Error("of the body");
        }),
      ),
    );
    log((yield* messageOf(mutex.with(() => mutex.unlock()))).slice(0, 5));
    yield* messageOf(
      mutex.with(function* () {
        throw new Error("of the body");
      }),
    );
    log(mutex.locked);
  });
  expect(log).toEqual(["of the body", "EPERM", "false"]);
});
