// Expressions over the variables of a frame: they see what the task sees, and change nothing.

import { Session } from "node:inspector";
import { Expression } from "../../machine/inspect/expression";
import { Inspector } from "../../machine/inspect/inspector";
import { keepReaders, withReader } from "../../machine/inspect/readers";
import { Viewer } from "../../machine/inspect/viewer";
import { Scripts, started } from "./scripts";

const inspector = new Inspector();
const viewer = new Viewer(inspector);
const scripts = new Scripts();
afterAll(() => {
  inspector.close();
  scripts.remove();
});

const BANK = `"use strict"; const account = { balance: 3, log: new Map([["a", 1]]), owner: { name: "x" } };
let total = 10;
let setTotal = (to) => (total = to);
function* teller(amount, account_ = account) {
  let n = 1;
  for (let round = 0; round < amount; round++) {
    const n = round * 10;
    const fresh = { round };
    yield [account, total, n, fresh, setTotal];
    const late = n;
  }
  yield n;
}
class Till { constructor() { this.sum = 9; } *open(by) { yield by; } }
return { teller, till: (by) => new Till().open(by), set: function* (to) { setTotal(to); yield account; },
  bump: function* () { account.balance += 1; yield; } };
`;
const { teller, till, set, bump } = scripts.load("bank.js", BANK);

const at = (generator: Generator) => (expression: string) =>
  viewer.evaluate(expression, generator).value;

test("names of all scopes can be used, and inner ones hide outer ones", () => {
  const value = at(started(teller!(3), 2));
  expect(value("n")).toBe("10");
  expect(value("account.balance + total + amount + round")).toBe("17");
  expect(value("account.log.get('a')")).toBe("1");
  expect(value("[...account.log].map(([k, v]) => k + v)")).toBe('["a1"]');
  expect(value("fresh")).toBe("{ round: 1 }");
  expect(value("{ a: n }")).toBe("{ a: 10 }");
  expect(value("typeof nobody")).toBe('"undefined"');
  expect(at(started(till!("me")))("this.sum + by.length")).toBe("11");
});

test("this is what it is in the frame, undefined as well, and the global object in none", () => {
  const value = at(started(teller!(3), 2));
  for (let again = 0; again < 2; again++) {
    expect(value("this")).toBe("undefined");
    expect(() => value("this.sum")).toThrow("Cannot read properties of undefined");
    expect(value("n + 1")).toBe("11");
  }
  expect(viewer.evaluate("this", null).value).toBe("undefined");
  const expression = new Expression(inspector, "this === undefined");
  const generator = started(teller!(3), 2);
  expect([1, 2].map(() => expression.value(generator))).toEqual([true, true]);
});

test("a value can be expanded, or be had itself", () => {
  const generator = started(set!(10));
  const { ref } = viewer.evaluate("account", generator);
  expect(viewer.expand(ref).map(({ name }) => name)).toEqual(["balance", "log", "owner"]);
  const again = set!(10).next().value as unknown;
  expect(viewer.reference("account", generator)).toBe(again);
  expect(viewer.reference("1n", generator)).toBe(1n);
  expect(viewer.reference("-0", generator)).toBe(-0);
});

test("a long text is had without being sent", () => {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its session
  const { post } = Session.prototype;
  let longest = 0;
  Reflect.set(Session.prototype, "post", function (this: Session, ...args: unknown[]) {
    const done = args.at(-1);
    if (typeof done !== "function") return void Reflect.apply(post, this, args);
    const heard = (error: unknown, answer: unknown): void => {
      longest = Math.max(longest, JSON.stringify(answer).length);
      Reflect.apply(done, undefined, [error, answer]);
    };
    Reflect.apply(post, this, [...args.slice(0, -1), heard]);
  });
  try {
    expect(viewer.reference('"x".repeat(1e6)', started(set!(10)))).toHaveLength(1e6);
  } finally {
    Reflect.set(Session.prototype, "post", post);
  }
  expect(longest).toBeLessThan(10_000);
});

test("names that the debugger adds go before those of the program", () => {
  const generator = started(teller!(1));
  expect(viewer.reference("$pid * 2 + total", generator, { $pid: 3 })).toBe(16);
  expect(viewer.reference("total", generator, { total: 1 })).toBe(1);
  expect(viewer.reference("$pid + 1", null, { $pid: 3 })).toBe(4);
});

test("an expression that does not end is stopped, and the next is evaluated", () => {
  const generator = started(teller!(2));
  const endless = "(() => { for (;;); })()";
  expect(() => viewer.evaluate(endless, generator)).toThrow(
    `${endless}: it was stopped after 3000 ms: it does not end, or not soon`,
  );
  expect(viewer.evaluate("1 + 1", generator).value).toBe("2");
});

