// Programs debugged as an editor does it: `genix dap` as a process, asked with Microsoft's own client.

import type { ChildProcess } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { DebugClient } from "@vscode/debugadapter-testsupport";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { root, Workshop, type Running } from "./genix";

const shop = new Workshop();
const jobs = `${shop.folder}/jobs.ts`;
afterAll(() => shop.remove());

shop.write(
  "jobs.ts",
  `import { Channel, END, sleep, spawn, stdout, wait, write, type Program } from "genix";

function* worker(name: string, jobs: Channel<number>): Program<number> {
  let done = 0;
  for (;;) {
    const job = yield* jobs.receive();
    if (job === END) break;
    const result = { job, square: job * job };
    yield* write(stdout, \`\${name} \${result.square}\\n\`);
    done += 1;
  }
  return done;
}

export default function* main(argv: string[]): Program<number> {
  const jobs = new Channel<number>(0, { name: "jobs" });
  const ann = yield* spawn(worker("ann", jobs), { name: "ann" });
  const bob = yield* spawn(worker("bob", jobs), { name: "bob" });
  for (let n = 1; n <= 3; n++) {
    yield* sleep(10);
    yield* jobs.send(n);
  }
  yield* jobs.close();
  yield* wait(ann);
  yield* wait(bob);
  return argv.length;
}
`,
);
// Editors start a command; the client can start only a script.
shop.write("dap.cjs", `process.argv.push("dap"); require(${JSON.stringify(shop.bin)});`);

let client: DebugClient;
let output: { [category: string]: string };

beforeEach(async () => {
  output = { stdout: "", stderr: "", console: "" };
  client = await start();
});

async function start(): Promise<DebugClient> {
  const client = new DebugClient(process.execPath, `${shop.folder}/dap.cjs`, "genix", { cwd: "/" });
  client.defaultTimeout = 30_000;
  client.on("output", ({ body }: DebugProtocol.OutputEvent) => {
    output[body.category ?? ""] += body.output;
  });
  await client.start();
  return client;
}

afterEach(() => client.stop());

interface Configuration {
  readonly lines?: readonly DebugProtocol.SourceBreakpoint[];
  readonly functions?: readonly DebugProtocol.FunctionBreakpoint[];
  readonly filters?: string[];
}

type Body = DebugProtocol.StoppedEvent["body"];

/** Launch, configure, and wait for the first stop. */
async function launch(
  program: string,
  more: object = {},
  { lines = [], functions = [], filters = [] }: Configuration = {},
): Promise<Body> {
  const ready = client.waitForEvent("initialized");
  const path = `${shop.folder}/${program}`;
  const attributes = { program: path, virtual: true, ...more };
  await client.launch(attributes);
  await ready;
  await client.setBreakpointsRequest({ source: { path }, breakpoints: [...lines] });
  await client.setFunctionBreakpointsRequest({ breakpoints: [...functions] });
  await client.setExceptionBreakpointsRequest({ filters });
  return stopAfter(client.configurationDoneRequest());
}

async function stopAfter(request: Promise<unknown>): Promise<Body> {
  const [event] = await Promise.all([client.waitForEvent("stopped"), request]);
  return (event as DebugProtocol.StoppedEvent).body;
}

async function terminatedAfter(request: Promise<unknown>): Promise<void> {
  await Promise.all([client.waitForEvent("terminated"), request]);
}

/** `worker:6` and so on, the innermost frame first. */
async function stack(threadId: number): Promise<string[]> {
  const { body } = await client.stackTraceRequest({ threadId });
  return body.stackFrames.map(({ name, line }) => `${name}:${line}`);
}

async function topFrame(threadId: number): Promise<number> {
  return (await client.stackTraceRequest({ threadId })).body.stackFrames[0]!.id;
}

async function evaluate(expression: string, threadId: number): Promise<string> {
  const frameId = await topFrame(threadId);
  return (await client.evaluateRequest({ expression, frameId })).body.result;
}

const threads = async () => (await client.threadsRequest()).body.threads.map(({ name }) => name);

test("a breakpoint on a line is hit there, in a program in TypeScript", async () => {
  await client.hitBreakpoint({ program: jobs, virtual: true }, { path: jobs, line: 9 });
  expect(await stack(3)).toEqual(["worker:9"]);
  expect(output).toEqual({ stdout: "ann 1\n", stderr: "", console: "" });
});

