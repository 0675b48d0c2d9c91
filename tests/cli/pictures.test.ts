// `genix timeline`, `sequence`, `waits` and `trace`, of recordings made by `genix run --record`.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root, Workshop, type Result } from "./genix";

const shop = new Workshop();
const recording = "run.jsonl";

beforeAll(async () => {
  shop.write(
    "dinner.ts",
    `import { Mutex, sleep, spawn, wait, type Program } from "genix";
console.log("loaded");
function* dine(left: Mutex, right: Mutex): Program<void> {
  yield* left.lock();
  yield* sleep(1);
  yield* right.lock();
}
export default function* main(): Program<void> {
  const [a, b] = [new Mutex("fork a"), new Mutex("fork b")];
  console.log("hello");
  yield* spawn(dine(a, b), { name: "plato" });
  yield* spawn(dine(b, a), { name: "kant" });
  yield* wait();
}
`,
  );
  await genix("run", "--virtual", "--no-lint", "--record", recording, "dinner.ts");
});
afterAll(() => shop.remove());

function genix(...args: string[]): Promise<Result> {
  return shop.run(args);
}

test("the timeline and the sequence diagram are drawn in the terminal, without the program's output", async () => {
  const timeline = await genix("timeline", recording, "--width", "60");
  expect(timeline).toMatchObject({ code: 0, stderr: "" });
  expect(timeline.stdout).toMatch(/^1 init +█/);
  expect(timeline.stdout).toMatch(/\n3 plato .*█L█/);
  const sequence = await genix("sequence", recording, "--most", "3");
  expect(sequence).toMatchObject({ code: 0, stderr: "" });
  expect(sequence.stdout).toContain("spawn");
  expect(sequence.stdout).toMatch(/and \d+ more\n$/);
});

test("with -o they are SVG files, and so is the wait-for graph at the circle", async () => {
  for (const picture of ["timeline", "sequence", "waits"]) {
    const file = `${picture}.svg`;
    expect(await genix(picture, recording, "-o", file)).toMatchObject({
      code: 0,
      stdout: `Wrote ${file}.\n`,
      stderr: "",
    });
    expect(shop.read(file)).toMatch(/^<svg xmlns=[^]*<\/svg>\n$/);
    for (const stdout of ["-", "/dev/stdout"]) {
      const printed = await genix(picture, recording, "-o", stdout);
      expect(printed).toMatchObject({ code: 0, stderr: "" });
      expect(printed.stdout).toMatch(/^<svg xmlns=[^]*<\/svg>\n$/);
    }
  }
  expect(shop.read("waits.svg").match(/class="wait stuck"/g)).toHaveLength(2);
});

test("where tasks stand is asked for only where it is shown, as that takes longest", async () => {
  shop.write(
    "nap.js",
    `const { sleep } = require("genix");
exports.default = function* main() {
  yield* sleep(1);
};`,
  );
  shop.write(
    "tell.js",
    `const { Session } = require("node:inspector");
const { connect } = Session.prototype;
Session.prototype.connect = function () {
  require("node:fs").writeSync(2, "asked\\n");
  connect.call(this);
};`,
  );
  await genix("run", "--virtual", "--no-lint", "--record", "nap.jsonl", "nap.js");
  const env = { NODE_OPTIONS: `--require ${join(shop.folder, "tell.js")}` };
  const draw = (...args: string[]): Promise<Result> => shop.run(args, { env });
  expect(await draw("timeline", "nap.jsonl")).toMatchObject({ code: 0, stderr: "" });
  expect(await draw("sequence", "nap.jsonl")).toMatchObject({ code: 0, stderr: "" });
  expect(await draw("sequence", "nap.jsonl", "-o", "nap.svg")).toMatchObject({ stderr: "" });
  expect(await draw("timeline", "nap.jsonl", "-o", "nap.svg")).toMatchObject({ stderr: "asked\n" });
  expect(shop.read("nap.svg")).toContain("nap.js:3");
});

test("the wait-for graph is that of the circle, or of a step", async () => {
  const circle = await genix("waits", recording);
  expect(circle.stdout).toContain("circle: 3 plato -> 4 kant -> 3 plato");
  const early = await genix("waits", recording, "--step", "1");
  expect(early).toMatchObject({
    code: 0,
    stdout: "after step 1, at 0 ms: nobody waits for anybody\n",
  });
  const late = await genix("waits", recording, "--step", "99999");
  expect(late.code).toBe(2);
  expect(late.stderr).toMatch(/has no step 99999\n$/);
});

test("a task that keeps the CPU is seen in the trace for as long as it did", async () => {
  shop.write(
    "hog.ts",
    `import { spawn, yieldCpu, type Program } from "genix";
function* hog(): Program<void> {
  const { performance } = require("node:perf_hooks");
  for (const end = performance.now() + 60; performance.now() < end; );
  yield* yieldCpu();
}
export default function* main(): Program<void> {
  yield* spawn(hog());
  yield* yieldCpu();
}
`,
  );
  await genix("run", "--record", "hog.jsonl", "hog.ts");
  await genix("trace", "hog.jsonl", "-o", "hog.json");
  const { traceEvents } = JSON.parse(shop.read("hog.json")) as {
    traceEvents: { ph: string; name: string; tid: number; dur?: number; args?: object }[];
  };
  const slices = traceEvents.filter(({ ph, tid }) => ph === "X" && tid === 3);
  const took = slices.filter(({ name }) => name === "yieldCpu").map(({ dur }) => dur);
  expect(took).toHaveLength(1);
  expect(took[0]).toBeGreaterThan(60_000);
});

