// The watchdog on real processes. A frozen step lasts until the test has seen the report on it, so
// nothing here depends on speed; it gives up after ten seconds.

import { execFileSync } from "node:child_process";
import { Workshop, type Running } from "./genix";

const shop = new Workshop();
afterAll(() => shop.remove());

const WATCHED = { GENIX_WATCHDOG: "50" };

shop.write(
  "frozen.ts",
  `import { existsSync } from "node:fs";
import { sleep, spawn, wait, type Program } from "genix";

interface Patience { readonly ms: number }

function spin(file: string, patience: Patience): void {
  const end = Date.now() + patience.ms;
  while (!existsSync(file) && Date.now() < end);
}

function* worker(file: string): Program<void> {
  yield* sleep(1);
  spin(file, { ms: 10_000 });
  yield* sleep(1);
}

export default function* main([file = ""]: string[]): Program<void> {
  yield* wait(yield* spawn(worker(file), { name: "worker" }));
  try {
    console.log("ready");
    if (file === "then-wait") yield* sleep(1e9);
  } finally {
    console.log("clean-up");
  }
}
`,
);

const LIVE = 'genix: task 3 "worker" has not yielded for N ms: it runs at spin (frozen.ts:8)\n';
const STUCK =
  'genix: task 3 "worker" runs on; until it yields, Ctrl-C ends the process without clean-ups\n';

const anonymous = (text: string): string => text.replace(/\d+ ms/g, "N ms");

async function seen(running: Running, text: string, file: string): Promise<void> {
  await running.printed(text);
  shop.write(file, "");
}

test.each([
  ["this host", []],
  ["the virtual machine", ["--virtual"]],
])(
  "a step that does not end is reported while it runs, with its line, once, on %s",
  async (_, options) => {
    const file = `seen${options.length}`;
    const running = shop.start(["run", ...options, "frozen.ts", file], { env: WATCHED });
    await seen(running, "has not yielded", file);
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: "ready\nclean-up\n" });
    expect(anonymous(stderr).replace(STUCK, "")).toBe(LIVE);
  },
);

test.each([
  ["a run", []],
  ["a run that is recorded", ["--record", "endless.jsonl"]],
])("Ctrl-C ends an endless loop in %s, after a second of it", async (_, options) => {
  shop.write(
    "endless.cjs",
    `
    const { sleep } = require("genix");
    module.exports = function* main() {
      yield* sleep(1);
      for (;;);
    };`,
  );
  const running = shop.start(["run", ...options, "endless.cjs"], { env: WATCHED });
  await running.printed("Ctrl-C ends the process");
  running.child.kill("SIGINT");
  const { code, signal, stderr } = await running.ended;
  expect({ code, signal }).toEqual({ code: null, signal: "SIGINT" });
  expect(stderr).toMatch(
    /^genix: task 2 "main" has not yielded for \d+ ms: it runs at main \(endless\.cjs:5\)$/m,
  );
});

test("signals let every task clean up again once the long step has ended", async () => {
  const running = shop.start(["run", "frozen.ts", "then-wait"], { env: WATCHED });
  await seen(running, "Ctrl-C ends the process", "then-wait");
  await running.printed("ready");
  running.child.kill("SIGINT");
  const { code, stdout, stderr } = await running.ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: "ready\nclean-up\n" });
  expect(anonymous(stderr)).toBe(LIVE + STUCK);
});

test("a step that waits in the host's own code is reported too, and named when that returns", async () => {
  shop.write(
    "host.cjs",
    `
    const { execFileSync } = require("node:child_process");
    module.exports = function* main() {
      execFileSync("sh", ["-c", "for i in $(seq 100); do test -e host && exit; sleep 0.1; done"]);
    };`,
  );
  const running = shop.start(["run", "host.cjs"], { env: WATCHED });
  await seen(running, "in a call of the host's", "host");
  expect((await running.ended).stderr).toMatch(
    /^genix: task 2 has not yielded for \d+ ms: it is in a call of the host's that has not returned\ngenix: task 2 "main" has .*\n$/,
  );
});

const SLOW = `
  const end = Date.now() + 300;
  while (Date.now() < end);`;

test.each([
  ["it is switched off", { GENIX_WATCHDOG: "0" }],
  ["a debugger is attached, which makes steps long", { ...WATCHED, NODE_OPTIONS: "--inspect=0" }],
])("it says nothing when %s", async (_, env) => {
  shop.write("slow.cjs", `module.exports = function* main() {${SLOW}};`);
  const { code, stderr } = await shop.run(["run", "slow.cjs"], { env });
  expect(code).toBe(0);
  expect(stderr).not.toContain("genix:");
});

test("a budget that is no number of milliseconds is refused", async () => {
  const { code, stderr } = await shop.run(["run", "--watchdog", "soon", "slow.cjs"]);
  expect(code).toBe(2);
  expect(stderr).toContain("'soon' is invalid. Give a whole number from 0 to");
});

test("boot has it as an option; it ends with the program, and leaves nothing in the process", () => {
  shop.write(
    "boot.cjs",
    `
    const { boot, sleep } = require("../genix/dist/index.js");
    const symbols = () => Object.getOwnPropertySymbols(globalThis).length;
    const before = symbols();
    boot(function* main() { yield* sleep(1); return "done"; }, { watchdog: 50 })
      .then((value) => console.log(value, symbols() - before));`,
  );
  const options = { cwd: shop.folder, encoding: "utf8", stdio: "pipe", timeout: 30_000 } as const;
  expect(execFileSync(process.execPath, ["boot.cjs"], options)).toBe("done 0\n");
});
