import { execFileSync, spawn } from "node:child_process";
import { createServer, connect as dial, type Socket } from "node:net";
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { Workshop } from "./genix";

const shop = new Workshop();
afterAll(() => shop.remove());

const replay = (...args: string[]) => shop.run(["replay", ...args]);

shop.write(
  "server.ts",
  `import { accept, getsockname, listen, random, read, sleep, spawn, wait, write, close, stdout, type Program } from "genix";

  function* session(fd: number, id: number): Program<void> {
    for (let n = 1; ; n++) {
      const bytes = yield* read(fd);
      if (bytes.length === 0) return;
      yield* sleep(3 * (yield* random()));
      yield* write(fd, \`\${id}.\${n} \${Math.random()} \${new TextDecoder().decode(bytes)}\`);
      yield* write(stdout, \`session \${id} served \${n}, \${new Date().getTime() === Date.now() ? "now" : "at another time"}\\n\`);
    }
  }

  export default function* main([clients]: string[]): Program<number> {
    const server = yield* listen({ port: 0 });
    const { port } = (yield* getsockname(server)) as { port: number };
    console.log("listening at", port, Math.random());
    for (let id = 1; id <= Number(clients); id++) {
      const fd = yield* accept(server);
      yield* spawn(session(fd, id), { name: "session " + id, give: [fd] });
    }
    for (let id = 1; id <= Number(clients); id++) yield* wait();
    yield* close(server);
    console.error("done", process.argv.slice(2).join());
    return 7;
  }`,
);

/** Send some messages, each after the answer to the one before; resolves to the answers. */
function client(port: number, messages: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const answers: string[] = [];
    const socket: Socket = dial(port, "127.0.0.1", () => socket.write("message 0"));
    socket
      .setEncoding("utf8")
      .on("error", reject)
      .on("data", (text: string) => {
        answers.push(text);
        if (answers.length === messages) socket.end();
        else socket.write(`message ${answers.length}`);
      });
    socket.on("close", () => resolve(answers));
  });
}

test("a server's session is replayed from the file alone, byte for byte, with its exit code", async () => {
  const running = shop.start(["run", "--record", "session.jsonl", "server.ts", "3"]);
  let text = "";
  running.child.stdout.on("data", (more: string) => (text += more));
  await running.printed("listening at");
  const port = Number(/listening at (\d+)/.exec(text)?.[1]);
  const answers = await Promise.all([3, 1, 5].map((messages) => client(port, messages)));
  const recorded = await running.ended;
  expect(recorded).toMatchObject({ code: 7, stderr: "done 3\n" });
  expect(answers.flat()).toHaveLength(9);

  // The port is somebody else's now: a replay that listened would fail.
  const other = createServer().listen(port, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  expect(await replay("session.jsonl")).toEqual(recorded);
  expect(await replay("--quiet", "session.jsonl")).toMatchObject({
    code: 7,
    stdout: "",
    stderr: "",
  });
  other.close();

  const lines = readFileSync(join(shop.folder, "session.jsonl"), "utf8").trimEnd().split("\n");
  const header = JSON.parse(lines[0]!) as object;
  expect(header).toMatchObject({
    genix: "recording",
    version: 1,
    args: ["3"],
    machine: "node",
    versions: { node: process.version },
  });
  expect(lines.filter((line) => line.includes('"text":"message')).length).toBe(9);
});

test("an edited program is replayed up to the first difference, and both sides are shown", async () => {
  shop.write(
    "edited.js",
    program("yield* write(1, 'one\\n'); yield* sleep(1); yield* write(1, 'two\\n');"),
  );
  const recorded = await shop.run(["run", "--virtual", "--record", "edited.jsonl", "edited.js"]);
  expect(recorded.stdout).toBe("one\ntwo\n");
  shop.write(
    "edited.js",
    program("yield* write(1, 'one\\n'); yield* now(); yield* write(1, 'two\\n');"),
  );
  expect(await replay("edited.jsonl")).toEqual({
    code: 3,
    signal: null,
    stdout: "one\n",
    stderr: [
      "genix: edited.js has changed since it was recorded",
      "genix: the replay took another way than the recording in step 4",
      "  recorded: task 2: sleep",
      "  replayed: task 2: now",
      "",
    ].join("\n"),
  });
  shop.write(
    "edited.js",
    program("yield* write(1, 'one\\n'); yield* sleep(1); yield* write(1, '2\\n');"),
  );
  expect(await replay("edited.jsonl")).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(
      'recorded: "two\\n" was written to stdout\n  replayed: "2\\n" was written',
    ) as string,
  });
  shop.write("other.jsonl", shop.read("edited.jsonl").replace(process.version, "v99.0.0"));
  expect((await replay("other.jsonl")).stderr).toMatch(
    `"2\\n" was written\ngenix: it was recorded with node v99.0.0, and this is ${process.version}\n`,
  );
});

