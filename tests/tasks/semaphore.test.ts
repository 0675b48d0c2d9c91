import { simulate } from "../../boot";
import { kill, ps, select, sleep, spawn, wait, yieldCpu } from "../../syscalls";
import type { Pid, Program } from "../../syscalls";
import { seeded } from "../../machine/random";
import { Semaphore, timeout, TimeoutError } from "../../tasks";
import { killEverywhere } from "../helpers/strike";
import { messageOf, run } from "../helpers/run";

// trio test_Semaphore
test("three tasks get a permit first come, first served; one released to a waiter leaves the value 0", () => {
  const { log } = run(function* (log) {
    const semaphore = new Semaphore(1);
    function* worker(name: string): Program<void> {
      for (let round = 0; round < 2; round++) {
        yield* semaphore.acquire();
        log(name, round, "value", semaphore.value, "waiting", semaphore.waiting);
        yield* sleep(1);
        yield* semaphore.release();
        log(name, "released", semaphore.value);
      }
    }
    for (const name of ["a", "b", "c"]) yield* spawn(worker(name));
    for (let i = 0; i < 3; i++) yield* wait();
    log("in the end", semaphore.value);
  });
  expect(log).toEqual([
    "a 0 value 0 waiting 0",
    "b 0 value 0 waiting 1",
    "a released 0",
    "c 0 value 0 waiting 1",
    "b released 0",
    "a 1 value 0 waiting 1",
    "c released 0",
    "b 1 value 0 waiting 1",
    "a released 0",
    "c 1 value 0 waiting 0",
    "b released 0",
    "c released 1",
    "in the end 1",
  ]);
});

// curio test_sema_acquire_cancel
test.each(["TERM", "KILL"] as const)(
  "a waiter killed with %s leaves, and the next one gets the permit",
  (signal) => {
    const { log } = run(function* (log) {
      const semaphore = new Semaphore(0);
      const pids: Pid[] = [];
      for (const name of ["a", "b"]) {
        pids.push(
          yield* spawn(function* () {
            yield* semaphore.acquire();
            log(name);
          }),
        );
      }
      yield* sleep(1);
      yield* kill(pids[0]!, signal);
      log("waiting", semaphore.waiting);
      yield* semaphore.release();
      for (const pid of pids) log((yield* wait(pid)).kind);
      log("value", semaphore.value);
    });
    expect(log).toEqual(["waiting 1", "b", "killed", "exited", "value 0"]);
  },
);

test.each([2, 1])(
  "of %d waiters the first gets a permit and KILL before it runs: the next has it, or it is free",
  (waiters) => {
    const { log } = run(function* (log) {
      const semaphore = new Semaphore(0);
      const pids: Pid[] = [];
      for (const name of ["a", "b"].slice(0, waiters)) {
        pids.push(
          yield* spawn(function* () {
            yield* semaphore.acquire();
            log(name);
          }),
        );
      }
      yield* spawn(function* () {
        yield* sleep(1);
        yield* semaphore.release();
      });
      yield* spawn(function* () {
        yield* sleep(1);
        log("value", semaphore.value, "waiting", semaphore.waiting);
        yield* kill(pids[0]!, "KILL");
      });
      for (let i = 0; i < waiters + 2; i++) yield* wait();
      log("value", semaphore.value);
    });
    const before = `value 0 waiting ${waiters - 1}`;
    expect(log).toEqual(waiters === 2 ? [before, "b", "value 0"] : [before, "value 1"]);
  },
);

test("killed at every step, a task in with() or waiting for it loses no permit", () => {
  let left = new Semaphore(2);
  const runs = killEverywhere(
    function* () {
      const semaphore = (left = new Semaphore(2, { bounded: true }));
      function* worker(): Program<void> {
        for (let i = 0; i < 2; i++) {
          yield* semaphore.with(function* () {
            yield* yieldCpu();
            yield* sleep(1);
          });
          yield* yieldCpu();
        }
      }
      for (const name of ["a", "b", "c", "d"]) yield* spawn(worker(), { name });
      for (let i = 0; i < 4; i++) yield* wait();
      yield* timeout(10, semaphore.acquire());
      yield* timeout(10, semaphore.acquire());
      return semaphore.value;
    },
    ["a", "b", "c", "d"],
    ({ status }) => {
      expect(status).toMatchObject({ kind: "exited", value: 0 });
      expect(left.waiting).toBe(0);
    },
  );
  expect(runs).toBeGreaterThan(100);
});

