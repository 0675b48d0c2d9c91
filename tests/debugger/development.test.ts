/* eslint genix/no-dropped-call: off, genix/no-returned-call: off -- the mistakes under test */
// Development mode: what it finds, and what it must not mistake for a mistake.

import { simulate, type Simulation } from "../../boot";
import {
  all,
  call,
  Channel,
  group,
  kill,
  Mutex,
  select,
  sleep,
  spawn,
  timeout,
  wait,
} from "../../index";
import { tell, yieldCpu, type Program } from "../../index";
import { workshop } from "../../kernel";

/** The lints of a run, without the paths and columns of places. */
function lintsOf(main: () => Program<unknown>): string[] {
  return simulate(main, { development: true }).lints.map(withoutPlaces);
}

function withoutPlaces(text: string): string {
  return text.replace(/ \(?\/\S*?([\w.]+\.ts):\d+:\d+\)?/g, " ($1)");
}

function stderrOf({ stderr }: Simulation<unknown>): string[] {
  return withoutPlaces(stderr).trimEnd().split("\n");
}

test("a call that is built and never yielded is named, with task, place and fix", () => {
  const lints = lintsOf(function* main() {
    sleep(10);
    yield* sleep(1);
  });
  expect(lints).toEqual([
    'task 2 "main" built sleep(10) and never made it; write yield* sleep(10), ' +
      "at main (development.test.ts)",
  ]);
});

test("the place of a forgotten call is the line that built it", () => {
  const { lints } = simulate(
    function* main() {
      yield* sleep(1);
      sleep(10);
    },
    { development: true },
  );
  const line = /development\.test\.ts:(\d+):/.exec(lints[0] ?? "")?.[1];
  const here = /development\.test\.ts:(\d+):/.exec(new Error().stack ?? "")?.[1];
  expect(Number(here) - Number(line)).toBe(5);
});

test("one mistake that is made over and over is told once, and counted", () => {
  const lints = lintsOf(function* main() {
    for (let i = 0; i < 5; i++) {
      sleep(10);
      yield* yieldCpu();
    }
  });
  expect(lints).toHaveLength(1);
  expect(lints[0]).toMatch(/ \(and 4 more like it\)$/);
});

test("calls that are built first and yielded later are no mistake", () => {
  const lints = lintsOf(function* main() {
    const later = sleep(5);
    const many = Array.from({ length: 50 }, (_, i) => sleep(i));
    yield* timeout(100, sleep(10));
    const quiet = new Channel<number>(1);
    yield* select({ message: quiet.receive(), late: sleep(3) });
    yield* later;
    for (const one of many) yield* one;
  });
  expect(lints).toEqual([]);
});

test("of more than a thousand calls that were left behind the oldest counts as forgotten", () => {
  const lints = lintsOf(function* main() {
    const calls = Array.from({ length: 1002 }, (_, i) => sleep(i));
    yield* yieldCpu();
    // All but the first, which nobody can know will still be yielded.
    for (const one of calls.slice(1)) yield* one;
  });
  expect(lints).toHaveLength(1);
  expect(lints[0]).toContain("built sleep(0) and never made it");
});

test("a call that a task returns in place of its reply is named", () => {
  const lints = lintsOf(function* main(): Program<unknown> {
    yield* sleep(1);
    return sleep(2);
  });
  expect(lints).toEqual([
    'task 2 "main" returned sleep(2), which was never made; write return yield* sleep(2), ' +
      "at main (development.test.ts)",
  ]);
});

test("a task that is killed is not blamed for the call it was killed in", () => {
  const lints = lintsOf(function* main() {
    yield* spawn(
      function* victim() {
        yield* sleep(1000);
      },
      { daemon: true },
    );
    yield* sleep(1);
  });
  expect(lints).toEqual([]);
});

test("a call that an error kept from being made was not forgotten", () => {
  const lints = lintsOf(function* main() {
    const mutex = new Mutex("m");
    yield* mutex.lock();
    const killed = yield* spawn(function* () {
      yield* mutex.with(sleep(5));
    });
    yield* spawn(function* () {
      yield* timeout(5, mutex.with(sleep(6)), { fallback: undefined });
    });
    yield* sleep(10);
    yield* kill(killed, "KILL");
    yield* mutex.unlock();
    for (let i = 0; i < 2; i++) yield* wait();
  });
  expect(lints).toEqual([]);
});

