// Locks: fair, handed over directly, and never lost with the task that held or wanted them.

import {
  kill,
  Lock,
  lock,
  park,
  ps,
  recover,
  select,
  sleep,
  spawn,
  unlock,
  unpark,
} from "../../syscalls";
import { wait } from "../../syscalls";
import type { LockMode, Program, SystemCall } from "../../syscalls";
import { messageOf, run, type Log } from "../helpers/run";

/** Makes one call, as a program. */
function* make<T>(call: SystemCall<T>): Program<T> {
  return yield* call;
}

/** Holds `held` for some time. */
function* holder(log: Log, name: string, held: Lock, mode?: LockMode, ms = 10): Program<void> {
  yield* lock(held, mode);
  log(name, "in");
  yield* sleep(ms);
  log(name, "out");
  yield* unlock(held);
}

test("a lock goes from holder to holder, first come, first served", () => {
  const { log, clock, kernel } = run(function* (log) {
    const held = new Lock("door");
    for (const name of ["a", "b", "c"]) yield* spawn(holder(log, name, held));
  });
  expect(log).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  expect(clock).toBe(30);
  expect([...kernel.tasks].length).toBe(1);
});

test("it is handed over directly: who unlocks and locks again comes after those who waited", () => {
  const { log } = run(function* (log) {
    const held = new Lock("door");
    yield* lock(held);
    yield* spawn(holder(log, "waiter", held));
    yield* sleep(1);
    yield* unlock(held);
    log("free?", held.holders.size);
    yield* lock(held);
    log("main in");
  });
  expect(log).toEqual(["waiter in", "free? 1", "waiter out", "main in"]);
});

test("readers share it; a writer is alone; a reader that comes after a waiting writer waits", () => {
  const { log, clock } = run(function* (log) {
    const book = new Lock("book");
    for (const name of ["r1", "r2"]) yield* spawn(holder(log, name, book, "shared"));
    yield* spawn(holder(log, "w", book));
    for (const name of ["r3", "r4"]) yield* spawn(holder(log, name, book, "shared"));
  });
  expect(log).toEqual([
    ...["r1 in", "r2 in", "r1 out", "r2 out"],
    ...["w in", "w out"],
    ...["r3 in", "r4 in", "r3 out", "r4 out"],
  ]);
  expect(clock).toBe(30);
});

// curio test_sema_acquire_cancel
test.each(["TERM", "KILL"] as const)(
  "a waiter that is sent %s leaves the queue; the next one gets the lock",
  (signal) => {
    const { log } = run(function* (log) {
      const held = new Lock("door");
      yield* lock(held);
      const victim = yield* spawn(holder(log, "victim", held));
      yield* spawn(holder(log, "next", held));
      yield* sleep(1);
      yield* kill(victim, signal);
      yield* unlock(held);
      yield* wait(victim);
    });
    expect(log).toEqual(["next in", "next out"]);
  },
);

test.each(["TERM", "KILL"] as const)(
  "a writer that is sent %s in the queue lets the readers behind it in",
  (signal) => {
    const { log } = run(function* (log) {
      const book = new Lock("book");
      yield* lock(book, "shared");
      const writer = yield* spawn(holder(log, "writer", book));
      for (const name of ["r1", "r2"]) yield* spawn(holder(log, name, book, "shared"));
      yield* sleep(1);
      log("all wait", book.length);
      yield* kill(writer, signal);
      yield* wait(writer);
      yield* sleep(1);
      log("nobody waits", book.length, book.holders.size);
    });
    expect(log.slice(0, 4)).toEqual(["all wait 3", "r1 in", "r2 in", "nobody waits 0 3"]);
  },
);

test("a lock that was given to a task that KILL keeps from running goes to the next, in order", () => {
  const { log } = run(
    function* (log) {
      for (const mode of ["exclusive", "shared"] as const) {
        const held = new Lock("door");
        yield* lock(held);
        const victim = yield* spawn(holder(log, "victim", held, mode));
        yield* sleep(1);
        yield* spawn(holder(log, "next", held));
        yield* sleep(1);
        yield* unlock(held);
        log(
          "the victim's",
          [...held.holders].some(({ pid }) => pid === victim),
        );
        yield* kill(victim, "KILL");
        yield* sleep(20);
        log(held.abandonedBy);
      }
    },
    { prepare: (kernel) => (kernel.choose = (n) => n - 1) },
  );
  const once = ["the victim's true", "next in", "next out", "null"];
  expect(log).toEqual([...once, ...once]);
});

// curio test_rlock_notowner
test("unlocking what one does not hold is EPERM, locking what one holds EDEADLK", () => {
  const { log } = run(function* (log) {
    const free = new Lock("free");
    const taken = new Lock("taken");
    const mine = new Lock("mine");
    yield* spawn(
      holder(() => {}, "", taken),
      { name: "other" },
    );
    yield* sleep(1);
    yield* lock(mine);
    log(yield* messageOf(make(unlock(free))));
    log(yield* messageOf(make(unlock(taken))));
    log(yield* messageOf(make(lock(mine))));
    log(yield* messageOf(make(lock(mine, "shared"))));
    log([...mine.holders].map(String), mine.length);
  });
  expect(log).toEqual([
    'EPERM: task 2 "main": unlock([Lock "free"]): it does not hold the lock free: nobody holds it',
    'EPERM: task 2 "main": unlock([Lock "taken"]): it does not hold the lock taken: task 3 "other" holds it',
    'EDEADLK: task 2 "main": lock([Lock "mine"]): it holds the lock mine already',
    'EDEADLK: task 2 "main": lock([Lock "mine"], "shared"): it holds the lock mine already',
    'task 2 "main" 0',
  ]);
});

