import { simulate } from "../../boot";
import { kill, sleep, spawn, wait, yieldCpu } from "../../syscalls";
import type { Pid, Program } from "../../syscalls";
import { Once, timeout } from "../../tasks";
import { killEverywhere } from "../helpers/strike";
import { messageOf, run } from "../helpers/run";

test("the first does the work, those who ask meanwhile wait for it, and later ones have it at once", () => {
  const { log, clock } = run(function* (log) {
    const config = new Once<string>("config");
    function* load(): Program<string> {
      log("loads");
      yield* sleep(5);
      return "loaded";
    }
    for (const name of ["a", "b", "c"]) {
      yield* spawn(function* () {
        log(name, yield* config.run(load));
      });
    }
    yield* sleep(1);
    log(config.done);
    log("main", yield* config.run(load), config.done);
    log("main", yield* config.run(load()));
  });
  expect(log).toEqual([
    "loads",
    "false",
    "a loaded",
    "b loaded",
    "c loaded",
    "main loaded true",
    "main loaded",
  ]);
  expect(clock).toBe(5);
});

test("a result of undefined is a result", () => {
  const { value } = run(function* () {
    const once = new Once<void>();
    let runs = 0;
    for (let i = 0; i < 2; i++) {
      yield* once.run(function* () {
        runs += 1;
        yield* yieldCpu();
      });
    }
    return runs;
  });
  expect(value).toBe(1);
});

test.each(["fails", "TERM", "KILL"] as const)(
  "if the first %s, the one who has waited longest tries",
  (how) => {
    const { log } = run(function* (log) {
      const config = new Once<string>("config");
      const pids: Pid[] = [];
      for (const name of ["a", "b", "c"]) {
        pids.push(
          yield* spawn(function* () {
            const value = yield* config.run(function* () {
              log(name, "loads");
              yield* sleep(5);
              if (how === "fails" && name === "a") throw new Error("no file");
              return name;
            });
            log(name, "has", value);
          }),
        );
      }
      yield* sleep(1);
      if (how !== "fails") yield* kill(pids[0]!, how);
      for (const pid of pids) log((yield* wait(pid)).kind);
    });
    const first = how === "fails" ? "crashed" : "killed";
    const rest = ["b loads", "b has b", "c has b", "exited", "exited"];
    expect(log.filter((line) => line !== first)).toEqual(["a loads", ...rest]);
    expect(log).toContain(first);
  },
);

test("who asks for it in its own work is told", () => {
  const { log } = run(function* (log) {
    const once = new Once<string>("config");
    log(yield* messageOf(once.run(() => once.run(nothing))));
    log(once.done);
  });
  expect(log).toEqual([
    'EDEADLK: task 2 "main": lock([Lock "config (once)"]): it holds the lock config (once) already',
    "false",
  ]);
});

function* nothing(): Program<string> {
  return "";
}

test("a time limit on the wait leaves the work to who does it", () => {
  const { log } = run(function* (log) {
    const once = new Once<string>();
    const slow = function* (): Program<string> {
      yield* sleep(10);
      return "slow";
    };
    yield* spawn(() => once.run(slow));
    yield* sleep(1);
    log(yield* timeout(2, once.run(slow), { fallback: "late" }));
    log(yield* once.run(slow));
  });
  expect(log).toEqual(["late", "slow"]);
});

test("killed at every step, the work is still done once, and the others have its result", () => {
  const runs = killEverywhere(
    function* () {
      const once = new Once<number>();
      const results: number[] = [];
      let completed = 0;
      function* asker(): Program<void> {
        const value = yield* once.run(function* () {
          yield* yieldCpu();
          yield* sleep(1);
          return ++completed;
        });
        results.push(value);
      }
      for (const name of ["a", "b", "c"]) yield* spawn(asker(), { name });
      for (let i = 0; i < 3; i++) {
        const status = yield* wait();
        if (status.kind === "crashed") throw status.error;
      }
      results.push(yield* once.run(() => timeout(1, nothingLeft())));
      return results;
    },
    ["a", "b"],
    ({ value }) => {
      expect(value.length).toBeGreaterThanOrEqual(3);
      expect(new Set(value).size).toBe(1);
    },
  );
  expect(runs).toBeGreaterThan(50);
});

function* nothingLeft(): Program<number> {
  throw new Error("it was not done");
}

test("ten thousand who ask wait in linear time, also when the first is killed", () => {
  let [tries, passed] = [0, 0];
  simulate(function* () {
    const once = new Once<number>();
    const pids: Pid[] = [];
    for (let i = 0; i < 10_000; i++) {
      pids.push(
        yield* spawn(function* () {
          yield* once.run(function* () {
            tries += 1;
            yield* sleep(1);
            return 1;
          });
          passed += 1;
        }),
      );
    }
    yield* yieldCpu();
    yield* kill(pids[0]!, "KILL");
    for (const pid of pids) yield* wait(pid);
  });
  expect([tries, passed]).toEqual([2, 9_999]);
});
