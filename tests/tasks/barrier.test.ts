import { simulate } from "../../boot";
import { kill, sleep, spawn, wait, yieldCpu } from "../../syscalls";
import type { Pid, Program } from "../../syscalls";
import { Barrier, timeout } from "../../tasks";
import { killEverywhere } from "../helpers/strike";
import { run } from "../helpers/run";

test("all go on when the last has come, round after round; the last is told so", () => {
  const { log } = run(function* (log) {
    const barrier = new Barrier(3, "start");
    function* party(name: string, pace: number): Program<void> {
      for (let round = 1; round <= 2; round++) {
        yield* sleep(pace);
        const last = yield* barrier.wait();
        log(round, name, last, barrier.waiting);
      }
    }
    const paces = { a: 1, b: 3, c: 2 };
    for (const [name, pace] of Object.entries(paces)) yield* spawn(party(name, pace));
    for (let i = 0; i < 3; i++) yield* wait();
  });
  expect(log).toEqual([
    "1 a false 0",
    "1 c false 0",
    "1 b true 0",
    "2 a false 0",
    "2 c false 0",
    "2 b true 0",
  ]);
});

test.each(["TERM", "KILL"] as const)(
  "who is killed with %s while it waits has not come: another one comes in its place",
  (signal) => {
    const { log } = run(function* (log) {
      const barrier = new Barrier(3);
      const party = (name: string) =>
        spawn(function* () {
          yield* barrier.wait();
          log(name);
        });
      const a = yield* party("a");
      yield* party("b");
      yield* sleep(1);
      yield* kill(a, signal);
      log(barrier.waiting, "of", barrier.parties);
      yield* party("c");
      yield* sleep(1);
      log(barrier.waiting, "of", barrier.parties);
      yield* party("d");
      for (let i = 0; i < 4; i++) yield* wait();
    });
    expect(log).toEqual(["1 of 3", "2 of 3", "b", "c", "d"]);
  },
);

test("who runs out of time has not come either", () => {
  const { log } = run(function* (log) {
    const barrier = new Barrier(2);
    log(yield* timeout(2, barrier.wait(), { fallback: "late" }), barrier.waiting);
    yield* spawn(() => barrier.wait());
    log(yield* barrier.wait());
    yield* spawn(() => barrier.wait());
    yield* yieldCpu();
    log(yield* timeout(2, barrier.wait(), { fallback: "late" }));
  });
  expect(log[0]).toBe("late 0");
  expect(log[2]).toBe("true");
});

test("a barrier for one lets everybody through", () => {
  const { value } = run(() => new Barrier(1).wait());
  expect(value).toBe(true);
});

test.each([0, -1, 1.5, Infinity])("%p is no number of parties", (n) => {
  expect(() => new Barrier(n)).toThrow(
    `EINVAL: new Barrier: ${n} is no number of parties; give a whole number from 1 up`,
  );
});

test("a deadlock report names the barrier and how many it is for", () => {
  const { deadlock } = run(() => new Barrier(3, "start").wait());
  expect(deadlock).toContain("the barrier start, for 3");
});

test("killed at every step, a party neither lets others through too early nor a later round", () => {
  let barrier = new Barrier(2);
  const runs = killEverywhere(
    function* (log) {
      barrier = new Barrier(2);
      let here = 0;
      function* party(): Program<void> {
        for (let round = 0; round < 2; round++) {
          yield* timeout(5, meet(), { fallback: undefined });
        }
      }
      function* meet(): Program<void> {
        here += 1;
        const last = yield* barrier.wait();
        if (last) here -= 2;
        log(last);
      }
      for (const name of ["a", "b", "c", "d"]) yield* spawn(party(), { name });
      for (let i = 0; i < 4; i++) yield* wait();
      expect(here).toBeGreaterThanOrEqual(0);
      return barrier.waiting;
    },
    ["a", "b"],
    ({ value, log }) => {
      expect(value).toBe(0);
      const lasts = log.filter((line) => line === "true").length;
      // One "false" to each "true", but for one that was killed on its way.
      expect(lasts - (log.length - lasts)).toBeGreaterThanOrEqual(-1);
      expect(lasts - (log.length - lasts)).toBeLessThanOrEqual(1);
    },
  );
  expect(runs).toBeGreaterThan(80);
});

test("ten thousand parties meet in linear time", () => {
  let passed = 0;
  simulate(function* () {
    const barrier = new Barrier(10_000);
    const pids: Pid[] = [];
    for (let i = 0; i < 10_000; i++) {
      pids.push(
        yield* spawn(function* () {
          yield* barrier.wait();
          passed += 1;
        }),
      );
    }
    for (const pid of pids) yield* wait(pid);
  });
  expect(passed).toBe(10_000);
});