test.each([
  ["account.balance = 5", "that would change the program; the debugger only looks"],
  ["total = 5", "that would change the program; the debugger only looks"],
  ["n++", "that would change the program; the debugger only looks"],
  ["account.log.set('b', 2)", "that would change the program; the debugger only looks"],
  ["setTotal(5)", "that would change the program; the debugger only looks"],
  ["delete account.owner", "that would change the program; the debugger only looks"],
  ["nobody", "ReferenceError: nobody is not defined"],
  ["account.nobody.name", "TypeError: Cannot read properties of undefined (reading 'name')"],
  ["late", "late is not yet assigned where the task stands"],
  ["1 +", "this is no expression: Unexpected token ')'"],
  ["", "this is no expression: Unexpected token ')'"],
  ["yield 1", "this is no expression: Unexpected strict mode reserved word"],
  ["(() => { throw { code: 7 } })()", "threw { code: 7 }"],
])("%s is refused in one line", (expression, text) => {
  const generator = started(teller!(2));
  expect(() => viewer.evaluate(expression, generator)).toThrow(`${expression}: ${text}`);
  expect(viewer.reference("[account.balance, total, account.log.size]", generator)).toEqual([
    3, 10, 1,
  ]);
});

test("an expression that is evaluated again and again is right each time", () => {
  const generator = started(teller!(3));
  const texts = ["account.balance", "total", "n", "fresh.round", "amount", "account.log.size + n"];
  const kept = texts.map((text) => new Expression(inspector, text));
  const values = () => kept.map((one) => one.value(generator));
  expect(values()).toEqual([3, 10, 0, 0, 3, 1]);
  expect(values()).toEqual([3, 10, 0, 0, 3, 1]);
  generator.next();
  set!(11).next();
  bump!().next();
  expect(values()).toEqual([4, 11, 10, 1, 3, 11]);
  generator.next();
  generator.next();
  set!(10).next();
  // Out of the loop another n is meant, and there is no fresh.
  expect(kept[2]!.value(generator)).toBe(1);
  expect(() => kept[3]!.value(generator)).toThrow("fresh is not defined");
  expect(kept[0]!.value(generator)).toBe(4);
});

test("one expression serves many frames, and the debugger's names change", () => {
  const due = new Expression(inspector, "$step > 2 && amount === 2");
  const [two, three] = [started(teller!(2)), started(teller!(3))];
  expect([1, 3].map(($step) => due.value(two, { $step }))).toEqual([false, true]);
  expect([1, 3].map(($step) => due.value(three, { $step }))).toEqual([false, false]);
  expect([1, 3].map(($step) => due.value(two, { $step }))).toEqual([false, true]);
});

test("what was seen to look once is not trusted to if it calls or assigns", () => {
  const generator = started(teller!(2));
  for (const text of [
    "$go && (total = 5)",
    "$go && setTotal(5)",
    "$go ? (account.balance -= 1) : 0",
  ]) {
    const one = new Expression(inspector, text);
    expect([one.value(generator, { $go: 0 }), one.value(generator, { $go: 0 })]).toEqual([0, 0]);
    expect(() => one.value(generator, { $go: 1 })).toThrow("the debugger only looks");
  }
});

const SHOP = `"use strict"; let sold = 0; const shelf = { left: 9 };
function* clerk(to) {
  let own = 0;
  let shared = 0;
  const both = () => (shared += 1);
  for (let round = 0; round < 9; round++) {
    own += 1; sold += to; shelf.left -= 1; both();
    yield both;
    const late = own;
  }
}
`;
keepReaders();
const { clerk } = scripts.load(
  "shop.js",
  `${withReader(SHOP, scripts.file("shop.js"))} return { clerk };`,
);

/** What `text` comes to, and whether the interface was asked: run after run of another, then own. */
function asked(text: string): (readonly [value: unknown, asked: boolean])[] {
  const [generator, other] = [started(clerk!(1)), started(clerk!(1))];
  const look = jest.spyOn(inspector, "look");
  const one = new Expression(inspector, text);
  const value = (age: number): readonly [unknown, boolean] => {
    look.mockClear();
    const result = attempt(() => one.value(generator, {}, age));
    return [result, look.mock.calls.length > 0];
  };
  const results = [value(1), value(1)];
  other.next();
  results.push(value(1));
  generator.next();
  results.push(value(2));
  look.mockRestore();
  return results;
}

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return (error as Error).message;
  }
}

test("what cannot have changed is not asked for again", () => {
  const [first] = asked("sold");
  const sold = Number(first?.[0]);
  const [again, after, own] = [sold + 4, sold + 5, sold + 6];
  expect(asked("sold")).toEqual([
    [again, true],
    [again, false],
    [after, false],
    [own, false],
  ]);
  expect(asked("to + shelf.left * 0").map(([, was]) => was)).toEqual([true, false, false, false]);
  expect(asked("own")).toEqual([
    [1, true],
    [1, false],
    [1, false],
    [2, true],
  ]);
  const late = "late: late is not yet assigned where the task stands";
  expect(asked("late")).toEqual([
    [late, true],
    [late, false],
    [late, false],
    [late, true],
  ]);
});

test("what a closure may have changed is asked for each time", () => {
  const generator = started(clerk!(0));
  const both = generator.next().value as () => void;
  const one = new Expression(inspector, "shared");
  expect(one.value(generator, {}, 2)).toBe(2);
  both();
  expect(one.value(generator, {}, 2)).toBe(3);
});
