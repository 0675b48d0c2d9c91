// Signals from outside, and what comes of them. Every program says when it is ready; nothing here
// depends on how long that takes.

import { Workshop, type Running } from "./genix";

const shop = new Workshop();
afterAll(() => shop.remove());

async function started(name: string, ...options: string[]): Promise<Running> {
  const running = shop.start(["run", ...options, name]);
  await running.printed("ready");
  return running;
}

shop.write(
  "server.cjs",
  `
  const { sleep, spawn, wait } = require("genix");
  function* worker() {
    try { yield* sleep(1e9); } finally {
      console.log("worker: clean-up");
      yield* sleep(1);
      console.log("worker: done");
    }
  }
  module.exports = function* main() {
    const child = yield* spawn(worker);
    console.log("ready");
    try { yield* wait(child); } finally { console.log("main: done"); }
  };`,
);

// effection main.test
describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s", (signal, code) => {
  test(`stops all tasks, lets them clean up, and makes the exit code ${code}`, async () => {
    const running = await started("server.cjs");
    running.child.kill(signal);
    expect(await running.ended).toEqual({
      code,
      signal: null,
      stdout: "ready\nworker: clean-up\nmain: done\nworker: done\n",
      stderr: "",
    });
  });
});

shop.write(
  "stubborn.cjs",
  `
  const { sleep } = require("genix");
  module.exports = function* main() {
    console.log("ready");
    try { yield* sleep(1e9); } finally {
      console.log("clean-up");
      yield* sleep(1e9);
      console.log("never");
    }
  };`,
);

test("a second signal does not wait for clean-ups", async () => {
  const running = await started("stubborn.cjs");
  running.child.kill("SIGINT");
  await running.printed("clean-up");
  running.child.kill("SIGINT");
  expect(await running.ended).toMatchObject({ code: 130, stdout: "ready\nclean-up\n" });
});

test("a signal that npm passes on as well counts once", async () => {
  const running = shop.start(["run", "server.cjs"], { env: { npm_lifecycle_event: "start" } });
  await running.printed("ready");
  running.child.kill("SIGINT");
  running.child.kill("SIGINT");
  expect((await running.ended).stdout).toContain("worker: done");
});

test("a program that comes to an exit code of its own keeps it", async () => {
  shop.write(
    "own.cjs",
    `
    const { sleep } = require("genix");
    module.exports = function* main() {
      console.log("ready");
      try { yield* sleep(1e9); } catch (killed) { return 4; }
    };`,
  );
  const running = await started("own.cjs");
  running.child.kill("SIGTERM");
  expect((await running.ended).code).toBe(4);
});

test("what a program has returned before does not hide the signal that ended its tasks", async () => {
  shop.write(
    "gone.cjs",
    `
    const { sleep, spawn } = require("genix");
    module.exports = function* main() {
      yield* spawn(function* rest() { yield* sleep(1); console.log("ready"); yield* sleep(1e9); });
      return 0;
    };`,
  );
  const running = await started("gone.cjs");
  running.child.kill("SIGINT");
  expect((await running.ended).code).toBe(130);
});

test("a crash in a clean-up is a crash", async () => {
  shop.write(
    "crash.cjs",
    `
    const { sleep } = require("genix");
    module.exports = function* main() {
      console.log("ready");
      try { yield* sleep(1e9); } finally { throw new Error("in the clean-up"); }
    };`,
  );
  const running = await started("crash.cjs");
  running.child.kill("SIGTERM");
  const { code, stderr } = await running.ended;
  expect(code).toBe(1);
  expect(stderr).toContain("Error: in the clean-up");
});

test("a reader that goes away ends the program, after its clean-ups", async () => {
  shop.write(
    "yes.cjs",
    `
    const { stdout, write } = require("genix");
    module.exports = function* main() {
      try { for (;;) yield* write(stdout, "ready\\n"); } finally { console.error("clean-up"); }
    };`,
  );
  const real = await started("yes.cjs");
  real.child.stdout.destroy();
  expect(await real.ended).toMatchObject({ code: 141, stderr: "clean-up\n" });
  const virtual = await started("yes.cjs", "--virtual");
  virtual.child.stdout.destroy();
  expect(await virtual.ended).toMatchObject({ code: 141, stderr: "" });
});