test("an edited ES module that a program imports is said to have changed", async () => {
  const part = (value: number) => `export const value = ${value};`;
  for (const ending of ["mjs", "mts"]) {
    shop.write(`part-${ending}.${ending}`, part(1));
    shop.write(
      `whole.${ending}`,
      `import { value } from "./part-${ending}.${ending}"; export default function* main() { return value; }`,
    );
    await shop.run(["run", "--record", "whole.jsonl", `whole.${ending}`]);
    shop.write(`part-${ending}.${ending}`, part(2));
    expect((await replay("whole.jsonl")).stderr).toContain(
      `genix: part-${ending}.${ending} has changed since it was recorded\n`,
    );
  }
});

function program(body: string): string {
  return `const { sleep, write, now, promise } = require("genix");
    module.exports = function* main() { ${body} };`;
}

test("a run that deadlocks or is told to stop ends in its replay as it did", async () => {
  shop.write(
    "deadlock.js",
    `const { Channel } = require("genix");
    module.exports = function* main() { yield* new Channel(0, { name: "never" }).receive(); };`,
  );
  const stuck = await shop.run(["run", "--record", "deadlock.jsonl", "deadlock.js"]);
  expect(stuck).toMatchObject({ code: 1, stderr: expect.stringContaining("deadlock") as string });
  expect(await replay("deadlock.jsonl")).toEqual(stuck);

  shop.write(
    "stopped.js",
    `const { sleep, write } = require("genix");
    module.exports = function* main() {
      try { console.log("ready"); yield* sleep(1e6); } finally { yield* write(1, "cleaned up\\n"); }
    };`,
  );
  const running = shop.start(["run", "--record", "stopped.jsonl", "stopped.js"]);
  await running.printed("ready");
  running.child.kill("SIGINT");
  const stopped = await running.ended;
  expect(stopped).toMatchObject({ code: 130, stdout: "ready\ncleaned up\n" });
  expect(await replay("stopped.jsonl")).toEqual(stopped);
});

test("a program is told whether it does the same twice, and where it first does not", async () => {
  const check = (...args: string[]) => shop.run(["run", "--check-determinism", ...args]);
  shop.write(
    "same.js",
    program("yield* sleep(2); yield* write(1, String(Math.random())); return 5;"),
  );
  const told = "genix: deterministic: run again, it did the same step by step\n";
  expect(await check("same.js")).toMatchObject({ code: 5, stderr: told });
  expect(await check("--virtual", "same.js")).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /in step 4\n {2}recorded: Math.random was 0\.\d+\n {2}replayed: Math.random was 0\.\d+\n$/,
    ) as string,
  });
  shop.write("pure.js", program("yield* sleep(2); return 5;"));
  expect(await check("--virtual", "pure.js")).toMatchObject({ code: 5, stderr: told });
  shop.write(
    "fails.js",
    program("console.log('caught', new Error('no', { cause: new Error() }));"),
  );
  expect(await check("fails.js")).toMatchObject({ code: 0, stderr: told });
  const key = "require('crypto').generateKeySync('aes', { length: 128 }).export().readUIntBE(0, 6)";
  shop.write("says.js", program(`yield* sleep(2); console.log('key %sn', ${key});`));
  expect(await check("says.js")).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /in step 4\n {2}recorded: console\.log\(".*n"\)\n {2}replayed: console\.log\(".*"\)\n$/,
    ) as string,
  });
  const count = (file: string): string => `
    const fs = require("node:fs");
    fs.appendFileSync("${file}", ".");
    const { size } = fs.statSync("${file}");`;
  shop.write("code.js", program(`yield* sleep(2); ${count("runs of code")}; return size;`));
  expect(await check("code.js")).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /the replay came to another exit code\n {2}recorded: 1\n {2}replayed: 2\n$/,
    ) as string,
  });
  shop.write(
    "other.js",
    program(`${count("runs of other")};
    if (size % 2 === 0) yield* now();
    yield* sleep(size);
    yield* write(1, String(size));`),
  );
  expect(await check("other.js")).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(
      "the replay took another way than the recording in step",
    ) as string,
  });
});

