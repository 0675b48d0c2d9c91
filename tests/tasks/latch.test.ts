import { select, sleep, spawn, wait } from "../../syscalls";
import type { Program } from "../../syscalls";
import { Latch, timeout } from "../../tasks";
import { killEverywhere } from "../helpers/strike";
import { messageOf, run } from "../helpers/run";

test("it opens when it was counted down, and stays open", () => {
  const { log, clock } = run(function* (log) {
    const latch = new Latch(3, "workers");
    for (const name of ["a", "b"]) {
      yield* spawn(function* () {
        yield* latch.wait();
        log(name, "goes on");
      });
    }
    for (let i = 0; i < 2; i++) {
      yield* sleep(1);
      log(latch.count, "missing,", latch.waiting, "wait");
      yield* latch.countDown(i + 1);
    }
    yield* latch.wait();
    log(latch.count);
  });
  expect(log).toEqual(["3 missing, 2 wait", "2 missing, 2 wait", "a goes on", "b goes on", "0"]);
  expect(clock).toBe(2);
});

test("a latch of none is open", () => {
  const { clock, status } = run(() => passing(new Latch(0)));
  expect([clock, status.kind]).toEqual([0, "exited"]);
});

function* passing(latch: Latch): Program<void> {
  yield* latch.wait();
}

test("it cannot count down what is not missing", () => {
  const { log } = run(function* (log) {
    const latch = new Latch(1, "workers");
    log(yield* messageOf(latch.countDown(2)));
    log(yield* messageOf(latch.countDown(-1)));
    yield* latch.countDown();
    log(yield* messageOf(latch.countDown()));
  });
  expect(log).toEqual([
    "EINVAL: the latch workers cannot count down 2: 1 are missing",
    "EINVAL: countDown of the latch workers: -1 is no number of things; give a whole number from 0 up",
    "EINVAL: the latch workers cannot count down 1: 0 are missing",
  ]);
  expect(() => new Latch(-1)).toThrow(
    "EINVAL: new Latch: -1 is no number of things; give a whole number",
  );
});

test("the wait can be a case of select; a deadlock report names the latch", () => {
  const { log, deadlock } = run(function* (log) {
    const latch = new Latch(1, "workers");
    log((yield* select({ open: latch.wait(), late: sleep(2) })).which, latch.waiting);
    yield* latch.wait();
  });
  expect(log).toEqual(["late 0"]);
  expect(deadlock).toContain("the latch workers");
});

test("killed at every step, a waiter takes nothing along, and who counts down in a finally is counted", () => {
  const runs = killEverywhere(
    function* () {
      const latch = new Latch(2);
      for (const name of ["w1", "w2"]) yield* spawn(passing(latch), { name });
      for (const name of ["a", "b"]) {
        yield* spawn(
          function* () {
            try {
              yield* sleep(1);
            } finally {
              yield* latch.countDown();
            }
          },
          { name },
        );
      }
      yield* timeout(5, latch.wait(), { fallback: undefined });
      if (latch.count > 0) yield* latch.countDown(latch.count);
      for (let i = 0; i < 4; i++) yield* wait();
      yield* latch.wait();
      return [latch.count, latch.waiting];
    },
    ["a", "b", "w1", "w2"],
    ({ value }) => expect(value).toEqual([0, 0]),
  );
  expect(runs).toBeGreaterThan(80);
});
