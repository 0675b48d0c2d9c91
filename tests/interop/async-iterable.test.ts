// Programs as async iterables: plain asynchronous code consumes what tasks emit, and neither runs
// ahead of the other.

import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { asyncIterable } from "../../async-iterable";
import { ProgramError } from "../../boot";
import { kill, sleep, spawn, SystemError, wait } from "../../syscalls";
import type { Program } from "../../syscalls";
import type { Emit } from "../../async-iterable";

const rejections: unknown[] = [];
const note = (error: unknown): void => void rejections.push(error);
beforeAll(() => process.on("unhandledRejection", note));
afterAll(async () => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off("unhandledRejection", note);
  expect(rejections).toEqual([]);
});

/** Emits from 1 to `last` and notes what it does. */
function count(last: number, events: string[] = []): (emit: Emit<number>) => Program<void> {
  return function* counter(emit) {
    try {
      for (let n = 1; n <= last; n++) {
        events.push(`emit ${n}`);
        yield* emit(n);
      }
    } finally {
      yield* sleep(1);
      events.push("cleaned up");
    }
  };
}

async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of iterable) values.push(value);
  return values;
}

test("for await consumes what a program emits, and ends when the system has halted", async () => {
  const events: string[] = [];
  expect(await collect(asyncIterable(count(3, events)))).toEqual([1, 2, 3]);
  expect(events.at(-1)).toBe("cleaned up");
});

test("the program does not begin before the first value is asked for, and never runs ahead", async () => {
  const events: string[] = [];
  const iterable = asyncIterable(count(3, events));
  const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
  const iterator = iterable[Symbol.asyncIterator]();
  await pause();
  expect(events).toEqual([]);
  expect(await iterator.next()).toEqual({ done: false, value: 1 });
  await pause();
  expect(events).toEqual(["emit 1"]);
  expect(await iterator.next()).toEqual({ done: false, value: 2 });
  await pause();
  expect(events).toEqual(["emit 1", "emit 2"]);
  await iterator.return?.();
});

