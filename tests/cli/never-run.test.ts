// Generators that are made and never run, as `genix run` tells of them; and that to look for them
// changes nothing else.

import { compileFunction } from "node:vm";
import ts from "typescript";
import { instrument } from "../../cli/instrument";
import { Workshop } from "./genix";

const shop = new Workshop();
afterAll(() => shop.remove());

const FORGOTTEN = `import { sleep, spawn, wait, type Program } from "genix";

interface Pause { readonly ms: number }

function* worker(pause: Pause) {
  yield* sleep(pause.ms);
}
class Pool {
  *fill(): Program<void> {
    yield* worker({ ms: 1 });
  }
}
export default function* main(argv: string[]): Program<number> {
  worker({ ms: 1 });
  for (const ms of [1, 2, 3]) [ms].map((ms) => worker({ ms }));
  yield* wait(yield* spawn(worker({ ms: 1 })));
  const pool = new Pool().fill();
  yield* new Pool().fill();
  if (argv.length > 0) process.kill(process.pid, "SIGQUIT");
  while (argv.length > 0) yield* sleep(1e9);
  return 3;
}
`;

const fix = (name: string): string => `write yield* ${name}(…), or yield* spawn(${name}(…))`;

const told = (file: string): string =>
  [
    `worker() was made at ${file}:14 by task 2 "main" and never run; ${fix("worker")}`,
    `worker() was made at ${file}:15 by task 2 "main" and never run; ${fix("worker")} (3 times)`,
    `fill() was made at ${file}:17 by task 2 "main" and never run; ${fix("fill")}`,
  ]
    .map((line) => `genix: ${line}\n`)
    .join("");

test.each([
  ["forgotten.ts", []],
  ["forgotten.mts", []],
  ["forgotten.ts", ["--virtual"]],
])("each place that made one in %s is named at the end, with the fix %s", async (name, options) => {
  shop.write(name, FORGOTTEN);
  const { code, stderr } = await shop.run(["run", ...options, name]);
  expect({ code, stderr }).toEqual({ code: 3, stderr: told(name) });
});

test("in a program that runs on, SIGQUIT asks for them", async () => {
  shop.write("serving.ts", FORGOTTEN);
  const running = shop.start(["run", "serving.ts", "on"]);
  await running.printed("fill() was made");
  running.child.kill("SIGKILL");
  expect((await running.ended).stderr).toContain(told("serving.ts"));
});

test("a program in which nothing was forgotten hears nothing, also where arguments are too many", async () => {
  shop.write(
    "plain.ts",
    `import { sleep, spawn, wait, type Program } from "genix";
function* worker(ms: number): Program<void> { yield* sleep(ms); }
export default function* main(): Program<void> {
  // map gives three arguments to a function that takes one.
  for (const program of [1, 2].map(worker)) yield* wait(yield* spawn(program));
  yield* wait(yield* spawn(worker(1)));
}
`,
  );
  const { code, stderr } = await shop.run(["run", "plain.ts"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("lines in stacks stay what they are", async () => {
  shop.write(
    "crash.ts",
    `import { sleep, type Program } from "genix";
interface Unused { readonly text: string }
export default function* main(): Program<void> {
  yield* sleep(1);
  throw new Error("here");
}
`,
  );
  const { stderr } = await shop.run(["run", "crash.ts"]);
  expect(stderr).toMatch(/at main \(\S*crash\.ts:5:9\)/);
});

/** What the transformer makes of `source`. */
function transformed(source: string, isTheirs = true): string {
  const { outputText } = ts.transpileModule(`import { sleep } from "genix";\n${source}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    transformers: { before: [instrument(ts, () => isTheirs)] },
  });
  return outputText;
}

test.each([
  ["an iterator", "function* range() { yield 1; }"],
  ["a coroutine", "function* grep(): Receiver<string> { const line = yield; yield* sleep(1); }"],
  ["an async generator", "async function* pages() { yield* sleep(1); }"],
  ["one with a rest parameter", "function* all(...ms) { yield* sleep(ms[0]); }"],
  ["one that looks at its arguments", "function* all() { yield* sleep(arguments[0]); }"],
  ["one that does so in an arrow function", "function* f() { yield* sleep(1); () => arguments; }"],
  ["one with a directive", 'function* f() { "use strict"; yield* sleep(1); }'],
])("%s is left as it is", (_, source) => {
  expect(transformed(source)).toBe(transformed(source, false));
});

test("a task keeps its length, its name, its defaults and its methods' super", () => {
  const source = `
    function* task(a, b = 5, [c] = [6]) { yield* sleep(a); return [a, b, c]; }
    class Base { *run() { yield* sleep(1); return "base"; } }
    class Derived extends Base { #own = 1; *run(x = this.#own) { yield* super.run(); return x; } }
    const named = function* () { yield* sleep(1); };
    const same = [task.length, task.name, named.name, new Derived().run.length];
    const last = (it) => { let next; do next = it.next(); while (!next.done); return next.value; };
    return JSON.stringify([same, last(task(1)), last(new Derived().run()), last(task(1, 2, [3], 4))]);`;
  const evaluate = (text: string): unknown => {
    const body = text.replace(/^(import|export).*$/gm, "");
    const results: unknown[] = [];
    const run = compileFunction(body, ["sleep", "done"]) as (...args: unknown[]) => void;
    run(
      function* () {},
      (result: unknown) => results.push(result),
    );
    return results[0];
  };
  const compiled = transformed(`const main = () => {${source}}; done(main());`);
  const plain = transformed(`const main = () => {${source}}; done(main());`, false);
  expect(compiled).not.toBe(plain);
  const expected = '[[1,"task","named",0],[1,5,6],1,[1,2,3]]';
  expect([evaluate(plain), evaluate(compiled)]).toEqual([expected, expected]);
});
