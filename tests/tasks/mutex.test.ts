// Mutex: the kernel's lock as an object.

import { become, exit, kill, sleep, spawn, wait } from "../../syscalls";
import type { Program, SystemCall } from "../../syscalls";
import { Mutex, timeout } from "../../tasks";
import { messageOf, run } from "../helpers/run";

function* make<T>(call: SystemCall<T>): Program<T> {
  return yield* call;
}

test("one task at a time, first come, first served, handed over directly", () => {
  const { log } = run(function* (log) {
    const mutex = new Mutex();
    for (const name of ["a", "b", "c"]) {
      yield* spawn(
        mutex.with(function* () {
          log(name, "in", mutex.locked);
          yield* sleep(5);
          log(name, "out");
        }),
      );
    }
    yield* sleep(20);
    log(mutex.locked);
  });
  expect(log).toEqual(["a in true", "a out", "b in true", "b out", "c in true", "c out", "false"]);
});

test("with returns and throws as its body does, and unlocks in either case", () => {
  const { log } = run(function* (log) {
    const mutex = new Mutex("m");
    const body = function* (): Program<string> {
      yield* sleep(1);
      return "value";
    };
    log(yield* mutex.with(body), yield* mutex.with(body()), mutex.locked);
    log(
      yield* messageOf(
        mutex.with(function* () {
          throw new Error("mine");
        }),
      ),
      mutex.locked,
    );
    log(yield* messageOf(mutex.with(() => mutex.with(body))), mutex.locked);
  });
  expect(log).toEqual([
    "value value false",
    "mine false",
    'EDEADLK: task 2 "main": lock([Lock "m"]): it holds the lock m already false',
  ]);
});

test.each<[string, () => Program<unknown>]>([
  ["exit", () => exit("end") as unknown as Program],
  ["become", () => become(make(sleep(50))) as unknown as Program],
  ["a kill", () => make(sleep(1000))],
  ["a limit", () => timeout(5, sleep(1000))],
])("%s inside with unlocks it", (_name, body) => {
  const { log } = run(function* (log) {
    const mutex = new Mutex();
    const pid = yield* spawn(function* () {
      yield* mutex.with(body);
    });
    yield* sleep(10);
    yield* kill(pid);
    yield* wait(pid);
    yield* mutex.lock();
    log("unlocked");
  });
  expect(log).toEqual(["unlocked"]);
});

test("one whose holder is ended with KILL is abandoned until somebody recovers it", () => {
  const { log } = run(function* (log) {
    const mutex = new Mutex("m");
    const pid = yield* spawn(
      mutex.with(() => make(sleep(1000))),
      { name: "owner" },
    );
    yield* sleep(1);
    log(yield* messageOf(make(mutex.recover())));
    yield* kill(pid, "KILL");
    yield* wait(pid);
    log(yield* messageOf(mutex.with(() => make(sleep(0)))), mutex.locked);
    yield* mutex.recover();
    log(mutex.locked);
    yield* mutex.unlock();
    log(yield* messageOf(make(mutex.unlock())));
  });
  expect(log).toEqual([
    'EINVAL: task 2 "main": recover([Lock "m"]): the lock m is in order: use lock()',
    'EOWNERDEAD: task 2 "main": lock([Lock "m"]): task 3 "owner" died with the lock m; put in order what it protects, then recover() it false',
    "true",
    'EPERM: task 2 "main": unlock([Lock "m"]): it does not hold the lock m: nobody holds it',
  ]);
});

test("a mutex is shown by its name", () => {
  expect(`${String(new Mutex("door"))} ${String(new Mutex())}`).toBe("door mutex");
});
