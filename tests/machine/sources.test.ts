// What a source file says by itself.

import {
  importOf,
  isConstant,
  mentions,
  nextYield,
  notYetAssigned,
  yieldsOf,
} from "../../machine/sources";
import { Scripts } from "./scripts";

const scripts = new Scripts();
afterAll(() => scripts.remove());

const file = scripts.write(
  "prog.ts",
  `import { sleep, spawn as start, type Program } from "genix";
import bank from "./lib/bank.js";

function* worker(n: number): Program<void> {
  let rounds = 0;
  const once = yield* sleep(1);
  yield* start(
    worker(
      n - 1,
    ),
  );
  for (const item of yield* list()) {
    rounds++;
    yield* call(function* () {

      yield* sleep(3);

    });
  }
  const { a, b: [c] } = yield;
}
`,
);
const position = (line: number, column: number) => ({ file, line, column });

test("a file's yields, each with its lines", () => {
  expect(yieldsOf(file)?.map(({ line, endLine }) => `${line}-${endLine}`)).toEqual([
    ...["6-6", "7-11", "12-12", "14-18", "16-16", "20-20"],
  ]);
  expect(yieldsOf("/no/such/file.ts")).toBeUndefined();
});

test("a line without a yield stands for the next, one within a long yield for that", () => {
  const at = (line: number): number | undefined => nextYield(yieldsOf(file) ?? [], line)?.line;
  expect([1, 4, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21].map(at)).toEqual([
    ...[6, 6, 6, 7, 7, 7, 12, 14, 14, 16, 16, 14, 14, 20, 20, undefined],
  ]);
});

test("what is declared around a place and further down has no value yet", () => {
  const at = (line: number, column: number) => [...notYetAssigned(position(line, column))];
  expect(at(6, 16)).toEqual(["once", "a", "c"]);
  expect(at(7, 3)).toEqual(["a", "c"]);
  expect(at(12, 22)).toEqual(["item", "a", "c"]);
  expect(at(14, 5)).toEqual(["a", "c"]);
  // A function of its own says nothing of the one around it.
  expect(at(16, 7)).toEqual([]);
  expect(at(20, 25)).toEqual(["a", "c"]);
  expect(at(4, 17)).toEqual(["rounds", "once", "a", "c"]);
});

test("names that are assigned again, imported, or nowhere in the file", () => {
  expect(["once", "rounds", "worker", "n"].map((name) => isConstant(file, name))).toEqual([
    ...[true, false, true, true],
  ]);
  expect(importOf(file, "start")).toEqual({ from: "genix", name: "spawn" });
  expect(importOf(file, "bank")).toEqual({ from: "./lib/bank.js", name: "default" });
  expect(["genix_1", "worker"].map((name) => mentions(file, name))).toEqual([false, true]);
});