test("a circle of waits is reported when it closes, while other tasks run on", () => {
  const first = new Mutex("fork 1");
  const second = new Mutex("fork 2");
  function* eat(mine: Mutex, other: Mutex): Program<void> {
    yield* mine.with(function* () {
      yield* sleep(5);
      yield* other.with(sleep(5));
    });
  }
  const run = simulate(
    function* main() {
      yield* spawn(eat(first, second), { name: "plato", daemon: true });
      yield* spawn(eat(second, first), { name: "kant", daemon: true });
      yield* sleep(100);
    },
    { development: true },
  );
  expect(stderrOf(run)).toEqual([
    "genix: deadlock: 2 tasks wait for each other, and always will",
    '  task 4 "kant" waits in lock([Lock "fork 1"]): the lock fork 1, held by task 3 "plato", at (development.test.ts)',
    '  task 3 "plato" waits in lock([Lock "fork 2"]): the lock fork 2, held by task 4 "kant", at (development.test.ts)',
    '  circle: task 4 "kant" -> task 3 "plato" -> task 4 "kant"',
  ]);
  expect(run.deadlock).toBeUndefined();
});

test("a circle through a lock and a wait for a child is one too", () => {
  const lock = new Mutex("ledger");
  const run = simulate(
    function* main() {
      yield* lock.lock();
      const child = yield* spawn(lock.with(sleep(1)), { name: "child" });
      yield* wait(child);
    },
    { development: true },
  );
  expect(stderrOf(run)[0]).toBe("genix: deadlock: 2 tasks wait for each other, and always will");
  expect(run.deadlock).toContain('circle: task 2 "main" -> task 3 "child" -> task 2 "main"');
});

test("a circle through a group is one: its owner holds what its tasks wait for", () => {
  const ledger = new Mutex("ledger");
  const post = (n: number) =>
    function* post(): Program<void> {
      yield* sleep(n);
      yield* ledger.with(sleep(1));
    };
  const run = simulate(
    function* main() {
      const both = ledger.with(() => all([post(1), post(2)]));
      yield* spawn(both, { name: "owner", daemon: true });
      yield* sleep(50);
    },
    { development: true },
  );
  const circle = '  circle: task 6 "post" -> task 3 "owner" -> task 4 "all" -> task 6 "post"';
  expect(stderrOf(run).filter((line) => line.includes("circle"))).toEqual([circle]);
  expect(run.lints).toEqual([]);
});

test("two tasks of a group that join each other are a circle", () => {
  const run = simulate(
    function* main() {
      yield* group(function* (g) {
        const first = yield* g.spawn(
          function* (): Program<void> {
            yield* sleep(1);
            yield* second.join();
          },
          { name: "first" },
        );
        const second = yield* g.spawn(() => first.join(), { name: "second" });
      });
    },
    { development: true },
  );
  expect(stderrOf(run)[0]).toBe("genix: deadlock: 2 tasks wait for each other, and always will");
  expect(run.deadlock).toContain('circle: task 5 "first" -> task 6 "second" -> task 5 "first"');
});

test("who waits for any child is in no deadlock while one of them can go on", () => {
  const lock = new Mutex("ledger");
  const run = simulate(
    function* main() {
      yield* lock.lock();
      yield* spawn(lock.with(yieldCpu), { name: "stuck" });
      yield* spawn(function* free() {
        yield* sleep(20);
      });
      yield* wait();
      yield* lock.unlock();
      yield* wait();
    },
    { development: true },
  );
  expect(run.stderr).toBe("");
  expect(run.status.kind).toBe("exited");
});

test("who waits with a time limit is not in a deadlock", () => {
  const first = new Mutex("a");
  const second = new Mutex("b");
  const run = simulate(
    function* main() {
      yield* first.lock();
      const child = yield* spawn(function* child() {
        yield* second.lock();
        yield* first.lock();
      });
      yield* sleep(1);
      yield* timeout(10, second.lock(), { fallback: "gave up" });
      yield* first.unlock();
      yield* wait(child);
    },
    { development: true },
  );
  expect(run.stderr).toBe("");
  expect(run.status.kind).toBe("exited");
});

function* both(one: Mutex, two: Mutex): Program<void> {
  yield* one.lock();
  yield* two.lock();
  yield* two.unlock();
  yield* one.unlock();
}

test("two tasks that take two locks in two orders are told, though nothing happened", () => {
  const a = new Mutex("a");
  const b = new Mutex("b");
  const lints = lintsOf(function* main() {
    yield* wait(yield* spawn(both(a, b), { name: "x" }));
    yield* wait(yield* spawn(both(b, a), { name: "y" }));
  });
  expect(lints).toEqual([
    "lock order: these tasks can deadlock\n" +
      '  task 4 "y" takes a while it holds b, at both (development.test.ts)\n' +
      '  task 3 "x" takes b while it holds a, at both (development.test.ts)\n' +
      "  fix: take locks in one order everywhere",
  ]);
});

