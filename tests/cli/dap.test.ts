// Programs debugged as an editor does it: `genix dap` as a process, asked with Microsoft's own client.

import { DebugClient } from "@vscode/debugadapter-testsupport";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { Workshop } from "./genix";

jest.setTimeout(60_000);

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
  client = new DebugClient(process.execPath, `${shop.folder}/dap.cjs`, "genix", { cwd: "/" });
  client.defaultTimeout = 30_000;
  output = { stdout: "", stderr: "", console: "" };
  client.on("output", ({ body }: DebugProtocol.OutputEvent) => {
    output[body.category ?? ""] += body.output;
  });
  await client.start();
});

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
  const places = await client.customRequest("breakpointLocations", {
    ...{ source: { path: jobs }, line: 5, endLine: 20 },
  });
  expect(places.body).toEqual({
    breakpoints: [{ line: 6 }, { line: 9 }, { line: 17 }, { line: 18 }, { line: 20 }],
  });
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
  await launch("jobs.ts", { stopOnEntry: true });
});
