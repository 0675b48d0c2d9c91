// Breakpoints, checked after every step of a program on the virtual machine.

import {
  call,
  Channel,
  exit,
  Mutex,
  receive,
  select,
  sleep,
  spawn,
  tell,
  wait,
  yieldCpu,
} from "../../index";
import {
  ArmedBreakpoints,
  HitCounts,
  type Breakpoint,
  type Point,
  type PointContext,
} from "../../debugger";
import { QueueLength } from "../../debugger/queue-length";
import type { Kernel } from "../../kernel";
import { syscall, type Program } from "../../syscalls";
import { run } from "../helpers/run";

const jobs = new Channel<number>(10, { name: "jobs" });

function* worker(n: number): Program<void> {
  yield* jobs.send(n);
  yield* sleep(n);
}

function* main(): Program<void> {
  yield* spawn(worker(10), { name: "one" });
  yield* spawn(worker(20), { name: "two" });
  yield* wait();
  yield* wait();
  yield* jobs.receive();
  yield* jobs.receive();
}

function breakpoint(point: Point, more: Partial<Breakpoint> = {}): Breakpoint {
  return { id: 1, point, ignore: 0, ...more };
}

function sensesOf(kernel: Kernel): PointContext {
  return {
    time: () => kernel.machine.now(),
    standsAt: () => false,
    isTrue: () => true,
    watch: () => () => null,
    lints: () => [],
  };
}

/** What a run of `program` would have stopped for, with the step. */
function hits(all: Breakpoint[], program = main, context: Partial<PointContext> = {}): string[] {
  const found: string[] = [];
  run(program, {
    prepare(kernel: Kernel) {
      const armed = new ArmedBreakpoints(
        kernel,
        all,
        { ...sensesOf(kernel), ...context },
        new HitCounts(),
      );
      const step = kernel.step.bind(kernel);
      kernel.step = () => {
        const ran = step();
        const reason = ran ? armed.check() : null;
        if (reason !== null)
          found.push(`${kernel.steps}: ${"text" in reason ? reason.text : JSON.stringify(reason)}`);
        return ran;
      };
    },
  });
  return found;
}

test("a task is known by its pid or its name", () => {
  const byPid = hits([breakpoint({ on: "task", task: 3 })]);
  expect(byPid.map((hit) => hit.replace(/^\d+: /, ""))).toEqual(
    new Array(3).fill('task 3 "one" made a step'),
  );
  expect(hits([breakpoint({ on: "task", task: "one" })])).toEqual(byPid);
});

test("calls and the things they work on are found, init's own are not", () => {
  const waits = hits([breakpoint({ on: "call", call: "wait" })]);
  expect(waits.map((hit) => hit.replace(/^\d+: /, ""))).toEqual([
    'task 2 "main" made wait()',
    'task 2 "main" made wait()',
  ]);
  const sends = hits([breakpoint({ on: "object", object: "jobs" })]);
  expect(sends.map((hit) => hit.replace(/^\d+: /, ""))).toEqual([
    'task 3 "one" made send([Channel "jobs"], 10)',
    'task 4 "two" made send([Channel "jobs"], 20)',
    'task 2 "main" made receive([Channel "jobs"])',
    'task 2 "main" made receive([Channel "jobs"])',
  ]);
});

test("times and lengths are hit when they are reached, once", () => {
  expect(hits([breakpoint({ on: "time", time: 15 })])).toEqual([
    expect.stringMatching(/: it is 20.0 ms$/),
  ]);
  expect(hits([breakpoint({ on: "queue", queue: "jobs", length: 2 })])).toEqual([
    expect.stringMatching(/: the length of jobs is 2$/),
  ]);
});

test("each change of a queue's length is told, with both, wherever the watch begins", () => {
  const changes = hits([breakpoint({ on: "length", queue: "jobs" })]).map((hit) =>
    hit.replace(/^\d+: /, ""),
  );
  const change = (before: string, after: string) =>
    JSON.stringify({ kind: "change", before, after, id: 1 });
  expect(changes).toEqual([change("0", "1"), change("1", "2"), change("2", "1"), change("1", "0")]);
});

test("a queue that was in use when it is first seen has not grown by what it held", () => {
  const old = new Channel<number>(10, { name: "old" });
  const kept = run(function* () {
    for (const n of [1, 2, 3]) yield* old.send(n);
  });
  expect(kept.clock).toBe(0);
  const late = function* (): Program<void> {
    yield* old.send(4);
    yield* old.receive();
  };
  expect(hits([breakpoint({ on: "queue", queue: "old", length: 3 })], late)).toEqual([]);
  const [first = ""] = hits([breakpoint({ on: "length", queue: "old" })], late);
  expect(first).toContain('"before":"3","after":"4"');
});

