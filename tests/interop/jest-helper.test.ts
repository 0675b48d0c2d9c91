// The test helper, under test: what passes, what fails, and how a failure reads.

import { programTest, simulated } from "../../jest";
import {
  exit,
  kill,
  now,
  park,
  promise,
  sleep,
  spawn,
  wait,
  waitQueue,
  yieldCpu,
} from "../../syscalls";
import type { Program } from "../../syscalls";
import type { TestOptions } from "../../jest";

const it = programTest(test);

/** What a test with this body fails with. */
async function failureOf(
  program: () => Program<unknown>,
  options?: TestOptions,
): Promise<Error & { matcherResult?: unknown }> {
  return simulated(program, options)().then(
    () => new Error("it passed"),
    (error: Error) => error,
  );
}

it("three hours of sleep pass at once", function* () {
  yield* sleep(3 * 3_600_000);
  expect(yield* now()).toBe(10_800_000);
});

it("promises of the host's are waited for", function* () {
  expect(yield* promise(new Promise((resolve) => setImmediate(() => resolve("host"))))).toBe(
    "host",
  );
});

test.each([
  [1, 2],
  [2, 4],
])(
  "simulated() hands on its arguments, as for test.each: twice %d is %d",
  simulated(function* (n: number, twice: number) {
    yield* sleep(n);
    expect(2 * n).toBe(twice);
  }),
);

test("what comes back takes no parameters, which jest would take for a callback", () => {
  expect(simulated(function* (_n: number) {})).toHaveLength(0);
});

test("programTest takes any test function, and returns what that returns", async () => {
  const seen: string[] = [];
  const run = programTest((title, body) => {
    seen.push(title);
    return body();
  });
  await run("title", function* () {
    seen.push("ran");
  });
  expect(seen).toEqual(["title", "ran"]);
});

