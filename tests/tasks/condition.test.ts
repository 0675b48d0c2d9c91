import { simulate } from "../../boot";
import { kill, Killed, Lock, lock, notify, ps, select, sleep, sleepOn } from "../../syscalls";
import { spawn, SystemError, unlock, wait, waitQueue, yieldCpu } from "../../syscalls";
import type { Pid, Program } from "../../syscalls";
import { seeded } from "../../machine/random";
import { Condition, Mutex, ReentrantMutex, timeout, TimeoutError } from "../../tasks";
import { killEverywhere } from "../helpers/strike";
import { messageOf, run } from "../helpers/run";

test("who is notified goes on in the order of its waiting, each with the mutex", () => {
  const { log } = run(function* (log) {
    const mutex = new Mutex();
    const ready = new Condition(mutex);
    for (const name of ["a", "b", "c", "d"]) {
      yield* spawn(() =>
        mutex.with(function* () {
          yield* ready.wait();
          log(name, mutex.locked);
          yield* sleep(1);
          log(name, "leaves");
        }),
      );
    }
    yield* sleep(1);
    yield* mutex.with(function* () {
      log("notified", yield* ready.notify(), "of", ready.waiting + 1);
      yield* sleep(1);
    });
    yield* sleep(5);
    yield* mutex.with(function* () {
      log("notified", yield* ready.notifyAll(), "of", ready.waiting + 3);
      log("nobody is left", yield* ready.notify(2));
    });
    for (let i = 0; i < 4; i++) yield* wait();
  });
  expect(log).toEqual([
    "notified 1 of 4",
    "a true",
    "a leaves",
    "notified 3 of 3",
    "nobody is left 0",
    "b true",
    "b leaves",
    "c true",
    "c leaves",
    "d true",
    "d leaves",
  ]);
});

test("nothing comes between the unlock and the wait: no notification is missed", () => {
  const { log } = run(
    function* (log) {
      const mutex = new Mutex();
      const filled = new Condition(mutex);
      let items = 0;
      yield* spawn(function* () {
        for (let i = 0; i < 20; i++) {
          yield* mutex.with(function* () {
            items += 1;
            yield* filled.notify();
          });
        }
      });
      for (let i = 0; i < 20; i++) {
        yield* mutex.with(function* () {
          yield* filled.until(() => items > 0);
          items -= 1;
        });
      }
      log(items);
    },
    { seed: 3, shuffle: true },
  );
  expect(log).toEqual(["0"]);
});

test("a waiter that is killed has the mutex again before its clean-up runs", () => {
  const { log } = run(function* (log) {
    const mutex = new Mutex("m");
    const ready = new Condition(mutex);
    const waiter = yield* spawn(function* () {
      yield* mutex.lock();
      try {
        yield* ready.wait();
      } catch (error) {
        log(error instanceof Killed, "locked by me:", yield* messageOf(mutex.lock()));
        throw error;
      } finally {
        yield* mutex.unlock();
      }
    });
    yield* sleep(1);
    yield* mutex.lock();
    yield* kill(waiter);
    yield* sleep(5);
    log("unlocks");
    yield* mutex.unlock();
    log((yield* wait(waiter)).kind, mutex.locked);
  });
  expect(log).toEqual([
    "unlocks",
    'true locked by me: EDEADLK: task 3: lock([Lock "m"]): it holds the lock m already',
    "killed false",
  ]);
});

test("a time limit on a wait is thrown with the mutex held", () => {
  const { log, clock } = run(function* (log) {
    const mutex = new Mutex();
    const ready = new Condition(mutex);
    yield* mutex.lock();
    try {
      yield* timeout(3, ready.wait());
    } catch (error) {
      log(error instanceof TimeoutError, mutex.locked, ready.waiting);
    }
    yield* mutex.unlock();
  });
  expect([log, clock]).toEqual([["true true 0"], 3]);
});

