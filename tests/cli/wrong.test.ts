// Whatever the user gets wrong: one line on stderr that says what, nothing on stdout, exit code 2.

import { Workshop } from "./genix";

const shop = new Workshop();
afterAll(() => shop.remove());

async function complaint(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await shop.run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^genix: .*\n$/);
  return stderr.slice("genix: ".length, -1);
}

describe("the command line", () => {
  shop.write("there.js", "");

  test.each([
    [["rnu"], `unknown command 'rnu'; did you mean run?`],
    [["frobnicate"], `unknown command 'frobnicate'; see genix --help`],
    [["there.js"], `there.js is no command; to run it: genix run there.js`],
    [["--frob"], `unknown option '--frob'; see genix --help`],
    [["run"], `missing required argument 'program'; see genix --help`],
    [["run", "--virtaul", "there.js"], `unknown option '--virtaul'; did you mean --virtual?`],
    [["run", "--seed"], `option '--seed <n>' argument missing; see genix --help`],
    [
      ["run", "--seed", "x", "there.js"],
      `option '--seed <n>' argument 'x' is invalid. Give a whole number from 0 to 4294967295; see genix --help`,
    ],
    [
      ["run", "--seed", "4294967296", "there.js"],
      `option '--seed <n>' argument '4294967296' is invalid. Give a whole number from 0 to 4294967295; see genix --help`,
    ],
    [
      ["run", "--shuffle", "there.js"],
      `--shuffle works on the virtual machine only; add --virtual`,
    ],
    [["run", "nowhere.ts"], `there is no file nowhere.ts; genix demos lists the demos`],
    [["run", "there"], `there is no file there; did you mean there.js?`],
    [["run", "."], `. is not a file`],
    [["run", ""], `there is no file ""; genix demos lists the demos`],
    [["run", "shared"], `there is no file shared; genix demos lists the demos`],
    [["run", "xml"], `there is no file xml; genix demos lists the demos`],
    [["help", "nope"], `unknown command 'nope'; see genix --help`],
    [["new"], `missing required argument 'name'; see genix --help`],
    [["new", "../up"], `"../up" is no name for a program; use letters, digits, - and _`],
    [["new", "two words"], `"two words" is no name for a program; use letters, digits, - and _`],
    [["new", ""], `"" is no name for a program; use letters, digits, - and _`],
    [["new", "-x"], `unknown option '-x'; see genix --help`],
    [
      ["demos", "x"],
      `too many arguments for 'demos'. Expected 0 arguments but got 1; see genix --help`,
    ],
  ])("genix %p", async (args, text) => {
    expect(await complaint(...args)).toBe(text);
  });
});

const FIX = "a program is a module with: export default function* main(argv) { … }";

describe("a module without a program", () => {
  test.each([
    ["export const x = 1", `it has no default export`],
    [
      "export default async function main() {}",
      "its default export is an async function; to wait for a promise use yield* promise(p)",
    ],
    [
      "export default async function* main() {}",
      "its default export is an async generator function; leave out the async",
    ],
    ["export default function main() {}", "its default export is a plain function"],
    ["export default class Main {}", "its default export is a class"],
    [
      "export default (function* main() {})()",
      "its default export is a generator, made already; export its function",
    ],
    ["export default { a: 1 }", "its default export is { a: 1 }"],
    ["export default null", "its default export is null"],
  ])("%s", async (text, problem) => {
    shop.write("without.mjs", text);
    expect(await complaint("run", "without.mjs")).toBe(`without.mjs: ${problem}; ${FIX}`);
  });

  test("in CommonJS and in TypeScript", async () => {
    shop.write("empty.cjs", "exports.x = 1;");
    shop.write("plain.ts", "export default function main(): void {}");
    expect(await complaint("run", "empty.cjs")).toBe(`empty.cjs: it has no default export; ${FIX}`);
    expect(await complaint("run", "plain.ts")).toBe(
      `plain.ts: its default export is a plain function; ${FIX}`,
    );
  });
});

