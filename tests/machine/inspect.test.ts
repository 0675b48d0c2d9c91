// The stacks of the debugger: where generators stand, and what their variables are. The programs here
// are JavaScript with line numbers of their own, as jest knows nothing of Node's source maps;
// tests/cli has what comes of TypeScript.

import { compileFunction, runInThisContext } from "node:vm";
import { Inspector } from "../../machine/inspect/inspector";
import { inspect, standsAt } from "../../machine/inspect";

const inspector = new Inspector();
afterAll(() => inspector.close());

/** What the file `name` returns, which holds `text`. */
function load(name: string, text: string): unknown {
  return Reflect.apply(compileFunction(text, [], { filename: name }), undefined, []);
}

function program(text: string): Record<string, (...args: unknown[]) => Generator> {
  return load("/home/me/prog.js", text) as ReturnType<typeof program>;
}

const { worker, pool, anonymous } = program(`'use strict'; let shared = { n: 1 };
function* worker(count) {
  const twice = count * 2;
  for (let i = 0; i < count; i++) {
    const square = i * i;
    yield [square, twice, shared];
  }
}
class Pool { *fill(a) { yield this.size; } size = 3; }
const pool = new Pool();
return { worker, pool: () => pool.fill(7), anonymous: () => (function* () { yield 1; })() };
`);

function started(generator: Generator, steps = 1): Generator {
  for (let i = 0; i < steps; i++) generator.next();
  return generator;
}

test("a suspended generator stands at its yield; a new one at its start", () => {
  const file = "/home/me/prog.js";
  const ended = started(worker!(0));
  expect(
    inspector.positions([started(worker!(2)), worker!(2), pool!(), anonymous!(), ended, 3, null]),
  ).toEqual([
    { name: "worker", file, line: 6, column: 5 },
    { name: "worker", file, line: 2, column: 17 },
    { name: "fill", file, line: 9, column: 19 },
    { name: "", file, line: 11, column: 72 },
    undefined,
    undefined,
    undefined,
  ]);
  expect(inspect([started(worker!(2))])).toEqual([{ name: "worker", file, line: 6, column: 5 }]);
  expect(standsAt(started(worker!(2)))).toBe(`${file}:6`);
  expect(standsAt(ended)).toBe("");
});

test("a script that was loaded after the inspector was opened is known too", () => {
  const make = load("/late.js", "return function* späte() { yield 1; }") as () => Generator;
  expect(inspector.positions([started(make())])).toMatchObject([
    { name: "späte", file: "/late.js" },
  ]);
});

test("a frame's scopes hold the program's own values, innermost first", () => {
  const frame = inspector.look(started(worker!(2), 2))!;
  expect(frame.self).toBeUndefined();
  expect(frame.scopes.map(({ kind, variables }) => [kind, { ...variables }])).toMatchObject([
    ["block", { square: 1 }],
    ["block", { i: 1 }],
    ["local", { count: 2, twice: 4 }],
    ["module", { shared: { n: 1 } }],
  ]);
  const shared = frame.scopes[3]!.variables["shared"];
  expect(inspector.look(started(worker!(1)))!.scopes[3]!.variables["shared"]).toBe(shared);
  expect(inspector.look(started(pool!()))).toMatchObject({ self: { size: 3 } });
  expect(inspector.look(7)).toBeUndefined();
});

test("an evaluation may look at everything and change nothing", () => {
  const account = { balance: 3, log: new Map([["a", 1]]) };
  const argument = { self: account, account };
  const value = (text: string): unknown =>
    inspector.evaluate(`function (it) { return ${text} }`, argument);
  expect(value("it.account.balance + 1")).toBe(4);
  expect(value("this")).toBe(account);
  expect([value("-0"), value("10n"), value("NaN"), value("null")]).toEqual([-0, 10n, NaN, null]);
  for (const change of [
    "it.account.balance = 4",
    "it.account.log.set('b', 2)",
    "delete this.log",
  ]) {
    expect(() => value(change)).toThrow("side-effect");
  }
  expect(() => value("it.nobody.there")).toThrow("Cannot read properties of undefined");
  expect(() => value("1 +")).toThrow("Unexpected token");
  expect(account).toEqual({ balance: 3, log: new Map([["a", 1]]) });
});

test("private fields can be seen", () => {
  class Account {
    #balance = 3;
    read(): number {
      return this.#balance;
    }
  }
  expect(inspector.privateFields(new Account())).toEqual([["#balance", 3]]);
  expect(inspector.privateFields({})).toEqual([]);
});

test("nothing is left on globalThis", () => {
  const symbols = (): number => Object.getOwnPropertySymbols(runInThisContext("globalThis")).length;
  const before = symbols();
  const another = new Inspector();
  another.positions([started(worker!(2))]);
  another.close();
  expect(symbols()).toBe(before);
});