test("what no recording can hold is said, with what to write instead", async () => {
  shop.write(
    "lost.js",
    program("console.log(1); yield* promise(async () => new (class Answer {})()); console.log(2);"),
  );
  expect(await shop.run(["run", "--record", "lost.jsonl", "lost.js"])).toMatchObject({
    code: 0,
    stdout: "1\n2\n",
  });
  const { code, stdout, stderr } = await replay("lost.jsonl");
  expect({ code, stdout }).toEqual({ code: 3, stdout: "1\n" });
  expect(stderr).toContain(
    "a task was given [Answer] from outside, which no recording can hold; let the promise come to data",
  );
});

test("what the function of a promise and an async generator ask the host is no question of the task", async () => {
  shop.write(
    "asks.ts",
    `import { iterate, promise, sleep, stdout, write, END, type Program } from "genix";
    async function* numbers() {
      for (let i = 0; i < 3; i++) yield Math.random() + Date.now();
    }
    export default function* main(): Program<void> {
      const { when, chance } = yield* promise(async () => ({ when: Date.now(), chance: Math.random() }));
      yield* write(stdout, \`\${when} \${chance} \${Math.random()}\\n\`);
      try {
        yield* promise(async () => {
          throw new DOMException("stopped", "AbortError");
        });
      } catch (error) {
        const { name, code } = error as DOMException;
        yield* write(stdout, name + code);
      }
      const reader = yield* iterate(numbers());
      for (let n = yield* reader.next(); n !== END; n = yield* reader.next()) {
        yield* write(stdout, \`\${n} \${Math.random()}\\n\`);
        yield* sleep(1);
      }
    }`,
  );
  const recorded = await shop.run(["run", "--record", "asks.jsonl", "asks.ts"]);
  expect(recorded).toMatchObject({ code: 0, stderr: "" });
  expect(await replay("asks.jsonl")).toEqual(recorded);
});

test("a check of a program that ends the process is no check, and says so", async () => {
  shop.write("leaves.ts", "export default function* main() { process.exit(9); }");
  expect(await shop.run(["run", "--check-determinism", "leaves.ts"])).toMatchObject({
    code: 3,
    stderr:
      "genix: not run again: the program ended the whole process, so its run has no end to compare\n",
  });
});

test("a check keeps its recording where it was told to, and refuses what a recording cannot have", async () => {
  shop.write("kept.js", program("process.chdir('/'); yield* sleep(2); return 5;"));
  const check = (...args: string[]) => shop.run(["run", "--check-determinism", ...args]);
  expect(await check("--record", "kept.jsonl", "kept.js")).toMatchObject({ code: 5 });
  expect(await replay("kept.jsonl")).toMatchObject({ code: 5, stderr: "" });
  expect(await check("--observe", "kept.js")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--observe keeps account of CPU time") as string,
  });
  shop.write("astray.js", "require('./not-there'); module.exports = function* () {};");
  expect(await check("astray.js")).toMatchObject({
    code: 2,
    stderr: 'genix: astray.js:1: cannot find module "./not-there"\n',
  });
});

test("a replay stands where the program was run, and pictures are written where they are asked for", async () => {
  const folder = dirname(shop.folder);
  shop.write("data.txt", "1234567");
  shop.write(
    "here.ts",
    `import { readFileSync, statSync } from "node:fs";
    import { stdout, write } from "genix";
    const { length } = readFileSync("data.txt");
    export default function* main() { yield* write(stdout, length + process.cwd()); }`,
  );
  const recorded = await shop.run(["run", "--record", "here.jsonl", "here.ts"]);
  expect(recorded).toMatchObject({ code: 0, stderr: "" });
  const file = "programs/here.jsonl";
  expect(await shop.run(["replay", file], { folder })).toEqual(recorded);
  await shop.run(["timeline", file, "-o", "here.svg"], { folder });
  expect(readFileSync(join(folder, "here.svg"), "utf8")).toContain("<svg");
});

