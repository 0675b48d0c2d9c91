// The package as others install it: packed, unpacked into an empty folder, used from JavaScript and
// from TypeScript. Its dependencies are linked, not downloaded, so that this needs no network.

import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "..");
const home = realpathSync(mkdtempSync(join(tmpdir(), "genix-package-")));
const clone = join(home, "clone");
const consumer = join(home, "consumer");
const installed = join(consumer, "node_modules", "genix");
let packed: string[] = [];

afterAll(() => rmSync(home, { recursive: true }));

/** Run a command in `folder` and return what it prints on stdout. */
function run(folder: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
}

function write(name: string, text: string): void {
  const file = join(consumer, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

beforeAll(() => {
  // In a copy, because packing builds, and others may be using the build.
  mkdirSync(clone);
  for (const name of readdirSync(root)) {
    if (/^(dist|node_modules|tests|bench|\.git)$/.test(name)) continue;
    cpSync(join(root, name), join(clone, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  const output = run(clone, "npm", "pack", "--json", "--offline");
  const json = output.slice(output.search(/^\[/m));
  const [{ filename, files }] = JSON.parse(json) as [
    { filename: string; files: { path: string }[] },
  ];
  packed = files.map(({ path }) => path);
  install(join(clone, filename));
});

/** What `npm install` does with a tarball, where its dependencies are there already. */
function install(tarball: string): void {
  mkdirSync(installed, { recursive: true });
  run(installed, "tar", "xzf", tarball, "--strip-components=1");
  const { dependencies, bin } = JSON.parse(
    readFileSync(join(installed, "package.json"), "utf8"),
  ) as { dependencies: Record<string, string>; bin: Record<string, string> };
  const folder = join(consumer, "node_modules");
  for (const name of [...Object.keys(dependencies), "@types/node", "undici-types"]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(folder, name));
  }
  mkdirSync(join(folder, ".bin"));
  symlinkSync(join(installed, String(bin["genix"])), join(folder, ".bin", "genix"));
  write("package.json", `{ "name": "consumer", "private": true }`);
}

test("it holds the build with the demos, the licence, the documents, and nothing else", () => {
  expect(packed).toContain("dist/index.js");
  expect(packed).toContain("dist/index.d.ts");
  expect(packed).toContain("dist/demos/tour.js");
  expect(packed.filter((path) => /dist\/tests|tsbuildinfo/.test(path))).toEqual([]);
  expect(packed).toContain("docs/debugging.md"); // --help and the readme lead there
  const besides = packed.filter((path) => !/^(?:dist|docs)\//.test(path));
  expect(besides.sort()).toEqual([
    ...["LICENSE", "README.md", "editors/vscode/extension.js", "editors/vscode/package.json"],
    "package.json",
  ]);
});

test("its command can be executed, and says its name and version", () => {
  const file = join(installed, "dist", "cli", "bin.js");
  expect(readFileSync(file, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(statSync(file).mode & 0o111).toBe(0o111);
  expect(run(consumer, "npx", "--offline", "genix", "--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("CommonJS requires it", () => {
  write(
    "consumer.cjs",
    `
    const { simulate, spawn, wait, sleep } = require("genix");
    const { Kernel } = require("genix/kernel");
    const { value, clock } = simulate(function* main() {
      const child = yield* spawn(function* () { yield* sleep(3_600_000); return "done"; });
      return (yield* wait(child)).value;
    });
    console.log(value, clock, typeof Kernel, require("genix/package.json").name);`,
  );
  expect(run(consumer, "node", "consumer.cjs")).toBe("done 3600000 function genix\n");
});

test("an ES module imports it, and boots it on the host", () => {
  write(
    "consumer.mjs",
    `
    import { boot, sleep, spawn, wait } from "genix";
    import { Kernel } from "genix/kernel";
    const value = await boot(function* main() {
      const child = yield* spawn(function* () { yield* sleep(1); return "done"; });
      return (yield* wait(child)).value;
    });
    console.log(value, typeof Kernel);`,
  );
  expect(run(consumer, "node", "consumer.mjs")).toBe("done function\n");
});

test("its test helper works with another framework than jest, and names what failed", () => {
  write(
    "consumer.test.mjs",
    `
    import assert from "node:assert/strict";
    import { test } from "node:test";
    import { now, sleep, spawn } from "genix";
    import { programTest, simulated } from "genix/jest";
    const it = programTest(test);
    it("an hour passes", function* () {
      yield* sleep(3_600_000);
      assert.equal(yield* now(), 3_600_000);
    });
    test("a failed assertion in a child is the test's", async () => {
      const failing = simulated(function* () {
        yield* spawn(function* () { assert.equal(1, 2); });
        yield* sleep(1);
      }, { seeds: 3 });
      await assert.rejects(failing, { code: "ERR_ASSERTION", message: /seed 1 of 3/ });
    });`,
  );
  const report = run(consumer, "node", "--test", "--test-reporter=tap", "consumer.test.mjs");
  expect(report).toMatch(/^# pass 2$/m);
  expect(report).toMatch(/^# fail 0$/m);
});

describe("TypeScript checks a program against its types, strictly,", () => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");

  test.each([
    ["nodenext", "nodenext", "commonjs"],
    ["nodenext", "nodenext", "module"],
    ["esnext", "bundler", "module"],
  ])("with module %s, resolved as %s, in a %s package", (module, moduleResolution, type) => {
    const folder = join(consumer, `${moduleResolution}-${type}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type }));
    run(folder, "npx", "--offline", "genix", "new", "starter");
    writeFileSync(
      join(folder, "typed.ts"),
      `
      import { boot, simulate, spawn, wait, sleep, Killed, type Pid, type Program } from "genix";
      import { Kernel, type Machine } from "genix/kernel";
      import { programTest, simulated, type TestOptions } from "genix/jest";
      import { aborted, asyncIterable, END, iterate, withAbortSignal } from "genix";
      declare function test(title: string, body: () => Promise<void>): number;
      const options: TestOptions = { seeds: 10, files: { "a.txt": "text" } };
      export const made: number = programTest(test)("title", function* () {}, options);
      export const row: (n: number) => Promise<void> = simulated(function* (n: number) {
        yield* sleep(n);
      });
      export async function consume(signal: AbortSignal): Promise<number> {
        const texts = asyncIterable<string>(function* (emit) {
          const reader = yield* iterate(asyncIterable<number>(function* () {}, { signal }));
          const value = yield* reader.next();
          if (value !== END) yield* emit(value.toFixed(2));
          // @ts-expect-error: it emits strings.
          yield* emit(5);
          yield* withAbortSignal(function* (own) { return own.aborted; });
          yield* aborted(signal);
        });
        let length = 0;
        for await (const text of texts) length += text.length;
        return length;
      }
      function* child(): Program<string> { yield* sleep(1); return "text"; }
      export function* main(): Program<number> {
        const pid: Pid<string> = yield* spawn(child);
        const status = yield* wait(pid);
        return status.kind === "exited" ? status.value.length : -1;
      }
      export const inMemory: number = simulate(main).value;
      export const booted: Promise<number> = boot(main);
      export const make = (machine: Machine) => [new Kernel(machine), Killed];
      // @ts-expect-error: a sleep takes a number of milliseconds.
      sleep("long");`,
    );
    const compilerOptions = {
      module,
      moduleResolution,
      strict: true,
      noEmit: true,
      target: "es2022",
      types: [],
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: type === "module",
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    expect(run(folder, process.execPath, tsc, "-p", folder)).toBe("");
    expect(run(folder, "npx", "--offline", "genix", "run", "--virtual", "starter.ts")).toContain(
      "Hello, world!",
    );
  });
});

test("its ESLint rules load beside nothing but ESLint", () => {
  symlinkSync(join(root, "node_modules", "eslint"), join(consumer, "node_modules", "eslint"));
  const config = `import genix from "genix/eslint"; export default [genix.recommended];`;
  write("eslint.config.mjs", config);
  const main = `import { sleep } from "genix"; export default function* main() { sleep(10); }`;
  write("forgotten.mjs", main);
  const eslint = join(root, "node_modules", "eslint", "bin", "eslint.js");
  const { status, stdout } = spawnSync(process.execPath, [eslint, "forgotten.mjs"], {
    cwd: consumer,
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stdout).toMatch(/1:66 +error +sleep\(…\) is built here .* genix\/no-dropped-call/);
});

test("its demos come with it", () => {
  expect(run(consumer, "npx", "--offline", "genix", "demos")).toMatch(/^\d\d-countdown +\S/m);
  expect(run(consumer, "npx", "--offline", "genix", "run", "--virtual", "countdown")).not.toBe("");
});