test("on a line without a yield it is moved to the next, and said to be", async () => {
  const ready = client.waitForEvent("initialized");
  await client.launch({ program: jobs, virtual: true });
  await ready;
  const breakpoints = [{ line: 7 }, { line: 28 }];
  const { body } = await client.setBreakpointsRequest({ source: { path: jobs }, breakpoints });
  expect(body.breakpoints).toMatchObject([
    { verified: true, line: 9, message: "line 7 has no yield; moved to line 9" },
    {
      verified: false,
      message: expect.stringContaining("there is no yield from here on") as unknown,
    },
  ]);
  const endless = { source: { path: "/dev/zero" }, breakpoints: [{ line: 1 }] };
  expect((await client.setBreakpointsRequest(endless)).body.breakpoints).toMatchObject([
    { verified: false, message: "dev/zero cannot be read" },
  ]);
  const places = await client.customRequest("breakpointLocations", {
    ...{ source: { path: jobs }, line: 5, endLine: 20 },
  });
  expect(places.body).toEqual({
    breakpoints: [{ line: 6 }, { line: 9 }, { line: 17 }, { line: 18 }, { line: 20 }],
  });
});

test("by way of a link it is hit as well, and stays where the client has it", async () => {
  symlinkSync(shop.folder, `${shop.folder}/link`);
  const path = `${shop.folder}/link/jobs.ts`;
  await launch("jobs.ts", { program: path, stopOnEntry: true });
  const breakpoints = [{ line: 9 }];
  const { body } = await client.setBreakpointsRequest({ source: { path }, breakpoints });
  expect(body.breakpoints[0]?.source?.path).toBe(path);
  await stopAfter(client.continueRequest({ threadId: 1 }));
  expect(await stack(3)).toEqual(["worker:9"]);
});

test("tasks are threads whose names say what they do, with the stack and locals of each", async () => {
  const stop = await launch("jobs.ts", {}, { lines: [{ line: 9 }] });
  expect(stop).toMatchObject({ reason: "breakpoint", threadId: 3, allThreadsStopped: true });
  expect(await threads()).toEqual([
    expect.stringMatching(/^1 init · blocked in /),
    "2 main · ready",
    "3 ann · ready",
    "4 bob · blocked in receive(jobs)",
  ]);
  expect(await stack(2)).toEqual(["main:21"]);
  expect(await stack(4)).toEqual(["worker:6"]);
  const { body } = await client.scopesRequest({ frameId: await topFrame(3) });
  const scoped = body.scopes.map(async ({ variablesReference }) => {
    return (await client.variablesRequest({ variablesReference })).body.variables;
  });
  const variables = (await Promise.all(scoped)).flat();
  const result = variables.find(({ name }) => name === "result")!;
  expect(variables).toContainEqual(
    expect.objectContaining({ name: "done", value: "0", type: "number" }),
  );
  const { variablesReference } = result;
  const inside = (await client.variablesRequest({ variablesReference })).body.variables;
  expect(inside).toContainEqual(
    expect.objectContaining({ name: "square", value: "1", evaluateName: "result.square" }),
  );
  expect(await evaluate("result.square + done", 3)).toBe("1");
  await expect(evaluate("nothing", 3)).rejects.toThrow("nothing is not defined");
});

test("it stops on entry at the program's own first line", async () => {
  const stop = await launch("jobs.ts", { stopOnEntry: true });
  expect(stop).toMatchObject({ reason: "entry", threadId: 2 });
  expect(await stack(2)).toEqual(["main:15"]);
});

test("it ends with the program's exit code", async () => {
  const exited = client.waitForEvent("exited");
  const ready = client.waitForEvent("initialized");
  const attributes = { program: jobs, args: ["a", "b"], virtual: true };
  await client.launch(attributes);
  await ready;
  await terminatedAfter(client.configurationDoneRequest());
  expect((await exited).body).toEqual({ exitCode: 2 });
});

test("breakpoints on tasks, calls and objects, with a condition or a number of hits", async () => {
  const functions = [{ name: "on:jobs", condition: "typeof n === 'number' && n > 1" }];
  const first = await launch("jobs.ts", {}, { functions });
  expect(first).toMatchObject({ reason: "function breakpoint", threadId: 2 });
  expect(await evaluate("n", 2)).toBe("2");
  const breakpoints = [{ name: "task:bob", hitCondition: "2" }];
  await client.setFunctionBreakpointsRequest({ breakpoints });
  expect((await stopAfter(client.continueRequest({ threadId: 2 }))).threadId).toBe(4);
  await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: "sys:closeChannel" }] });
  expect((await stopAfter(client.continueRequest({ threadId: 2 }))).threadId).toBe(2);
  expect(await stack(2)).toEqual(["main:23"]);
});

