import { simulate } from "../../boot";
import { kill, ps, select, sleep, spawn, wait, yieldCpu } from "../../syscalls";
import type { Pid } from "../../syscalls";
import { Event, timeout } from "../../tasks";
import { killEverywhere } from "../helpers/strike";
import { run } from "../helpers/run";

test("all who wait go on when it is set, in their order, and nobody waits for it again", () => {
  const { log, clock } = run(function* (log) {
    const ready = new Event("ready");
    for (const name of ["a", "b", "c"]) {
      yield* spawn(function* () {
        yield* ready.wait();
        log(name, ready.isSet);
      });
    }
    yield* sleep(1);
    log(ready.waiting, ready.isSet);
    yield* ready.set();
    yield* ready.set();
    yield* ready.wait();
    log(ready.waiting, ready.isSet);
  });
  expect(log).toEqual(["3 false", "a true", "b true", "c true", "0 true"]);
  expect(clock).toBe(1);
});

test("killed at every step, a waiter leaves, and an event that is set stays set", () => {
  let ready = new Event();
  const runs = killEverywhere(
    function* () {
      ready = new Event();
      let passed = 0;
      for (const name of ["a", "b"]) {
        yield* spawn(
          function* () {
            yield* ready.wait();
            yield* yieldCpu();
            yield* ready.wait();
            passed += 1;
          },
          { name },
        );
      }
      yield* spawn(function* () {
        yield* sleep(1);
        yield* ready.set();
      });
      for (let i = 0; i < 3; i++) yield* wait();
      yield* timeout(1, ready.wait());
      return passed;
    },
    ["a", "b"],
    ({ value }) => {
      expect([ready.isSet, ready.waiting]).toEqual([true, 0]);
      expect(value).toBeGreaterThan(0);
    },
  );
  expect(runs).toBeGreaterThan(40);
});

test("the wait can be a case of select, and has a time limit", () => {
  const { log } = run(function* (log) {
    const [first, second] = [new Event("first"), new Event("second")];
    yield* spawn(function* () {
      yield* sleep(2);
      yield* second.set();
    });
    const cases = { first: first.wait(), second: second.wait() };
    log((yield* select(cases)).which, first.waiting);
    log(yield* timeout(3, first.wait(), { fallback: "late" }), first.waiting);
  });
  expect(log).toEqual(["second 0", "late 0"]);
});

test("a deadlock report names the event", () => {
  const { deadlock } = run(function* () {
    yield* new Event("ready").wait();
  });
  expect(deadlock).toContain(
    'task 2 "main" waits in acquire([Permits "the event ready"]): the event ready',
  );
});

test("ps names it, and so does the event itself", () => {
  const { value } = run(function* () {
    const ready = new Event("ready");
    const pid = yield* spawn(() => waitFor(ready));
    yield* yieldCpu();
    const { waitsFor } = (yield* ps())[2]!;
    yield* kill(pid);
    return [waitsFor, String(ready)];
  });
  expect(value).toEqual(["the event ready", "ready"]);
});

function* waitFor(event: Event) {
  yield* event.wait();
}

test("ten thousand waiters go on in linear time", () => {
  let passed = 0;
  simulate(function* () {
    const ready = new Event();
    const pids: Pid[] = [];
    for (let i = 0; i < 10_000; i++) {
      pids.push(
        yield* spawn(function* () {
          yield* ready.wait();
          passed += 1;
        }),
      );
    }
    yield* sleep(1);
    yield* ready.set();
    for (const pid of pids) yield* wait(pid);
  });
  expect(passed).toBe(10_000);
});