test("each iteration is a run of its own", async () => {
  const iterable = asyncIterable(count(2));
  expect(await collect(iterable)).toEqual([1, 2]);
  expect(await Promise.all([collect(iterable), collect(iterable)])).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

test("break kills the program with TERM, and waits for its clean-up", async () => {
  const events: string[] = [];
  for await (const n of asyncIterable(count(9, events))) if (n === 2) break;
  expect(events).toEqual(["emit 1", "emit 2", "cleaned up"]);
});

test("an error thrown in the loop does so too, and is thrown on", async () => {
  const events: string[] = [];
  const mine = new Error("mine");
  const loop = async (): Promise<void> => {
    for await (const n of asyncIterable(count(9, events))) if (n === 1) throw mine;
  };
  await expect(loop()).rejects.toBe(mine);
  expect(events).toEqual(["emit 1", "cleaned up"]);
});

test("a crash rejects the next(), with the error itself; after that it has ended", async () => {
  const crash = new Error("crash");
  const iterator = asyncIterable<number>(function* (emit) {
    yield* emit(1);
    throw crash;
  })[Symbol.asyncIterator]();
  expect(await iterator.next()).toEqual({ done: false, value: 1 });
  await expect(iterator.next()).rejects.toBe(crash);
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test("a clean-up that fails after a break is thrown by the loop", async () => {
  const crash = new Error("in the clean-up");
  const loop = async (): Promise<void> => {
    const broken = asyncIterable<number>(function* (emit) {
      try {
        yield* emit(1);
      } finally {
        throw crash;
      }
    });
    for await (const _ of broken) break;
  };
  await expect(loop()).rejects.toBe(crash);
});

test("values asked for all at once come in order; more than there are end", async () => {
  const iterator = asyncIterable(count(2))[Symbol.asyncIterator]();
  const results = await Promise.all([1, 2, 3, 4].map(() => iterator.next()));
  expect(results.map(({ value }) => value)).toEqual([1, 2, undefined, undefined]);
});

test("return() before the first next() never begins the program", async () => {
  const events: string[] = [];
  const iterator = asyncIterable(count(2, events))[Symbol.asyncIterator]();
  expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  expect(events).toEqual([]);
});

test("return() while a next() waits ends that too", async () => {
  const iterator = asyncIterable<number>(function* () {
    yield* sleep(60_000);
  })[Symbol.asyncIterator]();
  const waiting = iterator.next();
  await new Promise(setImmediate);
  await iterator.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test("several tasks may emit: no value is lost", async () => {
  const values = await collect(
    asyncIterable<string>(function* (emit) {
      for (const name of ["a", "b", "c"]) {
        yield* spawn(function* () {
          for (let n = 1; n <= 3; n++) yield* emit(`${name}${n}`);
        });
      }
    }),
  );
  const all = ["a", "b", "c"].flatMap((name) => [1, 2, 3].map((n) => `${name}${n}`));
  expect([...values].sort()).toEqual(all);
});

test("a task killed in its emit has emitted nothing, if nobody had taken it", async () => {
  let loserIsDead = false;
  const iterator = asyncIterable<string>(function* (emit) {
    const holder = yield* spawn(() => emitting(emit, "taken"));
    const loser = yield* spawn(() => emitting(emit, "lost"));
    yield* sleep(1);
    yield* kill(loser);
    yield* wait(loser);
    loserIsDead = true;
    yield* wait(holder);
  })[Symbol.asyncIterator]();
  expect(await iterator.next()).toEqual({ done: false, value: "taken" });
  while (!loserIsDead) await new Promise(setImmediate);
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

function* emitting<T>(emit: Emit<T>, value: T): Program<void> {
  yield* emit(value);
}

test("an emit in the clean-up after a break is EPIPE", async () => {
  let caught: unknown;
  const stubborn = asyncIterable<number>(function* (emit) {
    try {
      yield* emit(1);
    } finally {
      try {
        yield* emit(2);
      } catch (error) {
        caught = error;
      }
    }
  });
  for await (const _ of stubborn) break;
  expect(caught).toBeInstanceOf(SystemError);
  expect(String(caught)).toContain("EPIPE");
  expect(String(caught)).toContain("the consumer has stopped");
});

test("a signal given to it ends the iteration with an error whose cause is its reason", async () => {
  const controller = new AbortController();
  const events: string[] = [];
  const reason = new Error("enough");
  const loop = async (): Promise<void> => {
    const iterable = asyncIterable(count(9, events), { signal: controller.signal });
    for await (const n of iterable) if (n === 2) controller.abort(reason);
  };
  const error = await loop().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProgramError);
  expect((error as ProgramError).cause).toBe(reason);
  expect(events).toEqual(["emit 1", "emit 2", "cleaned up"]);
});

describe("as a Node stream", () => {
  /** A Writable that is slow, and notes the most that was waiting in it. */
  function slow(chunks: string[]): Writable {
    return new Writable({
      objectMode: true,
      highWaterMark: 1,
      write(chunk: string, _encoding, done) {
        chunks.push(chunk);
        setImmediate(done);
      },
    });
  }

  test("Readable.from makes one, and a pipeline keeps the program at the writer's pace", async () => {
    const events: string[] = [];
    const chunks: string[] = [];
    const sink = slow(chunks);
    let ahead = 0;
    const program = asyncIterable<string>(function* lines(emit) {
      for (let n = 1; n <= 50; n++) {
        events.push(`emit ${n}`);
        ahead = Math.max(ahead, n - chunks.length);
        yield* emit(`line ${n}\n`);
      }
    });
    await pipeline(Readable.from(program, { highWaterMark: 1 }), sink);
    expect(chunks).toHaveLength(50);
    expect(ahead).toBeLessThanOrEqual(6);
  });

  test("a writer that fails kills the program, and the pipeline waits for nothing else", async () => {
    const events: string[] = [];
    const failing = new Writable({
      objectMode: true,
      write(_chunk, _encoding, done) {
        done(new Error("disk full"));
      },
    });
    await expect(
      pipeline(Readable.from(asyncIterable(count(99, events))), failing),
    ).rejects.toThrow("disk full");
    while (events.at(-1) !== "cleaned up") await new Promise(setImmediate);
  });

  test("a crash of the program fails the pipeline", async () => {
    const crash = new Error("crash");
    const program = asyncIterable<string>(function* (emit) {
      yield* emit("one");
      throw crash;
    });
    await expect(pipeline(program, slow([]))).rejects.toBe(crash);
  });
});
