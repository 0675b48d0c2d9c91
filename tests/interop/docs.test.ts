// docs/interop.md is true: each of its examples is run, and does what it says.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as stream from "node:stream";
import * as streamPromises from "node:stream/promises";
import { compileFunction } from "node:vm";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { simulateAsync } from "../../boot";
import * as genix from "../../index";
import * as genixJest from "../../jest";
import type { Program } from "../../syscalls";

const text = readFileSync(join(__dirname, "..", "..", "docs", "interop.md"), "utf8");
const examples = new Map(
  [...text.matchAll(/<!-- run: (\w+) -->\n```ts\n([^]*?)```/g)].map(
    ([, name, source]) => [name as string, source as string] as const,
  ),
);

const modules: Readonly<Record<string, unknown>> = {
  genix,
  "genix/jest": genixJest,
  "node:stream": stream,
  "node:stream/promises": streamPromises,
};

/** After a few turns of the host, however long they take, so that a busy one changes no order. */
function soon(callback: () => void, turns = 5): void {
  setImmediate(() => (turns === 0 ? callback() : soon(callback, turns - 1)));
}

/** Run the module, with `test` as its test function, and return its default export. */
function load<T>(name: string, test?: (title: string, body: () => Promise<void>) => void): T {
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  const { outputText } = transpileModule(examples.get(name) ?? "", { compilerOptions });
  const module = { exports: {} as { default: T } };
  const names = ["module", "exports", "require", "test", "expect"];
  const globals = ["setImmediate", "setTimeout", "AbortController"];
  const run = compileFunction(outputText, [...names, ...globals]) as (...args: unknown[]) => void;
  const require = (id: string): unknown => modules[id];
  const host = [setImmediate, (callback: () => void) => soon(callback), AbortController];
  run(module, module.exports, require, test, expect, ...host);
  return module.exports.default;
}

/** What it prints on the virtual machine. */
async function printed(name: string): Promise<string> {
  const halt = await simulateAsync(load<() => Program>(name));
  void halt.value;
  return halt.stdout;
}

test("every example is run here", () => {
  expect([...examples.keys()]).toEqual(["abort", "obey", "give", "iterate", "emit", "test"]);
  expect(text.match(/```ts/g)).toHaveLength(examples.size);
});

test("aborting a system", async () => {
  expect(await load<() => Promise<string[]>>("abort")()).toEqual([
    "closed the database",
    "killed: Error: deploying",
  ]);
});

test("obeying a signal", async () => {
  expect(await printed("obey")).toMatch(/^\d+ done, then the user left$/);
});

test("giving a signal", async () => {
  expect(await printed("give")).toBe("/a: aborted, /b: aborted");
});

test("reading a stream", async () => {
  expect(await printed("iterate")).toBe("one\ntwo\ndestroyed: true");
});

test("being read as a stream", async () => {
  const log = await load<() => Promise<string[]>>("emit")();
  expect(log).toEqual(["tick 1", "tick 2", "stopped", "tick 1", "stopped"]);
});

test("tests that are programs", async () => {
  const titles: string[] = [];
  const bodies: (() => Promise<void>)[] = [];
  load("test", (title, body) => {
    titles.push(title);
    bodies.push(body);
  });
  expect(titles).toEqual(["an hour passes at once", "holds whatever the order of the tasks"]);
  for (const body of bodies) await body();
});
