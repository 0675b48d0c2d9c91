// Variables as the debugger shows them: values on one line, what is inside them, and names as the
// program's author knows them.

import { Lock, type Task } from "../../kernel";
import { Inspector } from "../../machine/inspect/inspector";
import { preview } from "../../machine/inspect/preview";
import { Viewer, type Variable } from "../../machine/inspect/viewer";
import { Channel, sleep } from "../../syscalls";
import { Mutex } from "../../tasks";
import { run } from "../helpers/run";
import { Scripts, started } from "./scripts";

const inspector = new Inspector();
const viewer = new Viewer(inspector);
const scripts = new Scripts();
afterAll(() => {
  inspector.close();
  scripts.remove();
});

class Account {
  #pin = 1234;
  balance = 3;
  get pin(): number {
    throw new Error(`nobody asks for ${this.#pin}`);
  }
}

const hostile = {
  get fuse(): number {
    throw new Error("it ran");
  },
  plain: 1,
};

const trapped = new Proxy({}, { get: () => explode(), ownKeys: () => explode() });

function explode(): never {
  throw new Error("it ran");
}

/** `name: value`, a `+` where there is something inside. */
const line = ({ name, value, ref }: Variable): string => `${name}: ${value}${ref > 0 ? " +" : ""}`;
const inside = (value: unknown): string[] =>
  viewer.expand(viewer.variable("it", value).ref).map(line);

test.each([
  ["text", '"text"'],
  ['a "quoted"\nline', '"a \\"quoted\\"\\nline"'],
  ["x".repeat(100), `"${"x".repeat(80)}"… (100)`],
  [-0, "-0"],
  [12n, "12n"],
  [Symbol("s"), "Symbol(s)"],
  [undefined, "undefined"],
  [null, "null"],
  [[1, "a", [2, [3, [4]]]], '[1, "a", [2, [3, [… 1 more]]]]'],
  [Array.from({ length: 20 }, (_, i) => i), "[0, 1, 2, 3, 4, 5, 6, 7, … 12 more]"],
  [Object.assign(new Array<number>(2), { 1: 1 }), "[(empty), 1]"],
  [{ a: 1, b: { c: "d" } }, '{ a: 1, b: { c: "d" } }'],
  [{}, "{}"],
  [Object.assign(Object.create(null) as object, { a: 1 }), "{ a: 1 }"],
  [new Map<unknown, unknown>([["a", 1], [{}, 2]]), 'Map(2) { "a" => 1, {} => 2 }'], // prettier-ignore
  [new Set(["x"]), 'Set(1) { "x" }'],
  [new Set(), "Set(0) {}"],
  [new TextEncoder().encode("hello"), '"hello"<5>'],
  [new Float64Array([1, 2]), "Float64Array(2) [1, 2]"],
  [new ArrayBuffer(8), "ArrayBuffer(8)"],
  [new RangeError("too far\nby much"), "RangeError: too far"],
  [new Date(0), "1970-01-01T00:00:00.000Z"],
  [new Date(NaN), "Invalid Date"],
  [/a+/g, "/a+/g"],
  [Promise.resolve(1), "Promise"],
  [Account, "class Account"],
  [line, "function line"],
  [function* worker() {}, "function* worker"],
  [(function* () {})(), "generator"],
  [new Account(), "Account { balance: 3 }"],
  [hostile, "{ fuse: (getter), plain: 1 }"],
  [trapped, "Proxy"],
  [[trapped], "[Proxy]"],
  [sleep(10), "sleep(10)"],
  [new Channel(3, { name: "jobs" }), 'Channel "jobs"'],
  [new Lock("fork 2"), 'Lock "fork 2"'],
])("a value is shown on one line, as one would write it: %#", (value, text) => {
  expect(preview(value)).toBe(text);
});

test("a long line is cut", () => {
  const wide = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [`property${i}`, "x".repeat(30)]),
  );
  expect(preview(wide)).toHaveLength(201);
});

test("channels say what they hold, locks and tasks who they are", () => {
  const seen: string[] = [];
  run(function* () {
    const [jobs, mutex] = [new Channel<number>(3, { name: "jobs" }), new Mutex("door")];
    yield* jobs.send(1);
    yield* mutex.lock();
    seen.push(preview(jobs), preview(mutex), preview([...mutex.inner.holders] as Task[]));
  });
  expect(seen).toEqual([
    'Channel "jobs", holds 1',
    'Mutex "door", held by task 2 "main"',
    '[task 2 "main"]',
  ]);
});

test("what is inside a value is shown one level deep; no getter runs, private fields are seen", () => {
  expect(inside({ a: 1, b: [1, 2], [Symbol("s")]: 3 })).toEqual([
    "a: 1",
    "b: [1, 2] +",
    "[Symbol(s)]: 3",
  ]);
  expect(inside(new Account())).toEqual(["#pin: 1234", "balance: 3"]);
  expect(inside(hostile)).toEqual(["fuse: (getter, not run)", "plain: 1"]);
  expect(inside([7, { a: 1 }])).toEqual(["0: 7", "1: { a: 1 } +"]);
  expect(inside(new Set(["x"]))).toEqual(['0: "x"']);
  const entries = new Map<unknown, unknown>([
    ["a", { b: 1 }],
    [{ k: 1 }, 2],
  ]);
  expect(inside(entries)).toEqual(['"a": { b: 1 } +', "1: { key: { k: 1 }, value: 2 } +"]);
  expect(inside(new Error("no", { cause: 3 })).map((text) => text.slice(0, 10))).toEqual([
    'stack: "Er',
    'message: "',
    "cause: 3",
  ]);
  expect(viewer.variable("it", trapped).ref).toBe(0);
  expect(viewer.variable("it", "text").ref).toBe(0);
});

