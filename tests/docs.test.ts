// The documents are true: programs in them are run, files they name exist.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import { ModuleKind, transpileModule } from "typescript";
import { simulate } from "../boot";
import * as genix from "../index";
import type { Program } from "../syscalls";
import * as tasks from "../tasks";

const root = join(__dirname, "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** The code of the block that follows `<!-- run: NAME -->` in `file`. */
function program(file: string, name: string): () => Program {
  const match = new RegExp(`<!-- run: ${name} -->\\n\`\`\`ts\\n([^]*?)\`\`\``).exec(read(file));
  const source = match?.[1];
  if (source === undefined) throw new Error(`${file} has no program ${name}`);
  const compilerOptions = { module: ModuleKind.CommonJS };
  const { outputText } = transpileModule(source, { compilerOptions });
  const module = { exports: {} as { default: () => Program } };
  const load = (id: string): unknown => (id === "genix" ? genix : undefined);
  const run = compileFunction(outputText, ["module", "exports", "require"]) as (
    ...args: unknown[]
  ) => void;
  run(module, module.exports, load);
  return module.exports.default;
}

test("the program in the README prints what the README says", () => {
  const { stdout, clock } = simulate(program("README.md", "hello.ts"));
  expect(stdout).toBe("fast is done\nslow is done\nslow slept 20 ms\n");
  expect(clock).toBe(20);
  for (const line of stdout.trim().split("\n")) expect(read("README.md")).toContain(`\`${line}\``);
});

test("the system calls in docs/system-calls.md work as printed there", () => {
  const { stdout } = simulate(program("docs/system-calls.md", "meet.ts"));
  expect(stdout).toBe("42\nwoken\nwoken\nlast\n");
});

test("the groups in docs/concurrency.md work as printed there", () => {
  const { stdout } = simulate(program("docs/concurrency.md", "groups.ts"));
  expect(stdout).toBe(
    "page 1, page 2\ntoo late\npage 4, page 5, page 6\npage 5\nError: no page 7\n",
  );
});

test.each([
  ["stopping.ts", "stops: a new version\nkilled at 21\nover after 30 ms\nno page at 61\n"],
  ["locks.ts", "the first two: ann, bob\nall: ann, bob, cid\n"],
  ["channels.ts", "bob has done 10\nbob has done 5\nann has done 30\n"],
  ["select.ts", "sweep\nnothing to do\nstopped\n"],
  ["broadcast.ts", "price 7\nprice 8\nprice 9\nthe chart missed 1, and goes on with 8\n"],
  ["mailboxes.ts", "49 = 49\nthen a letter\n"],
  ["retry.ts", "attempt 3 at 75\ntick 1 at 85\ntick 2 at 95\ntick 3 at 105\n"],
])("%s in docs/concurrency.md works as printed there", (name, expected) => {
  expect(simulate(program("docs/concurrency.md", name)).stdout).toBe(expected);
});

test("the supervisor in docs/concurrency.md works as printed there", () => {
  const { stdout } = simulate(program("docs/concurrency.md", "supervisor.ts"));
  const lines = stdout.trim().split("\n");
  expect(lines).toEqual(["database 1", "web", "database 2", "web", "database 3", "web"]);
  const printed = lines.map((line) => `\`${line}\``).join(", ");
  expect(read("docs/concurrency.md")).toContain(`It prints ${printed}, and returns`);
});

test("every system call the README lists exists, and every one there is is listed", () => {
  const table = read("README.md").split("## System calls")[1]?.split("\n\n")[1] ?? "";
  const listed = [...table.matchAll(/`(\w+)`/g)].map((match) => match[1] as string);
  for (const name of listed) expect(genix).toHaveProperty(name);
  const declared = [
    "process",
    "time",
    "descriptors",
    "open",
    "park",
    "promise",
    "abort",
    "resource",
    "signals",
    "lock",
    "condition",
    "permits",
    "select",
    "mailbox",
    "interval",
  ].flatMap((file) =>
    [...read(`syscalls/${file}.ts`).matchAll(/= (?:syscall|blockingCall)\(\s*"(\w+)"/g)].map(
      (match) => match[1] as string,
    ),
  );
  expect(declared.length).toBeGreaterThan(25);
  const internal = ["launch", "tick"];
  expect(declared.filter((name) => !listed.includes(name) && !internal.includes(name))).toEqual([]);
});

test("the README says of every tool what it is good for, and of none that there is not", () => {
  const table = read("README.md").split("## The toolbox")[1]?.split("\n## ")[0] ?? "";
  const rows = table.split("\n").filter((line) => line.startsWith("| "));
  const listed = rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  for (const name of listed) if (name !== "limit") expect(genix).toHaveProperty(String(name));
  const tools = Object.keys(tasks).filter((name) => !/Error$|^Follower$/.test(name));
  expect(tools.length).toBeGreaterThan(40);
  expect(tools.filter((name) => !listed.includes(name))).toEqual([]);
});

const documents = [
  ...["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "bench/README.md"],
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

test.each(documents)("the files %s names exist", (file) => {
  const text = read(file);
  const links = [...text.matchAll(/\]\(([\w./-]+)\)/g)].map((match) => match[1] as string);
  const paths = [
    ...text.matchAll(
      /`((?:kernel|syscalls|tasks|machine|debugger|page|cli|demos|eslint|tests)\/[\w./-]*)`/g,
    ),
  ];
  for (const link of [...links, ...paths.map((match) => match[1] as string)]) {
    const places = [join(root, link), join(root, dirname(file), link)];
    expect([link, places.some((place) => existsSync(place))]).toEqual([link, true]);
  }
});