describe("a lock whose holder died", () => {
  const died =
    'task 3 "owner" died with the lock door; put in order what it protects, then recover() it';

  test.each(["return", "throw", "TERM", "KILL"])(
    "by %s tells those who wait and those who come EOWNERDEAD, until it is recovered",
    (end) => {
      const { log } = run(function* (log) {
        const door = new Lock("door");
        const owner = yield* spawn(
          function* () {
            yield* lock(door);
            yield* sleep(5);
            if (end === "throw") throw new Error("on purpose");
            if (end !== "return") yield* sleep(1000);
          },
          { name: "owner" },
        );
        yield* sleep(1);
        for (const mode of ["exclusive", "shared"] as const) {
          yield* spawn(
            (function* () {
              log(yield* messageOf(make(lock(door, mode))));
            })(),
            { name: "waiter" },
          );
        }
        const chooser = yield* spawn(
          function* () {
            log(yield* messageOf(make(select({ door: lock(door), late: sleep(99) }))));
          },
          { name: "chooser" },
        );
        yield* sleep(6);
        if (end === "TERM" || end === "KILL") yield* kill(owner, end);
        yield* wait(owner);
        yield* wait(chooser);
        log(yield* messageOf(make(lock(door))));
        yield* recover(door);
        log("mine", [...door.holders].map(String), door.abandonedBy);
        yield* unlock(door);
        yield* lock(door);
      });
      expect(log).toEqual([
        `EOWNERDEAD: task 4 "waiter": lock([Lock "door"], "exclusive"): ${died}`,
        `EOWNERDEAD: task 5 "waiter": lock([Lock "door"], "shared"): ${died}`,
        `EOWNERDEAD: task 6 "chooser": lock([Lock "door"]): ${died}`,
        `EOWNERDEAD: task 2 "main": lock([Lock "door"]): ${died}`,
        'mine task 2 "main" null',
      ]);
    },
  );

  test("is recovered by one; another's recover is EINVAL, and who recovers may die with it, too", () => {
    const { log } = run(function* (log) {
      const door = new Lock("door");
      const die = function* (take: (held: Lock) => SystemCall<void>): Program<void> {
        yield* take(door);
      };
      yield* wait(yield* spawn(die(lock), { name: "first" }));
      log(door.abandonedBy);
      yield* wait(yield* spawn(die(recover), { name: "second" }));
      log(door.abandonedBy);
      yield* recover(door);
      const late = yield* spawn(
        function* () {
          log(yield* messageOf(make(recover(door))));
        },
        { name: "late" },
      );
      yield* wait(late);
    });
    expect(log).toEqual([
      'task 3 "first"',
      'task 4 "second"',
      'EINVAL: task 5 "late": recover([Lock "door"]): the lock door is in order: use lock()',
    ]);
  });

  test("for reading is released as if it had unlocked it", () => {
    const { log } = run(function* (log) {
      const book = new Lock("book");
      const reader = yield* spawn(holder(log, "reader", book, "shared"));
      yield* spawn(holder(log, "writer", book));
      yield* sleep(1);
      yield* kill(reader, "KILL");
      yield* wait(reader);
      yield* sleep(20);
      log(book.abandonedBy);
    });
    expect(log).toEqual(["reader in", "writer in", "writer out", "null"]);
  });

  test("holds more of them: all are told", () => {
    const { log } = run(function* (log) {
      const [a, b] = [new Lock("a"), new Lock("b")];
      yield* wait(
        yield* spawn(function* () {
          yield* lock(a);
          yield* lock(b);
        }),
      );
      log(a.abandonedBy, b.abandonedBy);
    });
    expect(log).toEqual(["task 3 task 3"]);
  });
});

test("ps shows the locks a task holds, and who holds the one it waits for", () => {
  const { log } = run(function* (log) {
    const book = new Lock("book");
    for (const name of ["r1", "r2"]) {
      yield* spawn(
        holder(() => {}, name, book, "shared"),
        { name },
      );
    }
    yield* spawn(
      holder(() => {}, "", book),
      { name: "w" },
    );
    yield* sleep(1);
    for (const task of (yield* ps()).slice(2)) log(task.name, task.locks, task.waitsFor);
  });
  expect(log).toEqual([
    "r1 book a deadline",
    "r2 book a deadline",
    'w  the lock book, held by task 3 "r1", task 4 "r2"',
  ]);
});

const nothing = {} as never;
const noLock = "{} is no lock; make one with new Lock(name)";
const noQueue = '[Lock "x"] is no wait queue; make one with waitQueue(label)';
test.each<[() => SystemCall<unknown>, string]>([
  [() => lock(nothing), `lock({}): ${noLock}`],
  [() => unlock(nothing), `unlock({}): ${noLock}`],
  [() => recover(nothing), `recover({}): ${noLock}`],
  [
    () => lock(new Lock("x"), "both" as never),
    'lock([Lock "x"], "both"): "both" is no mode; there are "exclusive", "shared"',
  ],
  [() => park(new Lock("x")), `park([Lock "x"]): ${noQueue}`],
  [() => unpark(new Lock("x")), `unpark([Lock "x"]): ${noQueue}`],
])("%s is EINVAL", (call, message) => {
  const { log } = run(function* (log) {
    log(yield* messageOf(make(call())));
  });
  expect(log).toEqual([`EINVAL: task 2 "main": ${message}`]);
});
