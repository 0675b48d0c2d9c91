// A task's whole stack: the kernel's frames, and between them the generators reached by a native
// `yield*`.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Kernel, Task } from "../../kernel";
import { Delegates } from "../../machine/delegates";
import { Inspector } from "../../machine/inspect/inspector";
import { call, kill, sleep, spawn, wait, yieldCpu, type Program } from "../../syscalls";
import { timeout } from "../../tasks";
import { run } from "../helpers/run";

const inspector = new Inspector();
afterAll(() => inspector.close());

/** At each look, the names of the generators on the stack of every task but init, innermost first. */
function stacks(main: (look: () => void) => Program<void>): string[] {
  const seen: string[] = [];
  let delegates: Delegates | undefined;
  let seeing: Kernel | undefined;
  const look = (): void => {
    const tasks = [...(seeing?.tasks ?? [])].filter(
      ({ pid, state }) => pid > 2 && state !== "running",
    );
    seen.push(tasks.map((task) => `${task.name}: ${namesOf(delegates, task)}`).join(", "));
  };
  try {
    run(() => main(look), {
      prepare: (kernel) => {
        seeing = kernel;
        delegates = new Delegates(kernel, () => inspector);
      },
    });
  } finally {
    delegates?.stop();
  }
  return seen;
}

function namesOf(delegates: Delegates | undefined, task: Task): string {
  const generators = delegates?.chainOf(task) ?? [];
  return inspector.positions(generators).map((at) => at?.name || "?").join(" < "); // prettier-ignore
}

/** What the stack of `body` is after each of its first `steps` steps. */
function stackOf(body: () => Program<void>, steps: number): string[] {
  return stacks(function* (look) {
    yield* spawn(body, { name: "it" });
    for (let i = 0; i < steps; i++) {
      // The child ran before the spawn returned.
      look();
      yield* yieldCpu();
    }
  }).map((line) => line.replace("it: ", ""));
}

function* pause(): Program<void> {
  yield* sleep(1000);
}
function* outer(): Program<void> {
  yield* inner();
}
function* inner(): Program<void> {
  yield* pause();
}
function* data(): Generator<number> {
  yield 1;
  yield 2;
}

test("a native yield* is seen to its end", () => {
  expect(stackOf(outer, 1)).toEqual(["pause < inner < outer"]);
  expect(
    stackOf(function* once() {
      yield* sleep(1);
    }, 1),
  ).toEqual(["once"]);
});

test("frames of the kernel and native ones are one stack", () => {
  function* below(): Program<void> {
    yield* call(outer());
  }
  function* bottom(): Program<void> {
    yield* below();
  }
  expect(stackOf(bottom, 2)).toEqual([
    "outer < below < bottom",
    "pause < inner < outer < below < bottom",
  ]);
});

test("a bare yield of a subroutine is a frame as well", () => {
  function* old(): Program<void> {
    yield inner();
  }
  function* below(): Program<void> {
    yield* old();
  }
  expect(stackOf(below, 2)).toEqual(["inner < old < below", "pause < inner < old < below"]);
});

test("what has ended is gone, and the next takes its place", () => {
  function* quick(): Program<void> {
    yield* yieldCpu();
  }
  function* twice(): Program<void> {
    yield* quick();
    yield* yieldCpu();
    yield* quick();
    yield* pause();
  }
  expect(stackOf(twice, 4)).toEqual(["quick < twice", "twice", "quick < twice", "pause < twice"]);
});

test("a recursion has all its levels, also when it came back and went down again", () => {
  function* tree(depth: number): Program<void> {
    yield* yieldCpu();
    if (depth === 0) return;
    yield* tree(depth - 1);
    yield* tree(depth - 1);
  }
  const down = (levels: number): string => Array(levels).fill("tree").join(" < ");
  const levels = [1, 2, 3, 3, 2, 3, 3];
  expect(stackOf(() => tree(2), 7)).toEqual(levels.map(down));
});