test.each([
  ["a mutex", () => new Mutex("m")],
  ["a reentrant mutex", () => new ReentrantMutex("m")],
])("a kill that is pending before the wait is thrown with %s as it was", (_what, make) => {
  const { log, status } = run(function* (log) {
    const mutex = make();
    const ready = new Condition(mutex);
    const waiter = yield* spawn(() =>
      mutex.with(function* () {
        yield* kill(3);
        yield* ready.wait();
      }),
    );
    log((yield* wait(waiter)).kind, mutex.locked);
    yield* mutex.with(yieldCpu());
  });
  expect(status.kind).toBe("exited");
  expect(log).toEqual(["killed false"]);
});

test("a notified waiter that is killed before it has the mutex passes its turn to the next", () => {
  for (const signal of ["TERM", "KILL"] as const) {
    const { log } = run(function* (log) {
      const mutex = new Mutex();
      const ready = new Condition(mutex);
      const pids: Pid[] = [];
      for (const name of ["a", "b"]) {
        pids.push(
          yield* spawn(() =>
            mutex.with(function* () {
              yield* ready.wait();
              log(name);
            }),
          ),
        );
      }
      yield* sleep(1);
      yield* mutex.lock();
      yield* ready.notify();
      yield* kill(pids[0]!, signal);
      yield* mutex.unlock();
      for (const pid of pids) log((yield* wait(pid)).kind);
    });
    expect(log).toEqual(["b", "killed", "exited"]);
  }
});

test("who came after notifyAll is not woken by it, whoever is killed", () => {
  const { log } = run(function* (log) {
    const mutex = new Mutex();
    const ready = new Condition(mutex);
    const early = yield* spawn(() => mutex.with(ready.wait()));
    yield* sleep(1);
    yield* mutex.lock();
    // In the mutex's queue: late, then the holder, then early.
    const late = yield* spawn(() => mutex.with(ready.wait()));
    const holder = yield* spawn(() => mutex.with(sleep(5)));
    yield* yieldCpu();
    log(yield* ready.notifyAll());
    yield* mutex.unlock();
    yield* sleep(1);
    yield* kill(early, "KILL");
    log(ready.waiting);
    yield* wait(holder);
    yield* sleep(1);
    log(ready.waiting);
    yield* kill(late);
  });
  expect(log).toEqual(["1", "1", "1"]);
});

test("KILL between getting the mutex and the next step leaves the mutex in order", () => {
  const { log } = run(function* (log) {
    const mutex = new Mutex();
    const ready = new Condition(mutex);
    const pids: Pid[] = [];
    for (const name of ["a", "b"]) {
      pids.push(
        yield* spawn(() =>
          mutex.with(function* () {
            yield* ready.wait();
            log(name);
          }),
        ),
      );
    }
    yield* spawn(function* () {
      yield* sleep(1);
      yield* mutex.lock();
      yield* ready.notify();
      yield* sleep(1);
      yield* mutex.unlock(); // a has it, and is ready
    });
    yield* sleep(1.5);
    yield* spawn(function* () {
      yield* sleep(0.5); // wakes after the one before, whose timer is older
      yield* kill(pids[0]!, "KILL");
    });
    for (let i = 0; i < 4; i++) log((yield* wait()).kind);
    log(mutex.locked);
  });
  expect(log.filter((line) => line !== "exited")).toEqual(["b", "killed", "false"]);
});

test("a kill that comes while an expired wait takes the mutex again waits for that", () => {
  const { log } = run(function* (log) {
    const mutex = new Mutex("m");
    const ready = new Condition(mutex);
    const waiter = yield* spawn(function* () {
      yield* mutex.lock();
      try {
        yield* timeout(2, ready.wait());
      } catch (error) {
        log(error instanceof TimeoutError);
        yield* mutex.unlock();
        log("unlocked");
      }
      yield* sleep(1);
    });
    yield* sleep(1);
    yield* mutex.lock();
    yield* sleep(2);
    yield* kill(waiter);
    yield* sleep(1);
    yield* mutex.unlock();
    log((yield* wait(waiter)).kind);
  });
  expect(log).toEqual(["true", "unlocked", "killed"]);
});

