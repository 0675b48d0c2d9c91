// Remote targets, in real threads and processes. The targets write what happens to them to a file;
// no test depends on how long anything takes.

import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { boot } from "../../boot";
import { allEnded } from "../../machine/ending";
import { EndedError, processed, RemoteError, threaded } from "../../tasks";
import { kill, ps, sleep, spawn, wait } from "../../syscalls";
import type { Pid, Program } from "../../syscalls";
import { runDemo } from "../helpers/demo";
import { attempt, sendUntilError } from "../helpers/remote";

const root = join(__dirname, "..", "..");

let folder: string;
let sinks: string;
let log: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "genix-"));
  sinks = file("sinks.mjs", SINKS);
});

afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => (log = join(folder, `log-${++count}`)));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const SINKS = `
  import { appendFileSync, existsSync } from "node:fs";

  /** Writes down what it gets; does what it is told. */
  export function* obey(log) {
    const say = (text) => appendFileSync(log, text + "\\n");
    say("pid " + process.pid);
    try {
      for (;;) {
        try {
          const order = yield;
          say("got " + JSON.stringify(order));
          if (order === "crash") throw new TypeError("no such order");
          if (order === "return") return;
          if (order === "exit") process.exit(7);
          if (order === "loop") for (;;);
          if (order?.gate !== undefined) wait(order.gate);
        } catch (error) {
          if (error.name !== "Mild") throw error;
          say("caught " + error.message);
        }
      }
    } finally {
      say("finally");
    }
  }

  export function* leavesTimers(log) {
    setInterval(() => {}, 1000);
    try {
      for (;;) yield;
    } finally {
      appendFileSync(log, "finally\\n");
    }
  }

  function wait(gate) {
    const cell = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(gate)) Atomics.wait(cell, 0, 0, 5);
  }
`;

/** What the target wrote down, without its pid. */
function logged(): string[] {
  return readFileSync(log, "utf8").split("\n").slice(1, -1);
}