test("a logpoint hides no breakpoint of the same step, and is passed by on the way back", async () => {
  const lines = [6, 9].map((line) => ({ line, logMessage: `at ${line}` }));
  const stop = await launch("jobs.ts", {}, { lines, functions: [{ name: "sys:write" }] });
  expect(stop).toMatchObject({ reason: "function breakpoint", threadId: 3 });
  expect(await stack(3)).toEqual(["worker:9"]);
  expect(output["console"]).toBe("at 6\nat 6\nat 9\n");
  await stopAfter(client.stepBackRequest({ threadId: 3 }));
  expect(await stack(3)).toEqual(["worker:6"]);
  expect(output["console"]).toBe("at 6\nat 6\nat 9\n");
});

test("a program on this host has its stdin and folder, and can be paused while it waits", async () => {
  shop.write("words.txt", "from a file\n");
  shop.write(
    "here.ts",
    `import { basename } from "node:path";
import { read, sleep, stdin, type Program } from "genix";

export default function* main(): Program<void> {
  console.log(basename(process.cwd()), String(yield* read(stdin)).trim());
  console.error("to stderr");
  for (;;) yield* sleep(3_600_000);
}
`,
  );
  const started = launch("here.ts", { virtual: false, cwd: shop.folder, stdin: "words.txt" });
  while (output["stderr"] === "") await client.waitForEvent("output");
  expect(output["stdout"]).toMatch(/^programs /);
  await client.pauseRequest({ threadId: 2 });
  expect(await started).toMatchObject({ reason: "pause", allThreadsStopped: true });
  expect(await stack(2)).toEqual(["main:7"]);
  await terminatedAfter(client.terminateRequest());
  expect(output["console"]).toContain("TERM");
});

test("restart runs the program as it is now", async () => {
  shop.write("edited.ts", `export default function* main() { console.log("one"); }`);
  await launch("edited.ts", { stopOnEnd: true });
  expect(output["stdout"]).toBe("one\n");
  shop.write("edited.ts", `export default function* main() { console.log("two"); }`);
  await stopAfter(client.restartRequest({}));
  expect(output["stdout"]).toBe("one\ntwo\n");
});

test("a program that cannot be loaded is an answer, with the reason, and so is one that is not there", async () => {
  shop.write("broken.ts", `export default 5;`);
  const attempt = (program: string) => client.launch({ program: `${shop.folder}/${program}` });
  await expect(attempt("broken.ts")).rejects.toThrow("its default export is 5");
  await expect(attempt("missing.ts")).rejects.toThrow("there is no file");
  const nowhere = { program: jobs, cwd: "/nowhere" } as DebugProtocol.LaunchRequestArguments;
  await expect(client.launchRequest(nowhere)).rejects.toThrow(
    "cwd is /nowhere, and there is no such folder",
  );
  await launch("jobs.ts", { stopOnEntry: true });
});

test("it steps by tasks, by steps of the scheduler and out of frames, there and back", async () => {
  await launch("jobs.ts", { stopOnEntry: true });
  await stopAfter(client.stepInRequest({ threadId: 2 }));
  await stopAfter(client.nextRequest({ threadId: 2 }));
  const there = await stack(2);
  const before = await threads();
  await stopAfter(client.nextRequest({ threadId: 2 }));
  expect(await stack(2)).not.toEqual(there);
  await stopAfter(client.stepBackRequest({ threadId: 2 }));
  expect(await stack(2)).toEqual(there);
  expect(await threads()).toEqual(before);
  await stopAfter(client.stepOutRequest({ threadId: 3 }));
  expect(output["stdout"]).toBe("ann 1\nbob 4\nann 9\n");
  expect((await threads()).filter((name) => name.startsWith("3"))).toEqual(["3 ann · exited: 2"]);
  await stopAfter(client.nextRequest({ threadId: 3 }));
  expect((await threads()).filter((name) => name.startsWith("3"))).toEqual([]);
  const start = await stopAfter(client.reverseContinueRequest({ threadId: 2 }));
  expect(start.reason).toBe("entry");
  await terminatedAfter(client.continueRequest({ threadId: 2 }));
  expect(output["stdout"]).toBe("ann 1\nbob 4\nann 9\n");
});