test("a program that ends the process ends its replay, too", async () => {
  const leaves = (how: string) =>
    program(`yield* write(1, "one\\n"); ${how}; yield* sleep(1e6); yield* write(1, "never\\n");`);
  shop.write("leaves.js", leaves("console.log('bye', Math.random()); process.exit(9)"));
  const recorded = await shop.run(["run", "--record", "leaves.jsonl", "leaves.js"]);
  expect(recorded).toMatchObject({ code: 9, stderr: "" });
  expect(await replay("leaves.jsonl")).toEqual(recorded);

  shop.write(
    "thrown.js",
    leaves("yield* promise(() => void setImmediate(() => { throw new Error('outside'); }))"),
  );
  expect(await shop.run(["run", "--record", "thrown.jsonl", "thrown.js"])).toMatchObject({
    code: 1,
  });
  expect(await replay("thrown.jsonl")).toMatchObject({
    code: 1,
    stdout: "one\n",
    stderr: "genix: the process was ended here, with exit code 1, before its tasks were\n",
  });
});

test("what a program asks the host past the machine is told to its replay, elsewhere and later", async () => {
  const asks = `
    import * as crypto from "node:crypto";
    import { randomUUID, randomFillSync } from "node:crypto";
    import os from "node:os";
    const { SHELL_OF_MINE = "none", ...others } = process.env;
    const chances = Array.from({ length: 2 }, Math.random);
    const id = randomUUID();
    export default function* main() {
      const started = process.hrtime.bigint();
      yield* sleep(2);
      const filled = [randomFillSync(Buffer.alloc(3), 1), globalThis.crypto.getRandomValues(new Uint16Array(2))];
      let refused = "";
      try { crypto.randomInt(-1) } catch (error) { refused = error.code }
      const answers = [
        process.pid, process.ppid, process.env.SHELL_OF_MINE, "SHELL_OF_MINE" in process.env,
        Object.keys(process.env).length, Object.keys(others).length, SHELL_OF_MINE, chances.join(), id,
        process.hrtime.bigint() - started, process.hrtime().join(), process.hrtime([1, 2]).join(),
        process.uptime(), process.memoryUsage().rss, process.memoryUsage.rss(), process.cpuUsage().user,
        process.availableMemory?.(), os.userInfo().username,
        performance.timeOrigin, os.uptime(), os.loadavg().join(), os.tmpdir(), String(process.stdout.isTTY),
        crypto.randomUUID(), crypto.randomBytes(4).toString("hex"), crypto.randomInt(1000), crypto.webcrypto.randomUUID(),
        filled.map((one) => one.join()).join(), refused, new Intl.DateTimeFormat("en", { fractionalSecondDigits: 3 }).format(),
      ];
      yield* write(stdout, answers.join("\\n"));
      process.kill(process.pid, "SIGTERM");
      yield* sleep(60_000);
    }`;
  shop.write("asks.ts", `import { sleep, stdout, write } from "genix"; ${asks}`);
  shop.write("asks.mjs", `import { sleep, stdout, write } from "genix"; ${asks}`);
  const env = { SHELL_OF_MINE: "one", TMPDIR: shop.folder };
  for (const file of ["asks.ts", "asks.mjs"]) {
    const recorded = await shop.run(["run", "--record", "asks.jsonl", file], { env });
    expect(recorded).toMatchObject({ code: 143, stderr: "" });
    expect(recorded.stdout.split("\n")).toHaveLength(30);
    const elsewhere = { env: { SHELL_OF_MORE: "2" }, folder: dirname(shop.folder) };
    const replayed = await shop.run(["replay", join(shop.folder, "asks.jsonl")], elsewhere);
    expect(replayed).toEqual(recorded);
  }
});

