// Where tasks stand after each step: what is remembered is what the host's debugger interface says.
// The programs are JavaScript of a file of their own, as jest knows nothing of Node's source maps.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { Places } from "../../cli/places";
import type { Kernel, Task } from "../../kernel";
import { Inspector } from "../../machine/inspect/inspector";
import * as genix from "../../syscalls";
import { run } from "../helpers/run";

const folder = mkdtempSync(join(tmpdir(), "genix-places-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inspector = new Inspector();
afterAll(() => inspector.close());

/** The places after each step, what the interface says they are, and how often it was asked. */
function places(text: string): { seen: string[]; told: string[]; asked: number } {
  const file = join(folder, "prog.js");
  const source = `"use strict";\n${text}`;
  writeFileSync(file, source);
  const names = Object.keys(genix);
  const load = compileFunction(`${source}\nreturn main;`, names, { filename: file });
  const main = Reflect.apply(load, undefined, Object.values(genix)) as () => genix.Program;
  const seen: string[] = [];
  const told: string[] = [];
  let looking: Places | undefined;
  const spy = jest.spyOn(Inspector.prototype, "positions");
  let asked = 0;
  run(main, {
    prepare(kernel) {
      looking = new Places(kernel);
      afterEachStep(kernel, (task) => {
        seen.push(looking?.of(task) ?? "");
        asked += spy.mock.calls.length;
        const [at] = inspector.positions([task.frame]);
        spy.mockClear();
        told.push(at === undefined ? "" : `${at.file}:${at.line}`);
      });
    },
  });
  looking?.close();
  spy.mockRestore();
  return { seen, told, asked };
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
  const { seen, told } = places(`
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
      yield* traced(body());
      yield* call(traced(body()));
      yield* wait(yield* spawn(traced(body())));
      yield inner(1);
    }`);
  expect(seen).toEqual(told);
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
        yield* /* ; */ toolbox["helper"]();
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
