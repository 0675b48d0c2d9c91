import { become, call, getpid, ps, sleep, spawn, wait, yieldCpu } from "../../syscalls";
import type { Program } from "../../syscalls";
import { messageOf, run } from "../helpers/run";

function* add(x: number, y: number): Program<number> {
  return x + y;
}

test("a subroutine's return value is the reply of its call, typed or bare", () => {
  const { value } = run(function* () {
    const typed = yield* call(add(2, 2));
    // eslint-disable-next-line genix/use-yield-star -- the bare form is what is tested
    const bare = (yield add(3, 3)) as number;
    return [typed, bare];
  });
  expect(value).toEqual([4, 6]);
});

test("a subroutine's exception is thrown in its caller, and can be caught there", () => {
  function* bad(): Program<void> {
    yield* sleep(1);
    throw new Error("from below");
  }
  const { value } = run(function* () {
    return yield* messageOf(call(bad()));
  });
  expect(value).toBe("from below");
});

test("a subroutine that makes system calls does not disturb its caller's values", () => {
  const { value } = run(function* () {
    const before = yield* getpid();
    yield* call(
      (function* () {
        for (let i = 0; i < 3; i++) yield* yieldCpu();
      })(),
    );
    const after = yield* getpid();
    return [before, after];
  });
  expect(value).toEqual([2, 2]);
});

// redux-saga stackoverflow
test("chains of 100,000 calls, returns and throws need no native stack", () => {
  function* down(n: number): Program<number> {
    return n === 0 ? 0 : 1 + (yield* call(down(n - 1)));
  }
  function* fall(n: number): Program<never> {
    if (n === 0) throw new Error("bottom");
    return yield* call(fall(n - 1));
  }
  const { value } = run(
    function* () {
      const depth = yield* call(down(100_000));
      return [depth, yield* messageOf(call(fall(100_000)))];
    },
    { maxSteps: Infinity },
  );
  expect(value).toEqual([100_000, "bottom"]);
});

test("become replaces the frame after its finally, so mutual recursion stays flat", () => {
  let deepest = 0;
  function* even(n: number): Program<boolean> {
    if (n === 0) return true;
    deepest = Math.max(deepest, (yield* ps()).find((task) => task.pid === 2)?.depth ?? 0);
    return yield* become(odd(n - 1));
  }
  function* odd(n: number): Program<boolean> {
    if (n === 0) return false;
    return yield* become(even(n - 1));
  }
  const { value } = run(function* () {
    return [yield* call(even(500)), yield* call(even(501))];
  });
  expect(value).toEqual([true, false]);
  expect(deepest).toBe(2);
});

test("become runs the clean-ups of the frame it replaces, even those that block", () => {
  const { log, value } = run(function* (log) {
    const first = function* (): Program<string> {
      try {
        return yield* become(second());
      } finally {
        yield* sleep(3);
        log("clean-up of the first");
      }
    };
    const second = function* (): Program<string> {
      log("second");
      return "done";
    };
    return yield* call(first());
  });
  expect(log).toEqual(["clean-up of the first", "second"]);
  expect(value).toBe("done");
});

test("a clean-up that fails stops a tail call: its error goes to the caller", () => {
  const { value } = run(function* () {
    const frame = function* (): Program<void> {
      try {
        yield* become(add(1, 1));
      } finally {
        throw new Error("no tail call");
      }
    };
    return yield* messageOf(call(frame()));
  });
  expect(value).toBe("no tail call");
});

test("a generator runs once: a second call, spawn or bare yield of it is an error that says so", () => {
  const { log } = run(function* (log) {
    const used = add(1, 1);
    yield* call(used);
    log(yield* messageOf(call(used)));
    log(yield* messageOf(spawn(used)));
    try {
      yield used;
    } catch (error) {
      log((error as Error).message);
    }
  });
  const fix = "a generator runs once; make a new one by calling its function again";
  expect(log).toEqual([
    `EINVAL: task 2 "main": call([program]): this program was already run by task 2 "main": ${fix}`,
    `EINVAL: task 2 "main": spawn([program]): this program was already run by task 2 "main": ${fix}`,
    `EINVAL: task 2 "main": this program was already run by task 2 "main": ${fix}`,
  ]);
});

test("a program that calls itself is an error, not a hang", () => {
  const { log } = run(function* (log) {
    let self: Program | undefined = undefined;
    const program = (function* (): Program<void> {
      try {
        yield self as unknown as Program;
      } catch (error) {
        log((error as Error).message);
      }
    })();
    self = program;
    yield* wait(yield* spawn(program, { name: "snake" }));
  });
  expect(log).toEqual([
    'EDEADLK: task 3 "snake": a program cannot call itself: it would wait for its own return',
  ]);
});

test("ps shows how many frames a task has", () => {
  const { value } = run(function* () {
    const inner = function* (): Program<number | undefined> {
      return (yield* ps()).find((task) => task.pid === 2)?.depth;
    };
    const outer = function* (): Program<number | undefined> {
      return yield* call(inner());
    };
    return yield* call(outer());
  });
  expect(value).toBe(3);
});

test("a function that hands out one generator twice is found out", () => {
  const { log } = run(function* (log) {
    const one = (function* (): Program<void> {
      yield* yieldCpu();
    })();
    yield* spawn(() => one);
    log(yield* messageOf(spawn(() => one)));
    yield* spawn(Object.freeze(function* () {}));
    log(yield* messageOf(spawn(Object.freeze((function* () {})()))));
  });
  expect(log).toEqual([
    'EINVAL: task 2 "main": spawn([function ]): this program was already run by task 3: ' +
      "a generator runs once; make a new one by calling its function again",
    'EINVAL: task 2 "main": spawn([program]): this program is frozen: nobody could tell who runs it',
  ]);
});