test("what Node itself asks while a program is loaded and runs is not in its recording", async () => {
  shop.write("part.mts", "export const part: number = 1;");
  const asksNothing = `
    import { sleep } from "genix";
    import { part } from "./part.mjs";
    export default function* main() { yield* sleep(1); console.log({ part }); }`;
  shop.write("asks-nothing.mts", asksNothing);
  await shop.run(["run", "--record", "asks-nothing.jsonl", "asks-nothing.mts"]);
  expect(shop.read("asks-nothing.jsonl")).not.toContain('"host"');
});

test("programs may put a clock of their own in the place of the host's, and back", async () => {
  shop.write(
    "clock.ts",
    `export default function* main() {
      const { now } = Date;
      Date.now = () => 5;
      const fake = Date.now();
      Date.now = now;
      const Dates = new Date().constructor as typeof Date;
      console.log(fake, Date.now() === now(), +new Dates(), new Date() instanceof Date);
    }`,
  );
  const recorded = await shop.run(["run", "--record", "clock.jsonl", "clock.ts"]);
  expect(recorded).toMatchObject({ code: 0, stderr: "" });
  expect(recorded.stdout).toMatch(/^5 \w+ \d{13} true\n$/);
  expect(await replay("clock.jsonl")).toEqual(recorded);
});

test("programs may put timers of their own in the place of the host's", async () => {
  shop.write(
    "timers.js",
    `globalThis.setTimeout = globalThis.clearTimeout = globalThis.setImmediate = () => {};
    ${program("yield* sleep(1); yield* write(1, 'woke\\n');")}`,
  );
  const recorded = await shop.run(["run", "--record", "timers.jsonl", "timers.js"]);
  expect(recorded).toEqual({ code: 0, signal: null, stdout: "woke\n", stderr: "" });
  expect(await replay("timers.jsonl")).toEqual(recorded);
});

test("what was recorded before a kill -9 is there, from the first moment on", async () => {
  const running = shop.start(["run", "--record", "killed.jsonl", "server.ts", "1"]);
  await running.printed("listening at");
  running.child.kill("SIGKILL");
  expect(await running.ended).toMatchObject({ signal: "SIGKILL" });
  expect(await replay("--quiet", "killed.jsonl")).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /^genix: played \d+ steps; it has no end: .* was stopped\n$/,
    ) as string,
  });
});

test("what came before a step that never ends is in the recording", async () => {
  shop.write(
    "stuck.js",
    program("yield* write(1, 'begun'); yield* sleep(2); process.kill(process.pid, 'SIGKILL');"),
  );
  const recorded = await shop.run(["run", "--record", "stuck.jsonl", "stuck.js"]);
  expect(recorded).toMatchObject({ signal: "SIGKILL", stdout: "begun" });
  expect(await replay("stuck.jsonl")).toMatchObject({
    ...{ code: 3, stdout: "begun" },
    stderr: expect.stringMatching(/^genix: played [345] steps; it has no end/) as string,
  });
});

test("a recording is not written over a file that is none, nor over one before the program is loaded", async () => {
  shop.write("precious.ts", "export default function* main() {}");
  const refused = await shop.run(["run", "--record", "precious.ts", "precious.ts"]);
  expect(refused).toEqual({
    code: 2,
    signal: null,
    stdout: "",
    stderr:
      "genix: cannot write precious.ts: it is there already, and is no recording; name another file, or delete it\n",
  });
  expect(shop.read("precious.ts")).toContain("main");
  await shop.run(["run", "--record", "last.jsonl", "precious.ts"]);
  const last = shop.read("last.jsonl");
  // What the program was sent is in it.
  expect(statSync(join(shop.folder, "last.jsonl")).mode & 0o777).toBe(0o600);
  shop.write("broken.ts", "export default function* main( {}");
  expect((await shop.run(["run", "--record", "last.jsonl", "broken.ts"])).code).toBe(2);
  shop.write("fails.ts", "if (Math.random() < 2) throw new Error();");
  expect((await shop.run(["run", "--record", "last.jsonl", "fails.ts"])).code).toBe(1);
  expect(shop.read("last.jsonl")).toBe(last);
});