test("an uncaught error stops where it was thrown, and one can go back to who made it so", async () => {
  shop.write(
    "race.ts",
    `import { sleep, spawn, wait, yieldCpu, type Program } from "genix";

const account = { balance: 100 };

function* take(amount: number): Program<void> {
  const before = account.balance;
  yield* sleep(1);
  account.balance = before - amount;
  yield* yieldCpu();
}

export default function* main(): Program<void> {
  const a = yield* spawn(take(10), { name: "a" });
  const b = yield* spawn(take(20), { name: "b" });
  yield* wait(a);
  yield* wait(b);
  if (account.balance !== 70) throw new Error(\`lost: \${account.balance}\`);
}
`,
  );
  const stop = await launch("race.ts", {}, { filters: ["uncaught"] });
  expect(stop).toMatchObject({ reason: "exception", description: "Uncaught error" });
  const info = await client.exceptionInfoRequest({ threadId: 2 });
  expect(info.body.description).toContain("lost: 80");
  expect(info.body.details?.stackTrace).toMatch(/at main \(.*race\.ts:17/);
  expect(await threads()).toContainEqual(expect.stringMatching(/^2 .*crashed: Error: lost: 80$/));
  expect(await stack(2)).toEqual(["crashed: Error: lost: 80:17"]);
  const gone = await client.scopesRequest({ frameId: await topFrame(2) });
  expect(gone.body.scopes).toEqual([]);
  await stopAfter(client.stepBackRequest({ threadId: 2 }));
  expect(await stack(2)).toEqual(["main:16"]);
  const frameId = await topFrame(2);
  const name = "account.balance";
  const { body } = await client.dataBreakpointInfoRequest({ name, frameId });
  await client.setDataBreakpointsRequest({ breakpoints: [{ dataId: body.dataId! }] });
  const last = await stopAfter(client.reverseContinueRequest({ threadId: 2 }));
  expect(last).toMatchObject({
    ...{ reason: "data breakpoint", text: "changed from 90 to 80", threadId: 4 },
  });
  expect(await evaluate("before", 4)).toBe("100");
});

test("a deadlock is an exception that names the circle, unless its filter is off", async () => {
  shop.write(
    "forks.ts",
    `import { Mutex, sleep, spawn, wait, type Program } from "genix";

function* eat(first: Mutex, second: Mutex): Program<void> {
  yield* first.lock();
  yield* sleep(1);
  yield* second.lock();
}

export default function* main(): Program<void> {
  const left = new Mutex("left");
  const right = new Mutex("right");
  const plato = yield* spawn(eat(left, right), { name: "plato" });
  yield* spawn(eat(right, left), { name: "kant" });
  yield* wait(plato);
}
`,
  );
  const stop = await launch("forks.ts", {}, { filters: ["deadlock"] });
  expect(stop).toMatchObject({ reason: "exception", description: "Deadlock" });
  expect(stop.text).toContain('task 4 "kant" -> task 3 "plato" -> task 4 "kant"');
  expect(await threads()).toContain("3 plato · blocked in lock(right)");
  await client.setExceptionBreakpointsRequest({ filters: [] });
  await stopAfter(client.reverseContinueRequest({ threadId: 2 }));
  await terminatedAfter(client.continueRequest({ threadId: 2 }));
});

test("the commands of genix debug work at the console, after a colon", async () => {
  await launch("jobs.ts", {}, { lines: [{ line: 9 }] });
  const command = (expression: string) => client.evaluateRequest({ expression, context: "repl" });
  expect((await command(":ps")).body.result).toContain("bob");
  const stop = await stopAfter(command(":goto 3"));
  expect(stop.reason).toBe("goto");
  await expect(command(":nonsense")).rejects.toThrow("nonsense");
  expect((await command("1 + 1")).body.result).toBe("2");
});

test("a program that ends its own process ends the session with a word about it", async () => {
  shop.write("leaves.ts", `export default function* main() { process.exit(7); }`);
  await client.initializeRequest();
  const ready = client.waitForEvent("initialized");
  await client.launchRequest({
    program: `${shop.folder}/leaves.ts`,
  } as DebugProtocol.LaunchRequestArguments);
  await ready;
  await terminatedAfter(client.configurationDoneRequest());
  expect(output["console"]).toContain("process.exit(7)");
});

test("a recording is debugged without its world, and stops at its end, from where one goes back", async () => {
  const recorded = await shop.run(["run", "--virtual", "--record", "jobs.jsonl", "jobs.ts"]);
  expect(recorded.code).toBe(0);
  const recording = "jobs.jsonl";
  const end = await launch("jobs.ts", { program: undefined, recording, cwd: shop.folder });
  expect(end).toMatchObject({ reason: "exit", description: "At the end" });
  expect(output["stdout"]).toBe("ann 1\nbob 4\nann 9\n");
  await stopAfter(client.stepBackRequest({ threadId: 1 }));
  const breakpoints = [{ line: 9 }];
  await client.setBreakpointsRequest({ source: { path: jobs }, breakpoints });
  const stop = await stopAfter(client.reverseContinueRequest({ threadId: 1 }));
  expect(stop).toMatchObject({ reason: "breakpoint", threadId: 3 });
  expect(await evaluate("result.square", 3)).toBe("9");
});

describe("at a port", () => {
  test("it says which one, lets only this host in, and one client; Ctrl-C ends it and what it runs", async () => {
    const server = shop.start(["dap", "--port", "0"]);
    await server.printed("genix dap listens on 127.0.0.1:");
    const port = await portOf(server);
    const first = new DebugClient("node", "", "genix");
    await first.start(port);
    const ready = first.waitForEvent("initialized");
    await first.launch({ program: jobs, virtual: true });
    await ready;
    const second = new DebugClient("node", "", "genix");
    await second.start(port);
    await expect(second.initializeRequest()).rejects.toThrow("another client is debugging here");
    expect(await canConnect(port, "127.0.0.1")).toBe(true);
    for (const address of otherAddresses()) expect(await canConnect(port, address)).toBe(false);
    server.child.kill("SIGINT");
    expect((await server.ended).code).toBe(0);
  });

  test("a program whose load does not end is heard, can be stopped, and is gone with its client", async () => {
    shop.write(
      "stuck.ts",
      `console.log(process.pid); for (;;); export default function* main() {}`,
    );
    const server = shop.start(["dap", "--port", "0"]);
    const client = new DebugClient("node", "", "genix");
    await client.start(await portOf(server));
    const printed = client.waitForEvent("output");
    const launched = client.launch({ program: `${shop.folder}/stuck.ts` }).catch(String);
    const { output } = ((await printed) as DebugProtocol.OutputEvent).body;
    expect(alive(Number(output))).toBe(true);
    await Promise.all([client.waitForEvent("terminated"), client.terminateRequest()]);
    await client.disconnectRequest();
    expect(await launched).toContain("the world was ended");
    expect(alive(Number(output))).toBe(false);
    server.child.kill("SIGTERM");
    await server.ended;
  });

  test("one that is taken, or is none, is an error of the command line", async () => {
    const server = shop.start(["dap", "--port", "0"]);
    await server.printed("genix dap listens on 127.0.0.1:");
    const taken = await shop.run(["dap", "--port", String(await portOf(server))]);
    expect(taken).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^genix: cannot listen on port \d+: /) as unknown,
    });
    server.child.kill("SIGTERM");
    await server.ended;
    const none = await shop.run(["dap", "--port", "70000"]);
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Give a whole number from 0 to 65535") as unknown,
    });
  });
});