describe("SIGQUIT", () => {
  const source = `import { call, sleep, spawn, wait, type Program } from "genix";

interface Order { table: number }

function* cook(order: Order): Program<void> {
  yield* sleep(1e9);
}
function* deep(levels: number): Program<void> {
  if (levels > 0) yield* call(deep(levels - 1));
  console.log("ready");
  yield* sleep(1e9);
}
class Waiter {
  *serve(order: Order): Program<void> {
    console.log("taken");
    yield cook(order);
  }
}
export default function* main(argv: string[]): Program<void> {
  const first = yield* spawn(new Waiter().serve({ table: 1 }));
  yield* spawn(deep(30), { name: "deep", daemon: true });
  yield* spawn(function* () {});
  yield* wait(first);
}
`;

  test.each([["restaurant.ts"], ["restaurant.mts"]])(
    "prints what each task of %s waits for, and the line of each of its frames",
    async (name) => {
      shop.write(name, source);
      const running = await started(name);
      running.child.kill("SIGQUIT");
      await running.printed("exited");
      running.child.kill("SIGTERM");
      const { code, stdout, stderr } = await running.ended;
      expect({ code, stdout }).toEqual({ code: 143, stdout: "taken\nready\n" });
      // Of each line of ps only what is the same in every run.
      const report = stderr
        .replace(/^(\d+) .*? {2}(\S+) {2,}(\w+\(.*|exited.*)$/gm, "$1 $2: $3")
        .replace(/at \d+ ms/g, "at N ms")
        .replace(/init.ts:\d+/, "init.ts:N");
      expect(report.slice(report.indexOf("\n") + 1)).toBe(`\
1 init: wait(): a child to exit
       at init (<genix>/tasks/init.ts:N)
2 main: wait(3): a child to exit
       at main (${name}:23)
3 serve: sleep(1000000000): a deadline at N ms
       at cook (${name}:6)
       at serve (${name}:16)
4 deep: sleep(1000000000): a deadline at N ms
       at deep (${name}:11)
${`       at deep (${name}:9)\n`.repeat(11)}       … 15 more frames
${`       at deep (${name}:9)\n`.repeat(4)}5 -: exited
`);
    },
  );

  test("keeps every task on one line, whatever its name and its wait are called", async () => {
    shop.write(
      "lines.cjs",
      `
      const { park, sleep, spawn, waitQueue } = require("genix");
      module.exports = function* main() {
        yield* spawn(function* () { yield* park(waitQueue("a\\nb")); }, { name: "two\\nlines" });
        console.log("ready");
        yield* sleep(1e9);
      };`,
    );
    const running = await started("lines.cjs");
    running.child.kill("SIGQUIT");
    await running.printed("lines.cjs:4");
    running.child.kill("SIGKILL");
    expect((await running.ended).stderr).toMatch(
      /^3 .* two lines {2}park\(.*\): a b\n +at \(anonymous\) \(lines\.cjs:4\)$/m,
    );
  });

  test("leaves the program as it was, as often as it comes", async () => {
    shop.write(
      "counting.cjs",
      `
      const { sleep, yieldCpu } = require("genix");
      module.exports = function* main() {
        let count = 0;
        const frozen = Object.getOwnPropertySymbols(globalThis).length;
        for (let round = 0; round < 3; round++) {
          process.kill(process.pid, "SIGQUIT");
          while (!process.stderr.asked) yield* sleep(1);
          process.stderr.asked = false;
          count += 1;
        }
        console.log(count, Object.getOwnPropertySymbols(globalThis).length === frozen);
      };
      const { write } = process.stderr;
      process.stderr.write = function (...args) {
        this.asked = true;
        return write.apply(this, args);
      };`,
    );
    const { code, stdout, stderr } = await shop.run(["run", "counting.cjs"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "3 true\n" });
    expect(stderr.match(/at main \(counting\.cjs:8\)/g)).toHaveLength(3);
  });

  test("shows a hundred tasks and says how many more there are", async () => {
    shop.write(
      "crowd.cjs",
      `
      const { sleep, spawn } = require("genix");
      module.exports = function* main() {
        for (let i = 0; i < 1000; i++) yield* spawn(function* one() { yield* sleep(1e9); });
        console.log("ready");
        yield* sleep(1e9);
      };`,
    );
    const running = await started("crowd.cjs");
    running.child.kill("SIGQUIT");
    await running.printed("more tasks");
    running.child.kill("SIGKILL");
    const { stderr } = await running.ended;
    expect(stderr).toMatch(/… and 902 more tasks\n$/);
    expect(stderr.match(/at one /g)).toHaveLength(98);
  });
});