/** The process it ran in. */
function remotePid(): number {
  return Number(/pid (\d+)/.exec(readFileSync(log, "utf8"))?.[1]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Wait for what happens outside the system. If it never does, jest says which test waits. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Wait until the task `pid` is blocked in the call `name`. */
function* untilBlockedIn(pid: Pid, name: string): Program<void> {
  for (;;) {
    const task = (yield* ps()).find((task) => task.pid === pid);
    if (task?.state === "blocked" && task.call?.startsWith(`${name}(`) === true) return;
    yield* sleep(1);
  }
}

describe.each([
  ["thread", threaded],
  ["process", processed],
])("a target in a %s", (kind, make) => {
  test("takes what is sent in order; close runs its clean-up there and ends it", async () => {
    await boot(function* main() {
      const target = yield* make(sinks, "obey", log);
      expect(target).toMatchObject({ name: "obey", ended: false });
      const items = [
        1,
        "text \u{1f600}\ud800",
        null,
        true,
        [1, [2]],
        { a: { b: "c" } },
        "x".repeat(200_000),
      ];
      for (const item of items) yield* target.send(item);
      yield* target.close();
      expect(logged()).toEqual([...items.map((item) => `got ${JSON.stringify(item)}`), "finally"]);
      expect(remotePid() === process.pid).toBe(kind === "thread");
      if (kind === "process") expect(isAlive(remotePid())).toBe(false);
      yield* target.close();
      expect(target.ended).toBe(true);
      expect(yield* attempt(target.send(1))).toEqual(
        new EndedError(`cannot send to "obey" in a ${kind}: it was closed`),
      );
    });
  });

  test("that throws is an error here, with its message, its line, and how far it came", async () => {
    await boot(function* main() {
      const target = yield* make(sinks, "obey", log);
      yield* target.send("fine");
      yield* target.send("crash");
      const error = yield* sendUntilError(target, 40);
      expect(error).toBeInstanceOf(RemoteError);
      const { message, cause } = error as RemoteError;
      expect(message).toMatch(
        new RegExp(
          `^"obey" in a ${kind} threw TypeError: no such order, at message 2, in .*sinks.mjs:13:40(; messages lost.*)?$`,
        ),
      );
      expect(cause).toMatchObject({ name: "TypeError", message: "no such order" });
      expect((cause as Error).stack).toMatch(/at obey .*sinks\.mjs:13:40/);
      expect(yield* attempt(target.send("again"))).toEqual(
        new EndedError(`cannot send to "obey" in a ${kind}: it threw TypeError: no such order`),
      );
      yield* target.close();
      expect(logged()).toEqual(['got "fine"', 'got "crash"', "finally"]);
    });
  });

  test("that ends its thread or process while its module is loaded is an error here that says so", async () => {
    await boot(function* main() {
      const error = yield* attempt(make(file("exits.cjs", "process.exit(7)"), "obey"));
      expect(String(error)).toMatch(
        new RegExp(
          `"obey" in a ${kind} died: ${kind} \\d+ exited with code 7, before it had started$`,
        ),
      );
    });
  });

  test("that exits with its thread or process is an error here that says so", async () => {
    await boot(function* main() {
      const target = yield* make(sinks, "obey", log);
      yield* target.send("exit");
      const error = yield* sendUntilError(target, 40);
      expect(error).toBeInstanceOf(RemoteError);
      expect(String(error)).toMatch(
        new RegExp(
          `"obey" in a ${kind} died: ${kind} \\d+ exited with code 7, after message 0; messages lost`,
        ),
      );
      yield* target.close();

      const other = yield* make(sinks, "obey", log);
      yield* other.send("exit");
      expect(String(yield* attempt(other.close()))).toMatch(/exited with code 7/);
    });
  });

  test("that is slow makes its sender wait: no more than 16 messages are on their way", async () => {
    const gate = `${log}.gate`;
    await boot(function* main() {
      const target = yield* make(sinks, "obey", log);
      let sent = 0;
      const sender = yield* spawn(function* sender() {
        for (yield* target.send({ gate }); sent < 100; yield* target.send(sent)) sent += 1;
      });
      yield* untilBlockedIn(sender, "readWait");
      expect(sent).toBe(16);
      while (logged().length < 1) yield* sleep(1);
      expect(sent).toBe(16);
      writeFileSync(gate, "");
      expect(yield* wait(sender)).toMatchObject({ kind: "exited" });
      yield* target.close();
      expect(logged()).toHaveLength(102);
    });
  });

  test("can be closed while a sender waits: the message of that sender still arrives", async () => {
    const gate = `${log}.gate`;
    await boot(function* main() {
      const target = yield* make(sinks, "obey", log);
      for (let i = 0; i < 16; i++) yield* target.send(i === 0 ? { gate } : i);
      const last = { text: "last" };
      const sender = yield* spawn(() => target.send(last));
      yield* untilBlockedIn(sender, "readWait");
      last.text = "changed too late";
      const closer = yield* spawn(() => target.close());
      const late = yield* spawn(() => attempt(target.send("too late")));
      yield* untilBlockedIn(late, "read");
      writeFileSync(gate, "");
      for (const pid of [sender, closer])
        expect(yield* wait(pid)).toMatchObject({ kind: "exited" });
      expect(logged().slice(-2)).toEqual(['got {"text":"last"}', "finally"]);
      expect(yield* wait(late)).toMatchObject({ value: expect.any(EndedError) as unknown });
    });
  });

  test("serves many senders; one that is killed while it waits does not hold up the others", async () => {
    const gate = `${log}.gate`;
    await boot(function* main() {
      const target = yield* make(sinks, "obey", log);
      for (let i = 0; i < 16; i++) yield* target.send(i === 0 ? { gate } : i);
      const senders: Pid[] = [];
      for (let i = 0; i < 5; i++) senders.push(yield* spawn(() => target.send(`from ${i}`)));
      yield* untilBlockedIn(senders[0] as Pid, "readWait");
      yield* untilBlockedIn(senders[4] as Pid, "read");
      yield* kill(senders[0] as Pid, "KILL");
      yield* kill(senders[1] as Pid, "KILL");
      yield* untilBlockedIn(senders[2] as Pid, "readWait");
      yield* kill(senders[2] as Pid, "TERM");
      writeFileSync(gate, "");
      for (const sender of senders) yield* wait(sender);
      yield* target.close();
      expect(logged().slice(16)).toEqual(['got "from 3"', 'got "from 4"', "finally"]);
    });
  });

  test.each(["TERM", "KILL"] as const)(
    "is closed and ends when its owner dies of %s",
    async (signal) => {
      await boot(function* main() {
        const owner = yield* spawn(function* owner() {
          const target = yield* make(sinks, "obey", log);
          yield* target.send("hello");
          yield* sleep(1_000_000);
        });
        while (!existsSync(log) || logged().length < 1) yield* sleep(1);
        yield* kill(owner, signal);
        yield* wait(owner);
      });
      await until(() => logged().length === 2);
      expect(logged()).toEqual(['got "hello"', "finally"]);
      if (kind === "process") await until(() => !isAlive(remotePid()));
    },
  );

  test("can be closed in the clean-up of an owner that is killed", async () => {
    const gate = `${log}.gate`;
    await boot(function* main() {
      const owner = yield* spawn(function* owner() {
        const target = yield* make(sinks, "obey", log);
        try {
          for (let i = 0; ; i++) yield* target.send(i === 0 ? { gate } : i);
        } finally {
          writeFileSync(gate, "");
          yield* target.close();
          appendFileSync(log, "closed\n");
        }
      });
      while (!existsSync(log) || logged().length < 1) yield* sleep(1);
      yield* untilBlockedIn(owner, "readWait");
      yield* kill(owner);
      expect(yield* wait(owner)).toMatchObject({ kind: "killed" });
      expect(logged().slice(-3)).toEqual(["got 15", "finally", "closed"]);
    });
  });
});

describe("a remote target", () => {
  test("that cannot be made is an error that names the reason, and leaves nothing behind", async () => {
    const broken = file("broken.js", "throw new TypeError('this module is broken')");
    const wrong = file("wrong.js", "exports.a = }");
    await boot(function* main() {
      const tries: [string, string, RegExp][] = [
        [join(folder, "none.js"), "obey", /^SystemError: ENOENT: there is no module .*none\.js$/],
        [
          sinks,
          "wait",
          /^SystemError: EINVAL: the export "wait" of .*sinks\.mjs is nothing, and no/,
        ],
        [
          broken,
          "obey",
          /^RemoteError: .* threw TypeError: this module is broken, at its start, in /,
        ],
        [wrong, "obey", /^RemoteError: .* threw SyntaxError: .*, at its start/],
      ];
      const pids: Pid<unknown>[] = [];
      for (const [module, entry] of tries)
        pids.push(yield* spawn(() => attempt(threaded(module, entry))));
      for (const [i, pid] of pids.entries()) {
        const status = yield* wait(pid);
        expect(status.kind === "exited" && String(status.value)).toMatch(tries[i]?.[2] as RegExp);
      }
    });
  });

  test("can be CommonJS, TypeScript, a relative path, a file URL, without its extension", async () => {
    const body =
      'export function* sink(log: string) { write(log, "pid\\n"); write(log, `${yield}\\n`); }';
    file("typed.ts", `import { appendFileSync as write } from "node:fs"; ${body}`);
    const fs = `const { appendFileSync: write } = require("node:fs");`;
    const common = file(
      "common.js",
      `${fs} exports.sink = ${body.slice(7).replace(": string", "")}`,
    );
    const modules = [
      join(folder, "typed.ts"),
      relative(process.cwd(), common),
      pathToFileURL(common).href,
    ];
    await boot(function* main() {
      for (const module of [...modules, join(folder, "common")]) {
        const target = yield* threaded<string>(module, "sink", log);
        yield* target.send(module);
        yield* target.close();
        expect(logged().at(-1)).toBe(module);
      }
    });
  });

  test("that leaves timers behind ends all the same when it is closed", async () => {
    await boot(function* main() {
      const target = yield* threaded(sinks, "leavesTimers", log);
      yield* target.close();
      expect(readFileSync(log, "utf8")).toBe("finally\n");
    });
  });

  test.each(["threaded", "processed"])(
    "that is stuck is ended with its owner (%s)",
    async (maker) => {
      await boot(function* main() {
        const target = yield* (maker === "threaded" ? threaded : processed)(sinks, "obey", log);
        yield* target.send("loop");
        while (logged().length < 1) yield* sleep(1);
      });
      if (maker === "processed") await until(() => !isAlive(remotePid()));
      await allEnded();
      expect(logged()).toEqual(['got "loop"']);
    },
  );

  test("that is stuck is ended though the program has put its own in the place of setTimeout", async () => {
    const fake = jest.spyOn(globalThis, "setTimeout").mockImplementation(() => {
      throw new Error("the program's own setTimeout");
    });
    try {
      await boot(function* main() {
        const target = yield* threaded(sinks, "obey", log);
        yield* target.send("loop");
        while (logged().length < 1) yield* sleep(1);
      });
      await allEnded();
      expect(logged()).toEqual(['got "loop"']);
    } finally {
      fake.mockRestore();
    }
  });

  test("that has put its own in the place of setTimeout ends in peace", () => {
    const module = file(
      "fake-timers.mjs",
      `globalThis.setTimeout = () => { throw new Error("the target's own setTimeout"); };
      export function* sink() { for (;;) yield; }`,
    );
    const script = `
      require(${JSON.stringify(join(root, "scripts", "from-source.js"))});
      const { boot } = require(${JSON.stringify(join(root, "boot"))});
      const { processed } = require(${JSON.stringify(join(root, "tasks"))});
      void boot(function* () {
        const target = yield* processed(${JSON.stringify(module)}, "sink");
        yield* target.close();
      });
    `;
    const { stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect(stderr).toBe("");
  });

  test("whose process is killed is an error of whoever waits for it, and of those after", async () => {
    const gate = `${log}.gate`;
    await boot(function* main() {
      const target = yield* processed(sinks, "obey", log);
      for (let i = 0; i < 16; i++) yield* target.send(i === 0 ? { gate } : i);
      const sender = yield* spawn(() => attempt(target.send("waits")));
      yield* untilBlockedIn(sender, "readWait");
      const pid = remotePid();
      process.kill(pid, "SIGKILL");
      expect(yield* wait(sender)).toMatchObject({
        value: new RemoteError(
          `"obey" in a process died: process ${pid} was killed with SIGKILL, after message 0; ` +
            "messages lost after that: 16",
        ),
      });
      expect(yield* attempt(target.send("after"))).toEqual(
        new EndedError(
          `cannot send to "obey" in a process: it died: process ${pid} was killed with SIGKILL`,
        ),
      );
      yield* target.close();
    });
  });

  test("prints from a real thread or process what it prints on the virtual machine", () => {
    const demos = ["41-threaded", "42-processed"].map((name) => join(root, "demos", name));
    const script = `
      require(${JSON.stringify(join(root, "scripts", "from-source.js"))});
      const { boot } = require(${JSON.stringify(join(root, "boot"))});
      void ${JSON.stringify(demos)}.reduce(
        (before, demo) => before.then(() => boot(require(demo).default)),
        Promise.resolve(),
      );
    `;
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    const load = (module: string): unknown => jest.requireActual<object>(module);
    const simulated = demos.map((demo) => runDemo(load(demo) as Demo, [], { load })).join("");
    expect(stderr).toBe("");
    expect(placeless(stdout)).toBe(placeless(simulated));
  });
});

type Demo = Parameters<typeof runDemo>[0];

/** Without the lines and columns that it names: each loader counts columns in its own way. */
function placeless(transcript: string): string {
  return transcript.replace(/\.ts:\d+:\d+/g, ".ts");
}