test("a queue that is used in select alone is seen, also when the watch begins late", () => {
  const orders = new Channel<number>(2, { name: "orders" });
  const selecting = function* (): Program<void> {
    yield* select({ order: orders.send(1), late: sleep(9) });
    yield* select({ order: orders.receive(), late: sleep(9) });
  };
  const watch = [breakpoint({ on: "length", queue: "orders" })];
  expect(hits(watch, selecting).map((hit) => hit.replace(/^\d+: /, ""))).toEqual([
    expect.stringContaining('"before":"0","after":"1"'),
    expect.stringContaining('"before":"1","after":"0"'),
  ]);
  const seen: number[] = [];
  run(
    function* () {
      yield* spawn(selectFrom(orders));
      yield* sleep(1);
    },
    {
      prepare(kernel: Kernel) {
        const step = kernel.step.bind(kernel);
        kernel.step = () => {
          const ran = step();
          if (kernel.selectors.length > 0) {
            seen.push(new QueueLength(kernel, "a message in orders").change().now);
          }
          return ran;
        };
      },
    },
  );
  expect(seen).toContain(1);
});

function* selectFrom(channel: Channel<number>): Program<void> {
  yield* select({ one: channel.receive(), late: sleep(5) });
}

test("what is no queue is let alone, whatever its getters do", () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error("hands off");
      },
    },
  );
  const take = syscall("take", (_kernel, _task, _what: object) => undefined);
  const odd = function* (): Program<void> {
    const outcome = yield* spawn(function* () {
      yield* exit(hostile);
    });
    yield* wait(outcome);
    yield* take(hostile);
    yield* main();
  };
  const found = hits([breakpoint({ on: "queue", queue: "jobs", length: 2 })], odd);
  expect(found).toEqual([expect.stringMatching(/: the length of jobs is 2$/)]);
});

test("births, ends and signals are told of all tasks but init", () => {
  expect(hits([breakpoint({ on: "spawn" })])).toHaveLength(3);
  expect(hits([breakpoint({ on: "exit" })])).toHaveLength(3);
  expect(hits([breakpoint({ on: "signal" })])).toEqual([]);
});

test("the first hits are let pass if that is wanted, and conditions are asked before", () => {
  const all = [breakpoint({ on: "call", call: "send" }, { ignore: 1 })];
  expect(hits(all)).toEqual([expect.stringContaining('task 4 "two"')]);
  const odd = { isTrue: (_: string, { pid }: { pid: number }) => pid === 3 };
  expect(hits([breakpoint({ on: "call", call: "send" }, { condition: "odd" })], main, odd)).toEqual(
    [expect.stringContaining('task 3 "one"')],
  );
});

test("a deadlock's conditions and passes are asked, of each breakpoint on one", () => {
  const found: string[] = [];
  run(main, {
    prepare(kernel: Kernel) {
      const on = { on: "deadlock" } as const;
      const all = [
        breakpoint(on, { id: 1, condition: "false" }),
        breakpoint(on, { id: 2, ignore: 1 }),
        breakpoint(on, { id: 3, condition: "true" }),
      ];
      const isTrue = (condition: string): boolean => condition === "true";
      const armed = new ArmedBreakpoints(
        kernel,
        all,
        { ...sensesOf(kernel), isTrue },
        new HitCounts(),
      );
      const { init } = kernel.tasks;
      for (let i = 0; i < 2 && init !== undefined; i++)
        found.push(JSON.stringify(armed.checkDeadlock("stuck", init)));
    },
  });
  expect(found).toEqual([expect.stringContaining('"id":3'), expect.stringContaining('"id":2')]);
});

test("a condition that throws is told once, by the breakpoint's number", () => {
  const isTrue = (): boolean => {
    throw new Error("nope: ReferenceError");
  };
  const all = [breakpoint({ on: "call", call: "send" }, { id: 7, condition: "nope" })];
  expect(hits(all, main, { isTrue })).toEqual([expect.stringMatching(/breakpoint 7: .*nope/)]);
});

test("a circle of waits is a deadlock while others still run", () => {
  const [left, right] = [new Mutex("left"), new Mutex("right")];
  function* both(first: Mutex, second: Mutex): Program<void> {
    yield* first.lock();
    yield* yieldCpu();
    yield* second.lock();
  }
  const found = hits([breakpoint({ on: "deadlock" })], function* () {
    yield* spawn(both(left, right), { name: "a" });
    yield* spawn(both(right, left), { name: "b" });
    yield* call(sleep5());
  });
  expect(found).toEqual([
    expect.stringMatching(/deadlock: task 4 "b" -> task 3 "a" -> task 4 "b"$/),
  ]);
});

function* sleep5(): Program<void> {
  yield* sleep(5);
  yield* tell(2, "done");
  yield* receive();
}