test("sleepOn and notify keep any lock moving: a reader behind one that is killed gets in", () => {
  const { log } = run(function* (log) {
    const plain = new Lock("plain");
    const queue = waitQueue("news");
    const sleeper = yield* spawn(function* () {
      yield* lock(plain);
      yield* sleepOn(queue, plain);
    });
    yield* yieldCpu();
    yield* lock(plain, "shared");
    yield* notify(queue, plain);
    yield* spawn(function* () {
      yield* lock(plain, "shared");
      log("reads");
      yield* unlock(plain);
    });
    yield* sleep(1);
    log("kills");
    yield* kill(sleeper);
    yield* sleep(1);
    log("unlocks");
    yield* unlock(plain);
  });
  expect(log).toEqual(["kills", "reads", "unlocks"]);
});

test("the wait fails for who does not hold the mutex, or holds it twice, and changes nothing", () => {
  const { log } = run(function* (log) {
    const mutex = new ReentrantMutex("m");
    const ready = new Condition(mutex, "ready");
    log(yield* messageOf(ready.wait()));
    yield* mutex.lock();
    yield* mutex.lock();
    log(yield* messageOf(ready.wait()));
    yield* mutex.unlock();
    log(mutex.locked);
    yield* mutex.unlock();
    log(mutex.locked, ready.waiting);
    log(yield* messageOf(ready.notify(-1)));
  });
  expect(log).toEqual([
    'EPERM: task 2 "main": sleepOn([WaitQueue "the condition ready"], [Lock "m"]): it does not hold the lock m: nobody holds it',
    'EINVAL: task 2 "main": sleepOn([WaitQueue "the condition ready"], [Lock "m"]): it locked m 2 times; wait with it locked once',
    "true",
    "false 0",
    'EINVAL: task 2 "main": notify([WaitQueue "the condition ready"], [Lock "m"], -1): -1 is no number of tasks; give a whole number from 0 up, or Infinity',
  ]);
  expect(() => new Condition(5 as unknown as Mutex)).toThrow("new Condition: 5 is no Mutex");
});

test("when a holder of the mutex dies, who was notified gets EOWNERDEAD, and can recover", () => {
  const { log } = run(function* (log) {
    const mutex = new Mutex("m");
    const ready = new Condition(mutex);
    const waiter = yield* spawn(function* () {
      const text = yield* messageOf(mutex.with(ready.wait()));
      log(text.slice(0, 10));
      yield* mutex.recover();
      yield* mutex.unlock();
    });
    yield* sleep(1);
    const holder = yield* spawn(function* () {
      yield* mutex.lock();
      yield* ready.notify();
      yield* sleep(10);
    });
    yield* sleep(1);
    yield* kill(holder, "KILL");
    log((yield* wait(waiter)).kind);
    yield* mutex.with(yieldCpu());
  });
  expect(log).toEqual(["EOWNERDEAD", "exited"]);
});

test("a wait is no case of select; reports name the condition, then the mutex", () => {
  const { log } = run(function* (log) {
    const mutex = new Mutex("m");
    const ready = new Condition(mutex, "ready");
    yield* spawn(() => mutex.with(ready.wait()));
    yield* sleep(1);
    log((yield* ps())[2]!.waitsFor);
    yield* mutex.lock();
    yield* ready.notify();
    log((yield* ps())[2]!.waitsFor);
    yield* mutex.unlock();
    log(String(ready));
    const never = ready.wait() as unknown as ReturnType<typeof sleep>;
    log((yield* messageOf(select({ never }))).slice(0, 6));
  });
  expect(log).toEqual([
    "the condition ready",
    'the lock m, held by task 2 "main"',
    "ready",
    "EINVAL",
  ]);
});