test("random programs with random kills lose no permit and forget no waiter", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seeded(seed);
    const below = (n: number) => Math.floor(random() * n);
    const size = 1 + below(3);
    let inside = 0;
    let most = 0;
    const semaphore = new Semaphore(size, { bounded: true });
    function* section(): Program<void> {
      inside += 1;
      most = Math.max(most, size - semaphore.value);
      if (below(2) === 0) yield* yieldCpu();
      else yield* sleep(below(3));
    }
    function* worker(): Program<void> {
      for (let i = 0; i < 3; i++) {
        const how = below(4);
        if (how === 0) {
          yield* timeout(below(3), semaphore.with(section), { fallback: undefined });
        } else if (how === 1) {
          const { which } = yield* select({ permit: semaphore.acquire(), late: sleep(below(3)) });
          // No KILL can come here: what select took without an owner is given back at once.
          if (which === "permit") yield* semaphore.release();
        } else {
          yield* semaphore.with(section);
        }
      }
    }
    const { deadlock, status } = run(
      function* () {
        const pids: Pid[] = [];
        for (let i = 0; i < 6; i++) pids.push(yield* spawn(worker()));
        for (const pid of pids) {
          yield* sleep(below(3));
          // KILL finds those that have acquired without an owner too, so they get TERM.
          if (below(2) === 0) yield* kill(pid, "TERM");
        }
        for (const pid of pids) yield* wait(pid);
        return [semaphore.value, semaphore.waiting];
      },
      { seed, shuffle: true },
    );
    expect([seed, deadlock, status]).toMatchObject([
      seed,
      undefined,
      { kind: "exited", value: [size, 0] },
    ]);
    expect(most).toBeLessThanOrEqual(size);
    expect(inside).toBeGreaterThan(0);
  }
});

test("KILL at random takes no permit of with()", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seeded(seed);
    const below = (n: number) => Math.floor(random() * n);
    const size = 1 + below(3);
    const semaphore = new Semaphore(size, { bounded: true });
    const { deadlock, status } = run(
      function* () {
        const pids: Pid[] = [];
        for (let i = 0; i < 6; i++) {
          pids.push(
            yield* spawn(function* () {
              for (let j = 0; j < 3; j++) {
                yield* semaphore.with(() => (below(2) === 0 ? yieldCpu() : sleep(below(3))));
              }
            }),
          );
        }
        for (const pid of pids) {
          for (let i = below(8); i > 0; i--) yield* yieldCpu();
          if (below(2) === 0) yield* kill(pid, below(2) === 0 ? "KILL" : "TERM");
        }
        for (const pid of pids) yield* wait(pid);
        return [semaphore.value, semaphore.waiting];
      },
      { seed, shuffle: true },
    );
    expect([seed, deadlock, status]).toMatchObject([
      seed,
      undefined,
      { kind: "exited", value: [size, 0] },
    ]);
  }
});

test("acquire can be a case of select: one that loses takes no permit", () => {
  const { log } = run(function* (log) {
    const semaphore = new Semaphore(1);
    const pick = () => select({ permit: semaphore.acquire(), late: sleep(5) });
    log((yield* pick()).which, semaphore.value);
    log((yield* pick()).which, semaphore.value, semaphore.waiting);
    yield* semaphore.release();
    log(semaphore.value);
  });
  expect(log).toEqual(["permit 0", "late 0 0", "1"]);
});