test("a failed expectation fails the test with the original error, whose stack names its line", async () => {
  const error = await failureOf(function* failing() {
    yield* sleep(10);
    expect(1).toBe(2);
  });
  expect(error.matcherResult).toMatchObject({ expected: 2, actual: 1 });
  expect(error.stack).toMatch(/failing \(.*jest-helper\.test\.ts:\d+/);
});

test("a failed expectation in any task fails the test, even if its parent shrugs it off", async () => {
  const error = await failureOf(function* () {
    const child = yield* spawn(function* () {
      expect("child").toBe("fine");
    });
    yield* wait(child);
  });
  expect(error.matcherResult).toMatchObject({ actual: "child" });
});

test("what the program throws fails the test, as it is", async () => {
  const thrown = new RangeError("mine");
  const error = await failureOf(function* () {
    yield* sleep(1);
    throw thrown;
  });
  expect(error).toBe(thrown);
  expect(error.message).toBe("mine");
});

test("a deadlock fails the test with the report", async () => {
  const error = await failureOf(function* () {
    yield* park(waitQueue("Godot"));
  });
  expect(error.message).toMatch(/^deadlock: /);
  expect(error.message).toContain('task 2 "test" waits in park([WaitQueue "Godot"]): Godot');
});

test("a deadlock fails the test even if the program survives being told to stop", async () => {
  const error = await failureOf(function* () {
    try {
      yield* park(waitQueue("Godot"));
    } catch {
      return;
    }
  });
  expect(error.message).toMatch(/^deadlock: /);
});

test("a program that was killed fails the test and says by whom", async () => {
  const error = await failureOf(function* () {
    yield* kill(2, "TERM", "enough");
    yield* sleep(1);
  });
  expect(error.message).toBe('task 2 "test" was killed with TERM by task 2 "test": enough');
});

test("a crash that nobody waited for fails the test, with its name and its error", async () => {
  const cause = new Error("lost");
  const error = await failureOf(function* () {
    yield* spawn(
      function* () {
        throw cause;
      },
      { name: "worker" },
    );
    yield* sleep(1);
  });
  expect(error.message).toBe('task 3 "worker" crashed: Error: lost, and nobody waited for it');
  expect(error.cause).toBe(cause);
});

test("a crash that somebody waited for is the program's business", async () => {
  const error = await failureOf(function* () {
    const child = yield* spawn(function* () {
      throw new Error("expected");
    });
    expect((yield* wait(child)).kind).toBe("crashed");
  });
  expect(error.message).toBe("it passed");
});

test("the error of the program names the crashes that nobody waited for besides", async () => {
  const error = await failureOf(function* () {
    yield* spawn(
      function* () {
        throw new TypeError("first");
      },
      { name: "worker" },
    );
    yield* sleep(1);
    throw new Error("mine");
  });
  expect(error.message).toBe(
    'mine\n\ntask 3 "worker" crashed: TypeError: first, and nobody waited for it',
  );
});

test("tasks left running at the end fail the test with their names, and are cleaned up", async () => {
  const events: string[] = [];
  const error = await failureOf(function* () {
    for (const name of ["ticker", "logger"]) {
      yield* spawn(
        function* () {
          try {
            for (;;) yield* sleep(10);
          } finally {
            events.push(`${name} stopped`);
          }
        },
        { name },
      );
    }
    yield* sleep(5);
  });
  expect(error.message).toBe(
    'task 3 "ticker" was left running at the end of the test\n' +
      'task 4 "logger" was left running at the end of the test\n' +
      "wait for it, kill it, or spawn it as a daemon",
  );
  expect(events.sort()).toEqual(["logger stopped", "ticker stopped"]);
});

test("a task left running that will not stop is ended", async () => {
  const error = await failureOf(function* () {
    yield* spawn(
      function* () {
        for (;;) {
          try {
            yield* sleep(10);
          } catch {
            // It knows better.
          }
        }
      },
      { name: "stubborn", detached: true },
    );
  });
  expect(error.message).toContain('task 3 "stubborn" was left running');
});

it("daemons may be left, and tasks that were told to stop", function* () {
  yield* spawn(
    function* () {
      for (;;) yield* sleep(10);
    },
    { daemon: true },
  );
  const stopping = yield* spawn(function* () {
    try {
      yield* sleep(1000);
    } finally {
      yield* sleep(10);
    }
  });
  yield* sleep(1);
  yield* kill(stopping);
});

it("exit ends a test well", function* () {
  yield* exit(0);
});

test("an endless loop fails the test instead of hanging it", async () => {
  const error = await failureOf(
    function* () {
      for (;;) yield* yieldCpu();
    },
    { maxSteps: 1000 },
  );
  expect(error.message).toContain("1000 steps");
});

/** Two tasks that both read, yield and write: an update may get lost. */
function* lostUpdate(): Program<void> {
  let count = 0;
  function* increment(): Program<void> {
    const seen = count;
    if (seen === 0) yield* yieldCpu();
    count = seen + 1;
  }
  const first = yield* spawn(increment);
  yield* yieldCpu();
  yield* yieldCpu();
  const second = yield* spawn(increment);
  yield* wait(first);
  yield* wait(second);
  expect(count).toBe(2);
}

test("seeds explore schedules; the failing one is named, with how to repeat it", async () => {
  expect(await failureOf(lostUpdate)).toMatchObject({ message: "it passed" });
  const error = await failureOf(lostUpdate, { seeds: 100 });
  expect(error.matcherResult).toMatchObject({ expected: 2, actual: 1 });
  const [, seed, of] =
    /failed with seed (\d+) of (\d+); to repeat it: \{ seed: \1, shuffle: true \}$/.exec(
      error.message,
    ) ?? [];
  expect(of).toBe("100");
  expect(error.stack).toContain(`seed ${seed} of 100`);
  const again = await failureOf(lostUpdate, { seed: Number(seed), shuffle: true });
  expect(again.matcherResult).toMatchObject({ actual: 1 });
  for (let earlier = 1; earlier < Number(seed); earlier++) {
    const before = await failureOf(lostUpdate, { seed: earlier, shuffle: true });
    expect(before.message).toBe("it passed");
  }
});

it(
  "a test that holds under every schedule passes under a hundred seeds",
  function* () {
    let count = 0;
    function* increment(): Program<void> {
      yield* yieldCpu();
      count += 1;
    }
    const children = [yield* spawn(increment), yield* spawn(increment)];
    for (const child of children) yield* wait(child);
    expect(count).toBe(2);
  },
  { seeds: 100 },
);

test("what is thrown and no error, or cannot be changed, still names the seed", async () => {
  const text = await failureOf(
    function* () {
      throw "text";
    },
    { seeds: 2 },
  );
  expect(text.message).toMatch(/^text\n\nIt failed with seed 1 of 2/);
  const frozen = Object.freeze(new Error("ice"));
  const error = await failureOf(
    function* () {
      throw frozen;
    },
    { seeds: 2 },
  );
  expect(error.message).toMatch(/^Error: ice\n\nIt failed with seed 1/);
  expect(error.cause).toBe(frozen);
});