test("what is inside without being a property says how an expression comes to it", () => {
  const access = (value: unknown): unknown[] =>
    viewer.expand(viewer.variable("it", value).ref).map(({ name, access }) => [name, access]);
  const map = new Map(["a", 2n, 3, null, {}, Symbol("s")].map((key) => [key, 1]));
  expect(access(map)).toEqual([
    ['"a"', '.get("a")'],
    ["2n", ".get(2n)"],
    ["3", ".get(3)"],
    ["null", ".get(null)"],
    ["{}", ""],
    ["Symbol(s)", ""],
  ]);
  expect(viewer.evaluate('map.get("a")', null, { map }).value).toBe("1");
  expect(access(new Set([1]))).toEqual([["0", ""]]);
  expect(access({ [Symbol("s")]: 1, plain: 2 })).toEqual([
    ["plain", undefined],
    ["[Symbol(s)]", ""],
  ]);
  expect(access(new Account())).toContainEqual(["#pin", ""]);
});

test("what is long is expanded as far as anybody reads, and says how much more there is", () => {
  const many = Array.from({ length: 5000 }, (_, i) => i);
  for (const value of [
    many,
    new Float64Array(5000),
    new Set(many),
    new Map(many.map((i) => [i, i])),
    Object.fromEntries(many.map((i) => [`key ${i}`, i])),
  ]) {
    const parts = inside(value);
    expect(parts).toHaveLength(1001);
    expect(parts.at(-1)).toBe("…: 4000 more");
  }
  expect(inside(many.slice(0, 1000)).at(-1)).toBe("999: 999");
});

test("what was shown is gone when the program has run on", () => {
  const { ref } = viewer.variable("it", { a: 1 });
  expect(viewer.expand(ref).map(line)).toEqual(["a: 1"]);
  viewer.forget();
  expect(() => viewer.expand(ref)).toThrow("the program has run on");
  expect(viewer.variable("it", { a: 1 }).ref).toBeGreaterThan(ref);
});

const FRAMES = `"use strict"; const rate = 2;
let total = 0;
function make(prefix) {
  return function* worker(count, note_1) {
    for (let round = 0; round < count; round++) {
      const got = yield* receive(prefix, rate);
      const text = prefix + got;
      total += got;
      yield text;
    }
    let { late } = { late: 1 };
  };
}
function* receive(what, unused) { yield what; return 5; }
class Till { constructor() { this.sum = 9; } *open(by) { yield by; } }
return { worker: make("no "), till: (by) => new Till().open(by) };
`;
const { worker, till } = scripts.load("frames.js", FRAMES);
const shown = (generator: Generator): [string, string][] =>
  viewer
    .scopes(generator)
    .flatMap(({ kind, variables }) => variables.map((one): [string, string] => [kind, line(one)]));

test("scopes go from the innermost outwards; what has no value yet says so", () => {
  const generator = started(worker!(3));
  const outer = [
    ["block", "round: 0"],
    ["local", "count: 3"],
    ["local", "note_1: undefined"],
    ["local", "late: (not yet assigned)"],
    ["closure", 'prefix: "no "'],
    ["module", "rate: 2"],
    ["module", "total: 0"],
  ];
  const withoutFunctions = (lines: [string, string][]) =>
    lines.filter(([, text]) => !/: (function|class)/.test(text));
  expect(withoutFunctions(shown(generator))).toEqual([
    ["block", "got: (not yet assigned)"],
    ["block", "text: (not yet assigned)"],
    ...outer,
  ]);
  generator.next();
  expect(shown(generator).slice(0, 2)).toEqual([
    ["block", "got: 5"],
    ["block", 'text: "no 5"'],
  ]);
  // In the second round the registers still hold what they had in the first.
  generator.next();
  expect(shown(generator).slice(0, 3)).toEqual([
    ["block", "got: (not yet assigned)"],
    ["block", "text: (not yet assigned)"],
    ["block", "round: 1"],
  ]);
});

test("a generator that has not begun has its parameters; one that has ended has nothing", () => {
  expect(shown(worker!(3)).slice(0, 3)).toEqual([
    ["local", "count: 3"],
    ["local", "note_1: undefined"],
    ["local", "late: (not yet assigned)"],
  ]);
  expect(viewer.scopes(started(worker!(0)))).toEqual([]);
  expect(viewer.scopes(null)).toEqual([]);
});

test("this is shown where there is one", () => {
  expect(shown(started(till!("me"))).slice(0, 2)).toEqual([
    ["local", "this: Till { sum: 9 } +"],
    ["local", 'by: "me"'],
  ]);
});

test("a generator in a variable can be opened and shows its own", () => {
  expect(inside(started(till!("me")))).toEqual(['by: "me"']);
});