test("a time limit on acquire leaves the queue", () => {
  const { log, clock } = run(function* (log) {
    const semaphore = new Semaphore(0);
    try {
      yield* timeout(3, semaphore.acquire());
    } catch (error) {
      log(error instanceof TimeoutError);
    }
    log(semaphore.waiting);
  });
  expect([log, clock]).toEqual([["true", "0"], 3]);
});

test("a bounded semaphore refuses what was not acquired; another one takes it", () => {
  const { log } = run(function* (log) {
    const open = new Semaphore(1);
    yield* open.release();
    log(open.value);
    const bounded = new Semaphore(1, { name: "pool", bounded: true });
    log(yield* messageOf(bounded.release()));
    yield* bounded.acquire();
    yield* bounded.release();
    log(bounded.value);
  });
  expect(log).toEqual([
    "2",
    'EOVERFLOW: task 2 "main": release([Permits "the semaphore pool"]): the semaphore pool has all its 1; release() only what was acquired',
    "1",
  ]);
});

test("reports name the semaphore, who is in it, and who waits", () => {
  const { log } = run(function* (log) {
    const pool = new Semaphore(1, { name: "pool" });
    yield* spawn(() => pool.with(sleep(5)), { name: "holder" });
    yield* spawn(() => pool.with(sleep(5)), { name: "waiter" });
    yield* sleep(1);
    const tasks = yield* ps();
    log(tasks[2]!.locks, tasks[3]!.waitsFor);
    log(String(pool));
  });
  expect(log).toEqual(['the semaphore pool the semaphore pool, held by task 3 "holder"', "pool"]);
});

test("a task may be in with() twice", () => {
  const { value } = run(function* () {
    const semaphore = new Semaphore(2);
    const inner = yield* semaphore.with(() => semaphore.with(semaphoreValue(semaphore)));
    return [inner, semaphore.value];
  });
  expect(value).toEqual([0, 2]);
});

test("KILL gives back what is left of a permit taken twice", () => {
  const { value } = run(function* () {
    const semaphore = new Semaphore(2);
    const pid = yield* spawn(() =>
      semaphore.with(function* () {
        yield* semaphore.with(yieldCpu());
        yield* sleep(10);
      }),
    );
    yield* sleep(1);
    const before = semaphore.value;
    yield* kill(pid, "KILL");
    return [before, semaphore.value];
  });
  expect(value).toEqual([1, 2]);
});

function* semaphoreValue(semaphore: Semaphore): Program<number> {
  return semaphore.value;
}

test.each([-1, 1.5, NaN, Infinity])("%p is no number of permits", (n) => {
  expect(() => new Semaphore(n)).toThrow(
    `EINVAL: new Semaphore: ${n} is no number of permits; give a whole number from 0 up`,
  );
});

test("a name that is no option is no set of options", () => {
  expect(() => new Semaphore(3, "seats" as never)).toThrow(
    'EINVAL: new Semaphore: "seats" is no set of options; give { name: "seats" }',
  );
});

test("with() wants something to run, and takes no permit before it has", () => {
  const { log } = run(function* (log) {
    const semaphore = new Semaphore(1);
    log(yield* messageOf(semaphore.with(5 as unknown as Program)));
    log(semaphore.value);
    log(yield* messageOf(semaphore.with(() => 5 as unknown as Program)));
    log(semaphore.value);
  });
  expect(log[0]).toBe(
    "EINVAL: 5 is nothing to run with a lock; pass a program or a generator function",
  );
  expect([log[1], log[3]]).toEqual(["1", "1"]);
});

test("ten thousand waiters are served, and killed, in linear time", () => {
  const semaphore = new Semaphore(0);
  simulate(function* () {
    const pids: Pid[] = [];
    for (let i = 0; i < 10_000; i++) pids.push(yield* spawn(() => semaphore.with(yieldCpu())));
    yield* sleep(1);
    for (let i = 0; i < 5_000; i++) yield* kill(pids[2 * i + 1]!, i % 2 === 0 ? "TERM" : "KILL");
    yield* semaphore.release();
    for (const pid of pids) yield* wait(pid);
  });
  expect([semaphore.value, semaphore.waiting]).toEqual([1, 0]);
});