describe("a module that cannot be loaded", () => {
  const files: Record<string, string> = {
    "bad.ts": "const a: number = 1;\nconst b = ;\n",
    "bad.mts": "const a: number = 1;\nconst b = ;\n",
    "bad.cjs": "let a;\nlet let b;\n",
    "bad.mjs": "let a;\nlet let b;\n",
    "data.json": `{ "a": 1, }`,
    "imports-bad.ts": `import "./bad";`,
    "imports-bad.mts": `import "./bad.mts";`,
    "imports-bad.mjs": `import "./bad.mjs";`,
    "requires-bad.cjs": `\nrequire("./bad.cjs");`,
    "requires-json.cjs": `require("./data.json");`,
    "unknown.ts": `\nimport pad from "left-pad";\nimport x from "./nowhere";\npad(x);`,
    "unknown-file.ts": `import { a } from "node:fs";\nimport x from "./nowhere";\nx();`,
    "unknown.mjs": `import pad from "left-pad";`,
    "unknown-file.mjs": `\n\nimport x from "./lib/nowhere.mjs";`,
    "unknown-name.mjs": `\nimport { spwan } from "genix";`,
    "project/tsconfig.json": `{ "compilerOptions": { bad`,
    "project/fine.ts": "",
    "requires.cjs": `require("./bad.mts");`,
    "unexported.mjs": `import "genix/secret";`,
    "waits.mjs": `await new Promise(() => {});`,
  };
  for (const [name, text] of Object.entries(files)) shop.write(name, text);

  test.each([
    ["bad.ts", "bad.ts:2: Expression expected."],
    ["bad.mts", "bad.mts:2: Expression expected."],
    ["bad.cjs", "bad.cjs:2: let is disallowed as a lexically bound name"],
    ["bad.mjs", "bad.mjs:2: Unexpected strict mode reserved word"],
    ["imports-bad.ts", "bad.ts:2: Expression expected."],
    ["imports-bad.mts", "bad.mts:2: Expression expected."],
    ["imports-bad.mjs", "bad.mjs:2: Unexpected strict mode reserved word"],
    ["requires-bad.cjs", "bad.cjs:2: let is disallowed as a lexically bound name"],
    ["requires-json.cjs", expect.stringMatching(/^data\.json: .* in JSON at position 10/)],
    ["unknown.ts", `unknown.ts:2: cannot find module "left-pad"`],
    ["unknown-file.ts", `unknown-file.ts:2: cannot find module "./nowhere"`],
    ["unknown.mjs", `unknown.mjs:1: cannot find module "left-pad"`],
    ["unknown-file.mjs", `unknown-file.mjs:3: cannot find module "lib/nowhere.mjs"`],
    [
      "unknown-name.mjs",
      "unknown-name.mjs:2: The requested module 'genix' does not provide an export named 'spwan'",
    ],
    ["project/fine.ts", "project/tsconfig.json:1: '}' expected."],
    ["requires.cjs", expect.stringMatching(/^requires\.cjs: .*bad\.mts.* not required$/)],
    ["unexported.mjs", `unexported.mjs:1: cannot find module "genix"`],
    ["waits.mjs", "waits.mjs: its top-level await never ends"],
  ])("%s", async (name, text) => {
    expect(await complaint("run", name)).toEqual(text);
  });
});

test("a system error while a module is loaded is the program's, not a wrong command line", async () => {
  shop.write("reads.cjs", `\nrequire("node:fs").readFileSync("nowhere");`);
  const { code, stderr } = await shop.run(["run", "reads.cjs"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^genix: Error: ENOENT[^]*reads\.cjs:2:/);
});

test("a module that throws while it is loaded is a crash, with its own lines only", async () => {
  for (const name of ["throws.cjs", "throws.mjs"]) {
    shop.write(name, `function inner() { JSON.parse("{"); }\ninner();\n`);
    const { code, stdout, stderr } = await shop.run(["run", name]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^genix: SyntaxError: .*JSON.*\n( {4}at .*\n)+$/);
    expect(stderr).toMatch(new RegExp(`inner .*${name}:1:\\d+`));
    expect(stderr).not.toMatch(/node:|dist/);
  }
});

test("a module may throw what throws when it is looked at", async () => {
  shop.write("hostile.cjs", `throw { toString() { throw new Error("no"); } };`);
  const { code, stderr } = await shop.run(["run", "hostile.cjs"]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: "genix: thrown: { toString: [function toString] }\n",
  });
});

test("colour is for terminals: piped, every line is plain", async () => {
  const { stdout } = await shop.run(["--help"], { env: { FORCE_COLOR: "1" } });
  expect(stdout).not.toContain("\u001b");
});