test("a circle of three lock orders is found", () => {
  const [a, b, c] = [new Mutex("a"), new Mutex("b"), new Mutex("c")];
  const lints = lintsOf(function* main() {
    for (const [one, two] of [
      [a, b],
      [b, c],
      [c, a],
    ] as const) {
      yield* wait(yield* spawn(both(one, two)));
    }
  });
  expect(lints).toHaveLength(1);
  expect(lints[0]?.split("\n")).toHaveLength(5);
});

test("who waits for a second lock only for a while is no danger to the others", () => {
  const [a, b] = [new Mutex("a"), new Mutex("b")];
  const lints = lintsOf(function* main() {
    yield* wait(yield* spawn(both(a, b)));
    yield* wait(yield* spawn(b.with(timeout(5, a.with(sleep(1))))));
  });
  expect(lints).toEqual([]);
});

test("the calls that a group makes on behalf of its tasks are no forgotten ones", () => {
  const lints = lintsOf(function* main() {
    yield* group(function* body(g) {
      yield* g.spawn(sleeper, { daemon: true });
      yield* g.spawn(sleeper);
    });
  });
  expect(lints).toEqual([]);
});

function* sleeper(): Program<void> {
  yield* sleep(10);
}

test("one task alone, one order, or a lock around both orders is no danger", () => {
  const [a, b, gate] = [new Mutex("a"), new Mutex("b"), new Mutex("gate")];
  expect(
    lintsOf(function* main() {
      yield* both(a, b);
      yield* both(b, a);
    }),
  ).toEqual([]);
  const [c, d] = [new Mutex("c"), new Mutex("d")];
  expect(
    lintsOf(function* main() {
      yield* wait(yield* spawn(gate.with(both(c, d))));
      yield* wait(yield* spawn(gate.with(both(d, c))));
    }),
  ).toEqual([]);
});

test("a parent that never waits for its many children is told", () => {
  const lints = lintsOf(function* main() {
    for (let i = 0; i < 150; i++) yield* spawn(function* child() {});
    yield* sleep(1);
  });
  expect(lints).toEqual([
    'task 2 "main" has 100 children that ended and were never waited for; ' +
      "wait for them, or spawn them detached",
  ]);
});

test("a channel that only grows is told; one that is emptied now and then is not", () => {
  const lints = lintsOf(function* main() {
    const log = new Channel<number>(Infinity, { name: "log" });
    const jobs = new Channel<number>(Infinity, { name: "jobs" });
    for (let i = 0; i < 6000; i++) {
      yield* log.send(i);
      yield* jobs.send(i);
      if (i % 1500 === 1499) while (jobs.length > 0) yield* jobs.receive();
    }
  });
  expect(lints).toEqual([
    'log only grows: 4095 messages, sent by task 2 "main"; ' +
      "receive faster, or give it a capacity so that senders wait",
  ]);
});

test("a mailbox that only grows is told", () => {
  const lints = lintsOf(function* main() {
    const idle = yield* spawn(() => sleepFor(1000), { name: "idle", daemon: true });
    for (let i = 0; i < 6000; i++) yield* tell(idle, i);
  });
  expect(lints).toEqual([
    'mailbox of task 3 "idle" only grows: 4096 messages, sent by task 2 "main"; ' +
      "receive faster, or give it a capacity so that senders wait",
  ]);
});

function* sleepFor(ms: number): Program<void> {
  yield* sleep(ms);
}

test("a crash carries its logical stack: frames, and who spawned the task, up to init", () => {
  function* deep(n: number): Program<void> {
    yield* sleep(1);
    if (n === 0) throw new Error("boom");
    yield* call(deep(n - 1));
  }
  const run = simulate(
    function* main() {
      const boss = yield* spawn(function* boss() {
        yield* spawn(deep(2), { name: "worker" });
        yield* sleep(10);
      });
      yield* wait(boss);
    },
    { development: true },
  );
  expect(stderrOf(run)).toEqual([
    'task 4 "worker" crashed',
    "  Error: boom",
    "      at deep (development.test.ts)",
    "      at deep (development.test.ts)",
    "      at deep (development.test.ts)",
    '      in task 4 "worker", spawned at boss (development.test.ts)',
    '      in task 3 "boss", spawned at main (development.test.ts)',
    '      in task 2 "main"',
    '      in task 1 "init"',
  ]);
});

test("when the system has halted nothing watches any more", () => {
  simulate(function* main() {}, { development: true });
  expect(workshop.built).toBeNull();
});

test("a task that is stopped is in the report of a deadlock", () => {
  const { deadlock } = simulate(function* main() {
    const child = yield* spawn(sleep1, { name: "child" });
    yield* kill(child, "STOP");
    yield* wait(child);
  });
  expect(deadlock).toContain('task 3 "child" is stopped');
});

function* sleep1(): Program<void> {
  yield* sleep(1);
}