test("a recording may go into a pipe; when its reader goes away it ends there, and the run does not", async () => {
  const pipe = join(shop.folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const reader = spawn("head", ["-n", "1", pipe]);
  shop.write("asks.js", program("for (let i = 0; i < 5000; i++) yield* now(); return 5;"));
  expect(await shop.run(["run", "--record", "pipe", "asks.js"])).toMatchObject({
    code: 5,
    stderr: expect.stringMatching(/^genix: the recording ends here: pipe: EPIPE.*\n$/) as string,
  });
  expect(reader.exitCode).toBe(0);
});

test("the stacks of errors are the same in a replay, and name the lines of the source", async () => {
  shop.write(
    "stacks.ts",
    `import { open, stdout, write, type Program } from "genix";
    interface Nothing { gone: true }
    function* fails(): Program<void> { throw new TypeError("mine"); }
    export default function* main(): Program<void> {
      Error.stackTraceLimit = 50;
      for (const failing of [fails(), open("/nowhere")]) {
        try { yield* failing; } catch (error) { yield* write(stdout, (error as Error).stack + "\\n"); }
      }
    }`,
  );
  const recorded = await shop.run(["run", "--record", "stacks.jsonl", "stacks.ts"]);
  const told = /^TypeError: mine\n {4}at fails \(.*stacks\.ts:3:\d+\)\n {4}at fails\.next/;
  expect(recorded.stdout).toMatch(told);
  expect(recorded.stdout).toMatch(/at main \(.*stacks\.ts:7:\d+\)/);
  expect(await replay("stacks.jsonl")).toEqual(recorded);
  const check = await shop.run(["run", "--virtual", "--check-determinism", "stacks.ts"]);
  expect(check).toMatchObject({ code: 0, stdout: expect.stringMatching(told) as string });
});

test("a quiet replay hears nothing of its program, not even while it is loaded, and what ends it is said", async () => {
  shop.write("loud.js", `console.error("loading"); ${program('console.error("running");')}`);
  const check = await shop.run(["run", "--check-determinism", "--record", "loud.jsonl", "loud.js"]);
  expect(check).toMatchObject({
    code: 0,
    stderr: "loading\nrunning\ngenix: deterministic: run again, it did the same step by step\n",
  });
  shop.write("loud.js", `console.error("loading"); throw new Error("other");`);
  expect(await replay("--quiet", "loud.jsonl")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^(?!loading)[^]*Error: other\n/) as string,
  });
});

test("of two runs that are recorded in one file the later one is there, and the other says so", async () => {
  shop.write(
    "waits.js",
    program(`yield* write(1, "up\\n");
    yield* require("genix").read(0);
    return process.argv.length - 2;`),
  );
  const first = shop.start(["run", "--record", "both.jsonl", "waits.js"]);
  await first.printed("up");
  expect(await shop.run(["run", "--record", "both.jsonl", "waits.js", "a"])).toMatchObject({
    code: 1,
    stderr: "",
  });
  first.child.stdin.end();
  expect(await first.ended).toMatchObject({
    code: 0,
    stderr: "genix: the recording ends here: both.jsonl: somebody else writes to it, too\n",
  });
  expect(await replay("both.jsonl")).toMatchObject({ code: 1, stdout: "up\n", stderr: "" });
});

test("files that are no recordings are refused in one line", async () => {
  shop.write("hello.js", program("yield* sleep(1);"));
  await shop.run(["run", "--record", "hello.jsonl", "hello.js"]);
  const whole = shop.read("hello.jsonl");
  shop.write("empty.jsonl", "");
  shop.write("text.jsonl", "hello\nworld\n");
  shop.write("array.jsonl", "[1]\n");
  shop.write("newer.jsonl", whole.replace('"version":1', '"version":9'));
  shop.write("header.jsonl", whole.replace('"args":[]', '"args":7'));
  shop.write("gone.jsonl", whole.replace("hello.js", "goodbye.js"));
  shop.write("relative.jsonl", whole.replace(/"program":"[^"]*"/, '"program":"hello.js"'));
  shop.write("cut.jsonl", whole.slice(0, -12));
  for (const [file, why] of [
    ["nowhere.jsonl", "there is no file nowhere.jsonl; genix run --record"],
    [".", "cannot play .: EISDIR"],
    ["empty.jsonl", "it is empty"],
    ["text.jsonl", "it is no recording"],
    ["array.jsonl", "it is no recording"],
    [
      "newer.jsonl",
      "a recording of version 9, made by genix 0.1.0: this genix (which reads version 1) cannot play it",
    ],
    ["header.jsonl", "its header is damaged"],
    ["relative.jsonl", "its header is damaged: program is"],
    ["gone.jsonl", "the recorded program is not there any more: goodbye.js"],
  ]) {
    const { code, stderr } = await replay(file!);
    expect({ file, code, lines: stderr.split("\n").length }).toEqual({ file, code: 2, lines: 2 });
    expect(stderr).toContain(why);
  }
  expect(await replay("cut.jsonl")).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /^genix: played \d+ steps; (line \d+ is damaged|it has no end)/,
    ) as string,
  });
  expect(await shop.run(["run", "--record", "no/such/folder", "hello.js"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("there is no folder") as string,
  });
});