/** Takes `items` out of a buffer of one, with a condition on each side. */
function* buffer(log: (...words: unknown[]) => void, items: number): Program<number[]> {
  const mutex = new Mutex("buffer");
  const changed = new Condition(mutex);
  const taken: number[] = [];
  const held: number[] = [];
  let consumers = 2;
  function* consumer(name: string): Program<void> {
    try {
      for (;;) {
        yield* safely(mutex, function* () {
          yield* changed.until(() => held.length > 0);
          const item = held.shift()!;
          taken.push(item);
          log(name, item);
          yield* changed.notifyAll();
        });
      }
    } finally {
      consumers -= 1;
    }
  }
  const pids = [
    yield* spawn(consumer("a"), { name: "a" }),
    yield* spawn(consumer("b"), { name: "b" }),
    yield* spawn(consumer("c"), { name: "c" }),
  ];
  for (let item = 1; item <= items; item++) {
    yield* safely(mutex, function* () {
      yield* changed.until(() => held.length === 0);
      held.push(item);
      yield* changed.notify(1);
    });
    yield* yieldCpu();
  }
  yield* safely(mutex, () => changed.until(() => held.length === 0));
  for (const pid of pids) yield* kill(pid);
  for (const pid of pids) yield* wait(pid);
  expect(consumers).toBeLessThanOrEqual(2);
  return taken;
}

/** As `mutex.with`, and when a holder was killed, again. */
function* safely(mutex: Mutex, body: () => Program<void>): Program<void> {
  for (;;) {
    try {
      return yield* mutex.with(body);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
    try {
      yield* mutex.recover();
      yield* mutex.unlock();
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
  }
}

test("killed at every step, a consumer takes no notification along: the others get every item", () => {
  const runs = killEverywhere(
    (log) => buffer(log, 4),
    ["a", "b"],
    ({ status }) => expect(status).toMatchObject({ kind: "exited", value: [1, 2, 3, 4] }),
  );
  expect(runs).toBeGreaterThan(200);
});

test("random kills lose no notification and leave the mutex free", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seeded(seed);
    const below = (n: number) => Math.floor(random() * n);
    const { deadlock, status } = run(
      function* () {
        const mutex = new Mutex();
        const ready = new Condition(mutex);
        let [given, taken] = [0, 0];
        const pids: Pid[] = [];
        for (let i = 0; i < 6; i++) {
          pids.push(
            yield* spawn(function* () {
              for (let j = 0; j < 2; j++) {
                yield* safely(mutex, function* () {
                  yield* ready.until(() => given > taken);
                  taken += 1;
                });
              }
            }),
          );
        }
        for (const pid of pids) {
          for (let i = below(6); i > 0; i--) yield* yieldCpu();
          if (below(3) === 0) yield* kill(pid, below(2) === 0 ? "KILL" : "TERM");
          yield* safely(mutex, function* () {
            given += 2;
            for (let i = 0; i < 2; i++) yield* ready.notify();
          });
        }
        for (const pid of pids) yield* wait(pid);
        return [mutex.locked, ready.waiting, taken <= given];
      },
      { seed, shuffle: true },
    );
    const value = [false, 0, true];
    expect([seed, deadlock, status]).toMatchObject([seed, undefined, { kind: "exited", value }]);
  }
});

test("ten thousand waiters are notified in linear time", () => {
  let passed = 0;
  simulate(function* () {
    const mutex = new Mutex();
    const ready = new Condition(mutex);
    for (let i = 0; i < 10_000; i++) {
      yield* spawn(() =>
        mutex.with(function* () {
          yield* ready.wait();
          passed += 1;
        }),
      );
    }
    yield* sleep(1);
    yield* mutex.with(ready.notifyAll());
    for (let i = 0; i < 10_000; i++) yield* wait();
  });
  expect(passed).toBe(10_000);
});