test("the trace is JSON that DevTools' own engine reads, with the source line of each step", async () => {
  const file = "trace.json";
  expect(await genix("trace", recording, "-o", file)).toMatchObject({
    code: 0,
    stdout: `Wrote ${file}.\n`,
    stderr: "",
  });
  const { traceEvents } = JSON.parse(shop.read(file)) as {
    traceEvents: { args?: object }[];
  };
  const lock = traceEvents.find(({ args }) => JSON.stringify(args ?? {}).includes("fork a"));
  expect(lock?.args).toMatchObject({ place: expect.stringMatching(/dinner\.ts:4$/) as string });
  const engine = resolve(__dirname, "../helpers/trace-engine.js");
  const read = JSON.parse(
    execFileSync(process.execPath, [engine, join(shop.folder, file)], { encoding: "utf8" }),
  ) as {
    threads: { name: string }[];
  };
  expect(read.threads.map(({ name }) => name)).toEqual(["1 init", "2 main", "3 plato", "4 kant"]);
  const { stdout } = await genix("trace", recording);
  expect((JSON.parse(stdout) as { traceEvents: unknown[] }).traceEvents).toHaveLength(
    traceEvents.length,
  );
});

test("of a recording that was cut off there is a picture of what is whole, and exit code 3", async () => {
  const part = "part.jsonl";
  const lines = shop.read(recording).split("\n");
  shop.write(part, `${lines.slice(0, -2).join("\n")}\n{`);
  const result = await genix("timeline", part);
  expect(result.code).toBe(3);
  expect(result.stdout).toContain("2 main");
  expect(result.stderr).toMatch(/^genix: played \d+ steps; /);
  const page = await genix("page", part);
  expect(page.code).toBe(3);
  expect(page.stderr).toMatch(/^genix: part.html shows a part of the run: played \d+ steps; /);
});

test.each([
  [
    "no such file",
    ["timeline", "nowhere.jsonl"],
    "there is no file nowhere.jsonl; genix run --record",
  ],
  ["a file that is no recording", ["sequence", "dinner.ts"], "it is no recording"],
  ["a folder", ["trace", "."], "cannot play"],
])("%s is a clear error", async (_what, args, message) => {
  const result = await genix(...args);
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(/^genix: [^\n]*\n$/);
  expect(result.stderr).toContain(message);
});

test.each(["timeline", "page"])("of a %s that cannot be written it is told first", async (it) => {
  const into = async (output: string) => genix(it, recording, "-o", output);
  expect((await into("none/a.svg")).stderr).toContain("there is no folder");
  expect((await into(".")).stderr).toContain("it is a folder");
  expect((await into(recording)).stderr).toContain(
    `cannot write ${recording}: it is there already`,
  );
  expect((await genix("timeline", recording)).code).toBe(0);
});

test.each(["timeline", "sequence", "waits", "trace", "page"])(
  "a %s is written over another, and over nothing else",
  async (it) => {
    const program = shop.read("dinner.ts");
    const refused = await genix(it, recording, "-o", "dinner.ts");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(
      /^genix: cannot write dinner.ts: it is there already, and is no .*; name another file, or delete it\n$/,
    );
    expect(shop.read("dinner.ts")).toBe(program);
    const file = `twice.${it}`;
    shop.write(file, "");
    expect((await genix(it, recording, "-o", file)).code).toBe(0);
    const first = shop.read(file);
    expect((await genix(it, recording, "-o", file)).code).toBe(0);
    expect(shop.read(file)).toBe(first);
    expect((await genix(it, recording, "-o", "/dev/null")).code).toBe(0);
  },
);

test("the debugger saves over a recording and draws over a picture, and over nothing else", async () => {
  const program = shop.read("dinner.ts");
  const debug = async (command: string) => genix("debug", "--recording", recording, "-ex", command);
  for (const command of ["save dinner.ts", "waits dinner.ts"]) {
    expect((await debug(command)).stderr).toContain("cannot write dinner.ts: it is there already");
  }
  expect(shop.read("dinner.ts")).toBe(program);
  const recorded = shop.read(recording);
  // Over itself: it is kept already.
  for (const file of ["copy.jsonl", "copy.jsonl", recording]) {
    expect(await debug(`save ${file}`)).toMatchObject({ code: 0 });
    expect(shop.read(file)).toBe(recorded);
  }
});

test("wrong options say what is right", async () => {
  const wrong = async (...args: string[]) => (await genix(...args)).stderr;
  expect(await wrong("timeline", recording, "--width", "3")).toContain("whole number from 20 to");
  expect(await wrong("sequence", recording, "--most", "0")).toContain("whole number from 1 to");
  expect(await wrong("waits", recording, "--step", "0")).toContain("whole number from 1 to");
  expect(await wrong("timeline")).toContain("missing required argument");
  expect(existsSync(join(shop.folder, "none"))).toBe(false);
  expect(existsSync(join(shop.folder, "-"))).toBe(false);
});

test("a recording without a step has no picture", async () => {
  const empty = "empty.jsonl";
  shop.write(empty, `${shop.read(recording).split("\n")[0]}\n`);
  const result = await genix("timeline", empty);
  expect(result).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("has no steps") as string,
  });
});

test.each([
  ["timeline", "102-bakery"],
  ["sequence", "102-bakery"],
  ["waits", "101-philosophers"],
])("the %s in the manual is what the command draws of demo %s", async (picture, demo) => {
  const folder = shop.clone();
  const run = (...args: string[]): Promise<Result> => shop.run(args, { folder });
  await run("run", "--virtual", "--record", `${demo}.jsonl`, `demos/${demo}.ts`);
  expect(await run(picture, `${demo}.jsonl`, "-o", `${picture}.svg`)).toMatchObject({ code: 0 });
  const drawn = readFileSync(join(folder, `${picture}.svg`), "utf8");
  expect(drawn).toBe(readFileSync(join(root, "docs", "pictures", `${picture}.svg`), "utf8"));
});
