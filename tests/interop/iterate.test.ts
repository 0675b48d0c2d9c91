// Async iterables of the host's, read by tasks: one value at a time, and told to stop however the
// reader ends.

import { simulateAsync } from "../../boot";
import { programTest } from "../../jest";
import {
  close,
  END,
  iterate,
  kill,
  promise,
  select,
  sleep,
  spawn,
  SystemError,
  wait,
} from "../../syscalls";
import type { AsyncReader, End, Program } from "../../syscalls";
import { messageOf } from "../helpers/run";

const it = programTest(test);

const rejections: unknown[] = [];
const note = (error: unknown): void => void rejections.push(error);
beforeAll(() => process.on("unhandledRejection", note));
afterAll(async () => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off("unhandledRejection", note);
  expect(rejections).toEqual([]);
});

/** Counts from 1 to `last`, and notes what is asked of it. */
async function* counting(last: number, events: string[] = []): AsyncGenerator<number, void> {
  try {
    for (let n = 1; n <= last; n++) {
      events.push(`ask ${n}`);
      await Promise.resolve();
      yield n;
    }
  } finally {
    events.push("finally");
  }
}

/** An iterable whose values come when told, by `give`; `never` says it was told to stop. */
function byHand<T>(): {
  iterable: AsyncIterable<T>;
  give: (value: T) => void;
  fail: (error: unknown) => void;
  events: string[];
} {
  const events: string[] = [];
  let settle: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void };
  const iterator: AsyncIterator<T> = {
    next: () => {
      events.push("next");
      return new Promise((resolve, reject) => (settle = { resolve, reject }));
    },
    return: () => {
      events.push("return");
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return {
    iterable: { [Symbol.asyncIterator]: () => iterator },
    give: (value) => settle.resolve({ done: false, value }),
    fail: (error) => settle.reject(error),
    events,
  };
}

function* readAll<T>(reader: AsyncReader<T>): Program<T[]> {
  const values: T[] = [];
  for (let value = yield* reader.next(); value !== END; value = yield* reader.next()) {
    values.push(value);
  }
  return values;
}

function* next<T>(reader: AsyncReader<T>): Program<T | End> {
  return yield* reader.next();
}

it("values come one at a time, each when it is asked for, and then the end", function* () {
  const events: string[] = [];
  const reader = yield* iterate(counting(2, events));
  yield* sleep(5);
  expect(events).toEqual([]);
  expect(yield* reader.next()).toBe(1);
  yield* sleep(5);
  expect(events).toEqual(["ask 1"]);
  expect(yield* reader.next()).toBe(2);
  expect(yield* reader.next()).toBe(END);
  expect(yield* reader.next()).toBe(END);
  expect(events).toEqual(["ask 1", "ask 2", "finally"]);
});

it("an undefined value is told from the end", function* () {
  async function* nothing(): AsyncGenerator<undefined> {
    yield await Promise.resolve(undefined);
  }
  const reader = yield* iterate(nothing());
  expect([yield* reader.next(), yield* reader.next()]).toEqual([undefined, END]);
});

it("an error arrives at the next() it answers, as it is, and ends the iteration", function* () {
  const error = new Error("broken");
  async function* breaking(): AsyncGenerator<number> {
    yield await Promise.resolve(1);
    throw error;
  }
  const reader = yield* iterate(breaking());
  expect(yield* reader.next()).toBe(1);
  let caught: unknown;
  try {
    yield* reader.next();
  } catch (thrown) {
    caught = thrown;
  }
  expect(caught).toBe(error);
  expect(yield* reader.next()).toBe(END);
  yield* reader.close();
});

it("close() before the end lets the iterator clean up, and ends the reader", function* () {
  const events: string[] = [];
  const reader = yield* iterate(counting(3, events));
  yield* reader.next();
  yield* reader.close();
  yield* promise(new Promise(setImmediate));
  expect(events).toEqual(["ask 1", "finally"]);
  expect(yield* messageOf(next(reader))).toMatch(/^EBADF: /);
  expect(yield* messageOf(reader.close()[Symbol.iterator]() as Program)).toMatch(/^EBADF: /);
});

test.each(["TERM", "KILL"] as const)(
  "a reader killed with %s, waiting or not, lets the iterator clean up",
  async (how) => {
    for (const busy of [true, false]) {
      const source = byHand<number>();
      await simulateAsync(function* () {
        const task = yield* spawn(function* () {
          const reader = yield* iterate(source.iterable);
          if (busy) yield* reader.next();
          else yield* sleep(60_000);
        });
        yield* sleep(1);
        yield* kill(task, how);
        yield* wait(task);
      });
      expect(source.events).toEqual(busy ? ["next", "return"] : ["return"]);
      // Too late, and nobody's: neither heard nor an unhandled rejection.
      if (busy) source.fail(new Error("late"));
    }
  },
);

it("no value is lost: one that comes when its reader has gone is the next one's", function* () {
  const source = byHand<string>();
  const reader = yield* iterate(source.iterable);
  const first = yield* spawn(() => next(reader));
  yield* sleep(1);
  yield* kill(first);
  yield* wait(first);
  source.give("kept");
  yield* sleep(1);
  expect(yield* reader.next()).toBe("kept");
  expect(source.events).toEqual(["next"]);
  yield* reader.close();
});

it("a value delivered to a task that KILL keeps from running is the next one's", function* () {
  const source = byHand<string>();
  const reader = yield* iterate(source.iterable);
  const first = yield* spawn(() => next(reader));
  yield* sleep(1);
  // The host answers, and before the reader runs this task does.
  const killer = yield* spawn(function* () {
    yield* promise(Promise.resolve());
    yield* kill(first, "KILL");
  });
  source.give("kept");
  expect(yield* wait(first)).toMatchObject({ kind: "killed" });
  yield* wait(killer);
  expect(yield* reader.next()).toBe("kept");
  yield* reader.close();
});

it("a next() is a case of select, which takes no value that it does not reply", function* () {
  const source = byHand<string>();
  const reader = yield* iterate(source.iterable);
  const first = yield* select({ value: reader.next(), late: sleep(10) });
  expect(first.which).toBe("late");
  source.give("kept");
  yield* sleep(1);
  const second = yield* select({ value: reader.next(), late: sleep(10) });
  expect(second).toEqual({ which: "value", value: "kept" });
  expect(source.events).toEqual(["next"]);
  yield* reader.close();
});

it("a second reader at the same time is EBUSY; a close fails the one that waits", function* () {
  const source = byHand<string>();
  const reader = yield* iterate(source.iterable);
  const first = yield* spawn(() => messageOf(next(reader)));
  yield* sleep(1);
  expect(yield* messageOf(next(reader))).toContain("another task reads it");
  yield* close(reader.fd);
  expect(yield* wait(first)).toMatchObject({ value: expect.stringMatching(/^EBADF: /) as string });
});

it("a reader can be given to another task, with which it ends", function* () {
  const source = byHand<string>();
  const reader = yield* iterate(source.iterable);
  const heir = yield* spawn(
    function* () {
      return yield* reader.next();
    },
    { give: [reader.fd] },
  );
  yield* sleep(1);
  source.give("yours");
  expect(yield* wait(heir)).toMatchObject({ value: "yours" });
  expect(source.events).toEqual(["next", "return"]);
});

it("a finished reader holds no descriptor", function* () {
  const { fd } = yield* iterate(counting(0));
  const reader = yield* iterate(counting(1));
  expect(yield* readAll(reader)).toEqual([1]);
  expect(yield* messageOf(close(reader.fd)[Symbol.iterator]() as Program)).toMatch(/^EBADF: /);
  yield* close(fd);
});

test("a return() that fails is reported, and harms nobody", async () => {
  const failing: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: false, value: 1 }),
      return: () => Promise.reject(new Error("stuck")),
    }),
  };
  const { stderr, value } = await simulateAsync(function* () {
    const reader = yield* iterate(failing);
    const first = yield* reader.next();
    yield* reader.close();
    yield* promise(new Promise(setImmediate));
    return first;
  });
  expect(value).toBe(1);
  expect(stderr).toContain("stopping an async iterable failed: Error: stuck");
});

it("an iterator that throws at once, or answers rubbish, fails the next()", function* () {
  const throwing = {
    [Symbol.asyncIterator]: () => ({
      next: (): never => {
        throw new Error("at once");
      },
    }),
  };
  expect(yield* messageOf(next(yield* iterate(throwing)))).toBe("at once");
  const rubbish = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(5) }) };
  const reader = yield* iterate(rubbish as unknown as AsyncIterable<number>);
  expect(yield* messageOf(next(reader))).toBe(
    "next() of an async iterator came to 5, not to an object",
  );
});

it("what is no async iterable is EINVAL", function* () {
  for (const wrong of [undefined, 5, [1, 2], { [Symbol.asyncIterator]: () => 7 }]) {
    let caught: unknown;
    try {
      yield* iterate(wrong as unknown as AsyncIterable<number>);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(SystemError);
    expect(String(caught)).toContain("is no async iterable; pass a stream");
  }
});