test("what a program leaves to the host's next turn is done in a replay where it was", async () => {
  shop.write(
    "later.ts",
    `import { sleep, stdout, write, yieldCpu, type Program } from "genix";
    let config = "nothing";
    async function load(): Promise<string> {
      await null;
      await Promise.resolve();
      return "loaded";
    }
    export default function* main(): Program<void> {
      void load().then((loaded) => {
        config = loaded;
        process.stdout.write("then\\n");
      });
      process.nextTick(() => process.stdout.write("next tick\\n"));
      yield* yieldCpu();
      yield* write(stdout, \`at once: \${config}\\n\`);
      yield* sleep(1);
      yield* write(stdout, \`after a turn: \${config}\\n\`);
    }`,
  );
  const output = "at once: nothing\nnext tick\nthen\nafter a turn: loaded\n";
  const ran = await shop.run(["run", "--record", "later.jsonl", "later.ts"]);
  expect(ran).toMatchObject({ stdout: output, code: 0 });
  expect(await replay("later.jsonl")).toEqual(ran);
  const page = await shop.run(["timeline", "later.jsonl"]);
  expect(page).toMatchObject({ code: 0, stderr: "" });
  const commands = ["continue", "back", "assert config === 'loaded'"].flatMap((c) => ["-ex", c]);
  const debug = await shop.run(["debug", "--recording", "later.jsonl", ...commands]);
  expect(debug).toMatchObject({ code: 0 });
});

test("on the virtual machine the host has a turn before time passes, and in its replay, too", async () => {
  shop.write(
    "virtually-later.ts",
    `import { sleep, stdout, write, type Program } from "genix";
    let config = "nothing";
    export default function* main(): Program<void> {
      let loading = Promise.resolve();
      for (let i = 0; i < 20; i++) loading = loading.then(() => {});
      void loading.then(() => (config = "loaded"));
      yield* sleep(1);
      yield* write(stdout, config);
    }`,
  );
  const ran = await shop.run(["run", "--virtual", "--record", "v.jsonl", "virtually-later.ts"]);
  expect(ran).toMatchObject({ stdout: "loaded", code: 0 });
  expect(await replay("v.jsonl")).toEqual(ran);
});

test("what the host does for a program by itself does not end its replay, nor its pictures", async () => {
  shop.write(
    "by-itself.ts",
    `import { PassThrough } from "node:stream";
    import { iterate, sleep, stdout, write, type Program } from "genix";
    export default function* main(): Program<number> {
      const stream = new PassThrough();
      const reader = yield* iterate(stream);
      setImmediate(() => stream.destroy(new Error("broken off")));
      try {
        yield* reader.next();
      } catch (error) {
        yield* write(stdout, (error as Error).message);
      }
      for (let i = 0; i < 5; i++) yield* sleep(1);
      return 6;
    }`,
  );
  const ran = await shop.run(["run", "--record", "by-itself.jsonl", "by-itself.ts"]);
  expect(ran).toMatchObject({ stdout: "broken off", stderr: "", code: 6 });
  expect(await replay("by-itself.jsonl")).toEqual(ran);
  const page = await shop.run(["page", "by-itself.jsonl", "-o", "by-itself.html"]);
  expect(page).toMatchObject({ stderr: "", code: 0 });
});