test("very deep recursion is seen", () => {
  function* deep(left: number): Program<void> {
    if (left === 0) yield* sleep(1000);
    else yield* deep(left - 1);
  }
  const [stack] = stackOf(() => deep(200), 1);
  expect(stack!.split(" < ")).toHaveLength(201);
});

test("a generator that a loop goes through is no frame", () => {
  function* looping(): Program<void> {
    for (const _ of data()) yield* yieldCpu();
    for (const _ of data()) {
      yield* inner();
    }
  }
  expect(stackOf(looping, 3)).toEqual(["looping", "looping", "pause < inner < looping"]);
});

test("one that a loop in an inner frame goes through is no frame either", () => {
  function* loop(): Program<void> {
    for (const _ of data()) {
      const rest = [...data()];
      const [first] = data();
      yield* first === rest[0] ? yieldCpu() : sleep(1);
    }
    yield* pause();
  }
  function* around(): Program<void> {
    yield* loop();
  }
  expect(stackOf(around, 3)).toEqual(["loop < around", "loop < around", "pause < loop < around"]);
});

test("a loop over a generator that hands on itself adds nothing", () => {
  function* more(): Generator<number> {
    yield* data();
  }
  function* looping(): Program<void> {
    for (const _ of more()) yield* yieldCpu();
  }
  expect(stackOf(looping, 2)).toEqual(["looping", "looping"]);
});

test("a generator that is driven by hand is no frame, nor is what it hands on to", () => {
  function* stage(): Generator<number> {
    yield* data();
  }
  function* driving(): Program<void> {
    const by = stage();
    by.next();
    yield* yieldCpu();
    yield* around(by);
  }
  function* around(by: Generator<number>): Program<void> {
    by.next();
    yield* yieldCpu();
  }
  expect(stackOf(driving, 2)).toEqual(["driving", "around < driving"]);
});

test("an error that is thrown in, and a clean-up that waits, are seen", () => {
  function* careful(): Program<void> {
    try {
      yield* pause();
    } finally {
      yield* inner();
    }
  }
  function* below(): Program<void> {
    yield* careful();
  }
  const seen = stacks(function* (look) {
    const pid = yield* spawn(below, { name: "it" });
    yield* yieldCpu();
    look();
    yield* kill(pid);
    yield* yieldCpu();
    look();
  });
  expect(seen).toEqual(["it: pause < careful < below", "it: pause < inner < careful < below"]);
});

test("a program's own #run is one of its generators like any other", () => {
  class Worker {
    *run(): Program<void> {
      yield* this.#run();
    }
    *#run(): Program<void> {
      yield* inner();
    }
  }
  expect(stackOf(() => new Worker().run(), 1)).toEqual(["pause < inner < #run < run"]);
});

test("the toolbox is made of generators too, and tasks do not mix", () => {
  const seen = stacks(function* (look) {
    yield* spawn(
      function* limited() {
        yield* timeout(500, inner());
      },
      { name: "a" },
    );
    yield* spawn(outer, { name: "b" });
    yield* yieldCpu();
    yield* yieldCpu();
    look();
    yield* wait();
    yield* wait();
  });
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatch(/^a: .*limited, b: pause < inner < outer$/);
});

test("what generators are is put back", () => {
  const prototype = Reflect.getPrototypeOf(function* () {}.prototype as object)!;
  expect(stackOf(outer, 1)).toHaveLength(1);
  expect(Object.hasOwn(prototype, Symbol.iterator)).toBe(false);
  expect(Object.hasOwn(Error, "prepareStackTrace")).toBe(false);
});

test("a loop of yield* keeps nothing", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const heap = (): number => (collect(), process.memoryUsage().heapUsed);
  const grown: number[] = [];
  function* nothing(): Program<void> {}
  function* looping(): Program<void> {
    for (let i = 0; i < 100; i++) yield* nothing();
    const before = heap();
    for (let i = 0; i < 10_000; i++) yield* nothing();
    grown.push(heap() - before);
  }
  expect(stackOf(looping, 1)).toHaveLength(1);
  // What is noted of one takes 300 bytes and more.
  expect(grown).toHaveLength(1);
  expect(grown[0]).toBeLessThan(500_000);
});
