// A channel with a priority: the most urgent message first.

import fc from "../helpers/chance";
import { Channel, END, type Program, sleep, spawn, wait } from "../../syscalls";
import { Heap } from "../../syscalls/heap";
import { drain, each } from "../../tasks";
import { run, type Log } from "../helpers/run";
import { after, strikeAtEveryStep } from "../helpers/strike";

const byLength = { priority: (word: string) => word.length };

function* sendAll(channel: Channel<string>, words: readonly string[]): Program<void> {
  for (const word of words) yield* channel.send(word);
}

test("the lowest number is received first, and equals in the order they were sent", () => {
  const { value } = run(function* () {
    const words = new Channel(10, byLength);
    yield* sendAll(words, ["ccc", "a", "bb", "b", "aaa", "aa", "c"]);
    yield* words.close();
    return yield* drain(words);
  });
  expect(value).toEqual(["a", "b", "c", "bb", "aa", "ccc", "aaa"]);
});

test("who waits for room comes in in its turn, however urgent, and is then received first", () => {
  const { log } = run(function* (log) {
    const words = new Channel(2, byLength);
    for (const word of ["ccc", "bb", "dddd", "a"]) {
      yield* spawn(function* () {
        yield* words.send(word);
        log("in:", word);
      });
    }
    yield* sleep(1);
    for (let i = 0; i < 4; i++) {
      log("out:", String(yield* words.receive()));
      yield* sleep(1);
    }
  });
  expect(log).toEqual([
    ...["in: ccc", "in: bb"],
    ...["in: dddd", "out: bb"],
    ...["in: a", "out: ccc"],
    ...["out: a", "out: dddd"],
  ]);
});

test("a receiver that waits gets the next message, whatever its priority", () => {
  const { log } = run(function* (log) {
    const words = new Channel(2, byLength);
    const receiver = yield* spawn(
      each(words, function* (word) {
        log(word);
      }),
    );
    yield* sleep(1);
    yield* words.send("long");
    yield* sleep(1);
    yield* words.send("a");
    yield* words.close();
    yield* wait(receiver);
    log(String((yield* words.receive()) === END));
  });
  expect(log).toEqual(["long", "a", "true"]);
});

test("what is no priority is EINVAL, of the channel or of the message", () => {
  const refusal = (make: () => unknown) => {
    try {
      make();
    } catch (error) {
      return (error as Error).message;
    }
    return "accepted";
  };
  const priority = () => 1;
  const bad = "x" as unknown as number;
  expect([
    refusal(() => new Channel(0, { priority })),
    refusal(() => new Channel(1, { priority, overflow: "slide" })),
    refusal(() => new Channel(1, { priority: 5 as unknown as () => number })),
    refusal(() => new Channel<string>(1, { name: "jobs", priority: () => NaN }).send("x")),
    refusal(() => new Channel<string>(1, { name: "jobs", priority: () => bad }).send("x")),
  ]).toEqual([
    'EINVAL: new Channel: its messages have a priority, so they wait; give a capacity from 1 up and the overflow "block"',
    'EINVAL: new Channel: its messages have a priority, so they wait; give a capacity from 1 up and the overflow "block"',
    "EINVAL: new Channel: 5 is no priority; give a function of a message that returns a number",
    'EINVAL: jobs: NaN is no priority of "x"; give a number, the lowest for the most urgent',
    'EINVAL: jobs: "x" is no priority of "x"; give a number, the lowest for the most urgent',
  ]);
});

test.each(["TERM", "KILL"] as const)(
  "a receiver that gets %s at any step loses no message, and what comes back goes first",
  (signal) => {
    function* program(log: Log): Program<void> {
      const words = new Channel(Infinity, byLength);
      yield* sendAll(words, ["ccc", "a", "bb", "b"]);
      yield* words.close();
      for (const name of ["receiver", "second"]) {
        const receiver = each(words, function* (word) {
          log("got", word);
        });
        yield* wait(yield* spawn(receiver, { name }));
      }
    }
    strikeAtEveryStep(program, "receiver", signal, ({ log }) => {
      expect(after("got", log)).toEqual(["a", "b", "bb", "ccc"]);
    });
  },
);

test("a heap gives what a stable sort gives, whatever is pushed, shifted and put back", () => {
  const action = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constant("shift" as const),
    fc.constant("back" as const),
  );
  const property = fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
    const heap = new Heap<string>();
    const model: { value: string; rank: number }[] = [];
    let taken: string | null = null;
    actions.forEach((what, i) => {
      if (what === "shift") {
        model.sort((a, b) => a.rank - b.rank);
        taken = heap.shift();
        expect(taken).toBe(model.shift()?.value ?? null);
      } else if (what === "back") {
        if (taken === null) return;
        heap.unshift(taken);
        model.unshift({ value: taken, rank: -Infinity });
        taken = null;
      } else {
        heap.push(`${what}:${i}`, what);
        model.push({ value: `${what}:${i}`, rank: what });
      }
      expect(heap.length).toBe(model.length);
    });
  });
  fc.assert(property, { numRuns: 500, seed: 1 });
});
