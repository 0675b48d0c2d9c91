// Where tasks stand after each step: what is remembered is what the host's debugger interface says.
// The programs are JavaScript of a file of their own, as jest knows nothing of Node's source maps.

import { createRequire } from "node:module";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Places } from "../../cli/places";
import type { Kernel, Task } from "../../kernel";
import { Delegates } from "../../machine/delegates";
import { Inspector } from "../../machine/inspect/inspector";
import * as genix from "../../syscalls";
import { run } from "../helpers/run";

const folder = mkdtempSync(join(tmpdir(), "genix-places-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const syscalls = join(__dirname, "..", "..", "syscalls");
let programs = 0;

const inspector = new Inspector();
afterAll(() => inspector.close());

/**
 * The places after each step, what the interface says they are, the whole stack by that, and how
 * often it was asked.
 */
function places(text: string) {
  // A module that jest loads: its generators are of the realm that the delegates are noted in.
  const file = join(folder, `prog${(programs += 1)}.js`);
  const given = `const { ${Object.keys(genix).join(", ")} } = require(${JSON.stringify(syscalls)});`;
  writeFileSync(file, `"use strict"; ${given}\n${text}\nmodule.exports = main;`);
  const main = createRequire(__filename)(file) as () => genix.Program;
  const seen: string[] = [];
  const told: string[] = [];
  const stacks: string[][] = [];
  let looking: Places | undefined;
  let delegates: Delegates | undefined;
  const spy = jest.spyOn(Inspector.prototype, "positions");
  let asked = 0;
  run(main, {
    prepare(kernel) {
      looking = new Places(kernel);
      delegates = new Delegates(kernel, () => inspector);
      afterEachStep(kernel, (task) => {
        seen.push(looking?.of(task) ?? "");
        asked += spy.mock.calls.length;
        const frames = inspector.positions(delegates?.chainOf(task) ?? []);
        spy.mockClear();
        const stack = frames.map((at) => (at === undefined ? "" : `${at.file}:${at.line}`));
        stacks.push(stack);
        told.push(stack.find((place) => place.startsWith(file)) ?? stack.at(-1) ?? "");
      });
    },
  });
  looking?.close();
  delegates?.stop();
  spy.mockRestore();
  return { seen, told, stacks, asked };
}

function afterEachStep(kernel: Kernel, look: (task: Task) => void): void {
  let running: Task | undefined;
  kernel.attach({ resume: (task) => void (running = task) });
  const step = kernel.step.bind(kernel);
  kernel.step = () => {
    const ran = step();
    if (ran && running?.alive === true) look(running);
    return ran;
  };
}

test("a place is asked for once, however often tasks come there", () => {
  const { seen, told, asked } = places(`
    function* helper() { yield* yieldCpu(); yield* sleep(1); }
    function* main() {
      for (let i = 0; i < 100; i++) {
        yield* yieldCpu();
        yield* helper();
        try { yield* kill(99); } catch {} finally { yield* helper(); }
        yield* call(helper());
      }
    }`);
  expect(seen).toEqual(told);
  expect(seen.filter((place) => place.startsWith(folder)).length).toBe(900);
  // Five yields of the program, two of what it calls and its start, and those of init.
  expect(asked).toBeLessThan(20);
});

test("whoever resumes a generator by hand stands where it yields, and not where it resumes", () => {
  const { seen, told, stacks } = places(`
    function* body() { for (const n of [2, 2, 3, 3, 1, 2, 1]) yield* sleep(n); yield* inner(2); }
    function* inner(n) { yield sleep(n); yield* sleep(n); }
    function* pass(call) { yield call; }
    function* traced(program) {
      let step = program.next();
      let reply;
      while (!step.done) {
        const [n] = step.value.args;
        if (n === 2) { reply = yield step.value; step = program.next(reply); continue; }
        if (n === 3) { reply = yield* pass(step.value); step = program.next(reply); continue; }
        reply =
          yield step.value;
        step = program.next(reply);
      }
    }
    function* main() {
      yield* call(traced(body()));
      yield* wait(yield* spawn(traced(body())));
      yield inner(1);
    }`);
  // A bare yield asks nobody, so whoever waits for `pass` is all that is known.
  const waiting = (place: string) => place.replace(/prog2.js:5$/, "prog2.js:12");
  expect(seen).toEqual(told.map(waiting));
  expect(seen.every((place, i) => stacks[i]?.includes(place))).toBe(true);
});

test("of whom it cannot be told where they stand, the place of who waits for them is", () => {
  const { seen, stacks } = places(`
    function* body() { yield* yieldCpu(); yield* yieldCpu(); }
    function* traced(program) {
      for (let step = program.next(); !step.done; step = program.next()) yield step.value;
    }
    function* main() {
      yield* traced(body());
      yield* /* ; */ body();
    }`);
  expect(
    seen.filter((place) => place.startsWith(folder)).map((place) => place.split(":")[1]),
  ).toEqual(["8", "8", "9", "9"]);
  expect(seen.every((place, i) => place === "" || stacks[i]?.includes(place))).toBe(true);
});

test("every form of a yield is where the interface says it is", () => {
  const { seen, told } = places(`
    const toolbox = { *helper() { yield* yieldCpu(); yield* yieldCpu(); }, yieldCpu };
    const { helper } = toolbox;
    function* made() { yield* helper(); return helper(); }
    function* main() {
      for (let i = 0; i < 3; i++) {
        yield*helper();
        yield  *  helper();
        yield*
          helper();
        yield* (
          toolbox.yieldCpu()
        );
        yield* /* , */ toolbox["helper"]();
        yield* (yield* made());
        const both = [yield* helper(), yield* yieldCpu(), yield* helper()];
        const [late, later] = [helper(), yieldCpu()];
        yield* late; yield* later;
        for (const one of [helper(), helper()]) yield* one;
        yield* i > 1 ? helper() : yieldCpu();
        yield helper();
        yield* call(helper());
        yield call(helper());
        try { yield call(5); } catch {}
        try { yield 5; } catch {}
      }
    }`);
  expect(seen).toEqual(told);
});