async function portOf(server: Running): Promise<number> {
  await server.printed("\n");
  return Number(/:(\d+)\n/.exec(server.stdout)?.[1]);
}

/** Of this host, in its networks. */
function otherAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address);
}

function canConnect(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

test("an editor that dies takes the program with it", async () => {
  shop.write(
    "pid.ts",
    `import { sleep } from "genix"; export default function* main() { console.log(process.pid); for (;;) yield* sleep(10); }`,
  );
  const doomed = await start();
  const ready = doomed.waitForEvent("initialized");
  await doomed.launch({ program: `${shop.folder}/pid.ts` });
  await ready;
  await doomed.configurationDoneRequest();
  while (!output["stdout"]?.endsWith("\n")) await doomed.waitForEvent("output");
  const pid = Number(output["stdout"]);
  expect(alive(pid)).toBe(true);
  (doomed as unknown as { _adapterProcess: ChildProcess })._adapterProcess.kill("SIGKILL");
  while (alive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
});

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("the extension for VS Code names the adapter, and every attribute of a launch", () => {
  const manifest = JSON.parse(readFileSync(join(root, "editors/vscode/package.json"), "utf8")) as {
    contributes: {
      debuggers: { type: string; configurationAttributes: { launch: { properties: object } } }[];
    };
  };
  const [{ type, configurationAttributes }] = manifest.contributes.debuggers as [
    (typeof manifest.contributes.debuggers)[0],
  ];
  expect(type).toBe("genix");
  const launch = readFileSync(join(root, "cli/dap/launch.ts"), "utf8");
  const read = [...launch.matchAll(/fields\.\w+\("(\w+)"/g)].map(([, name]) => name);
  expect(Object.keys(configurationAttributes.launch.properties).sort()).toEqual(
    [...new Set(read)].sort(),
  );
});
