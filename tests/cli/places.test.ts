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

/** The places after each step, what the interface says they are, and how often it was asked. */
function places(text: string) {
  // A module that jest loads: its generators are of the realm that the delegates are noted in.
  const file = join(folder, `prog${(programs += 1)}.js`);
  const given = `const { ${Object.keys(genix).join(", ")} } = require(${JSON.stringify(syscalls)});`;
  writeFileSync(file, `"use strict"; ${given}\n${text}\nmodule.exports = main;`);
  const main = createRequire(__filename)(file) as () => genix.Program;

  const spy = jest.spyOn(Inspector.prototype, "positions");
  const seen = whileItRuns(main, (kernel) => {
    const looking = new Places(kernel);
    return { of: looking.of, stop: () => looking.close() };
  });
  const asked = spy.mock.calls.length;
  spy.mockRestore();

  // In a run of its own: only one can take note of delegates.
  const told = whileItRuns(main, (kernel) => {
    const delegates = new Delegates(kernel, () => inspector);
    const of = (task: Task): string => {
      const frames = inspector.positions(delegates.chainOf(task));
      const at = frames.find((frame) => frame?.file === file) ?? frames.at(-1);
      return at === undefined ? "" : `${at.file}:${at.line}`;
    };
    return { of, stop: () => delegates.stop() };
  });
  return { seen, told, asked };
}

interface Watch {
  readonly of: (task: Task) => string;
  readonly stop: () => void;
}

/** What `watch` says of each task that has made a step, and lives. */
function whileItRuns(main: () => genix.Program, watch: (kernel: Kernel) => Watch): string[] {
  const said: string[] = [];
  let watching: Watch | undefined;
  run(main, {
    prepare(kernel) {
      watching = watch(kernel);
      afterEachStep(kernel, (task) => said.push(watching?.of(task) ?? ""));
    },
  });
  watching?.stop();
  return said;
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
    function* bare() { yield yieldCpu(); yield yieldCpu(); }
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
        yield* bare();
        yield* call(helper());
        yield call(helper());
        try { yield call(5); } catch {}
        try { yield 5; } catch {}
      }
    }`);
  expect(seen).toEqual(told);
});
