// What the adapter makes of a client's requests, whatever the program is: asked with Microsoft's own
// client, by way of a port, about a session that only pretends.

import { connect, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { DebugClient } from "@vscode/debugadapter-testsupport";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { framed } from "../../cli/dap/framing";
import { servePort } from "../../cli/dap/serve";
import { serveStreams, type Visit } from "../../cli/dap/streams";
import type { Open } from "../../cli/dap/target";
import { eventOf, FakeSession } from "./dap-fake";

let session: FakeSession;
let server: Visit;
let port: number;
let client: DebugClient;
/** What a command at the console does. */
let onConsole: (moving: () => void) => unknown;
/** What came in events, one line each. */
let events: string[];

const open: Open = (_launch, onOutput) => {
  session.onOutput = onOutput;
  const execute = async (line: string, moving: () => void) => {
    await onConsole(moving);
    return `did ${line}`;
  };
  return Promise.resolve({ session, execute, end: () => session.end() });
};

beforeEach(async () => {
  session = new FakeSession();
  onConsole = () => {};
  server = await servePort(0, open, (text) => (port = Number(/\d+$/.exec(text)?.[0])));
  client = await newClient();
  events = [];
  for (const name of [
    "stopped",
    "continued",
    "output",
    "thread",
    "breakpoint",
    "exited",
    "terminated",
  ]) {
    client.on(name, (event: DebugProtocol.Event) => events.push(lineOf(event)));
  }
});

afterEach(async () => {
  hangUp();
  server.end();
  await server.over;
});

async function newClient(): Promise<DebugClient> {
  const client = new DebugClient("node", "", "genix");
  await client.start(port);
  return client;
}

/** Without a good-bye. */
function hangUp(): void {
  (client as unknown as { _socket: Socket })._socket.destroy();
}

function lineOf({ event, body }: DebugProtocol.Event): string {
  const { reason, text, threadId, output, category, breakpoint, exitCode } = (body ?? {}) as Record<
    string,
    unknown
  >;
  const words = [reason, threadId, text, category, output, breakpoint, exitCode];
  const shown = words.filter((word) => word !== undefined);
  return [
    event,
    ...shown.map((word) => (typeof word === "string" ? word.trim() : JSON.stringify(word))),
  ].join(" ");
}

/** Launched, with what `configure` sets before the start; stopped where the program begins. */
async function launch(
  more: object = {},
  configure: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const ready = client.waitForEvent("initialized");
  await client.launch({
    program: "prog.ts",
    stopOnEntry: true,
    ...more,
  });
  await ready;
  await configure();
  const stopped = client.waitForEvent("stopped");
  await client.configurationDoneRequest();
  await stopped;
}

/** Make a request that moves the program, and wait until it stands. */
async function stopAfter(request: Promise<unknown>): Promise<DebugProtocol.StoppedEvent["body"]> {
  const stopped = client.waitForEvent("stopped");
  await request;
  return ((await stopped) as DebugProtocol.StoppedEvent).body;
}

const inTask = (threadId: number) => ({ threadId });

describe("moves", () => {
  test("it stops where the program begins, and every way to go on leads where it says", async () => {
    await launch();
    expect(session.at.step).toBe(1);
    await stopAfter(client.stepInRequest(inTask(2)));
    expect(session.at.step).toBe(2);
    await stopAfter(client.nextRequest(inTask(3)));
    expect(session.at.step).toBe(4);
    await stopAfter(client.stepOutRequest(inTask(2)));
    expect(session.at.step).toBe(7);
    await stopAfter(client.stepBackRequest(inTask(3)));
    expect(session.at.step).toBe(6);
    const instruction = { threadId: 3, granularity: "instruction" } as const;
    await stopAfter(client.stepBackRequest(instruction));
    expect(session.at.step).toBe(5);
    await stopAfter(client.nextRequest({ ...instruction, threadId: 2 }));
    expect(session.at.step).toBe(6);
    await stopAfter(client.reverseContinueRequest(inTask(2)));
    expect(session.at.step).toBe(0);
    expect(events.filter((line) => line.startsWith("stopped"))).toEqual([
      "stopped entry 2",
      ...["stopped step 3", "stopped step 3", "stopped step 2"],
      ...["stopped step 3", "stopped step 2", "stopped step 3", "stopped entry 2"],
    ]);
  });

  test("a step that another task's breakpoint ends is shown where that task stands", async () => {
    await launch({}, () =>
      client.setFunctionBreakpointsRequest({ breakpoints: [{ name: "task:3" }] }),
    );
    const there = await stopAfter(client.nextRequest(inTask(2)));
    expect(there).toMatchObject({ reason: "function breakpoint", threadId: 3 });
  });

  test("all threads stop and go on together, and the client is told of what comes and goes", async () => {
    await launch({ stopOnEnd: true });
    const { body } = await client.threadsRequest();
    expect(body.threads).toEqual([
      { id: 1, name: "1 init · ready" },
      { id: 2, name: "2 main · ready" },
      { id: 3, name: "3 worker · blocked in receive(jobs)" },
    ]);
    const response = client.continueRequest(inTask(2));
    const stop = await stopAfter(response);
    expect((await response).body).toEqual({ allThreadsContinued: true });
    expect(stop).toMatchObject({ allThreadsStopped: true, threadId: 2, reason: "exit" });
    expect(events).toContain("thread exited 3");
    await stopAfter(client.reverseContinueRequest(inTask(2)));
    expect(events.at(-2)).toBe("thread started 3");
  });

  test("what the program prints comes once, also when it is executed again", async () => {
    await launch({ stopOnEnd: true });
    await stopAfter(client.continueRequest(inTask(2)));
    await stopAfter(client.reverseContinueRequest(inTask(2)));
    await stopAfter(client.continueRequest(inTask(2)));
    const printed = events.filter((line) => line.startsWith("output stdout"));
    expect(printed).toHaveLength(10);
  });

  test("at the end the client is told so, or stops there to go back", async () => {
    await launch();
    const terminated = client.waitForEvent("terminated");
    await client.continueRequest(inTask(2));
    await terminated;
    expect(events.slice(-3)).toEqual([
      "exited 3",
      "output console genix: the program has returned 3",
      "terminated",
    ]);
    await expect(client.reverseContinueRequest(inTask(2))).rejects.toThrow(
      "the program has ended; restart it, or end the session",
    );
    await stopAfter(client.restartRequest({}));
    expect(session.at.step).toBe(1);
  });

  test("a program that stands at its end can go back, and not on", async () => {
    await launch({ stopOnEnd: true });
    await stopAfter(client.continueRequest(inTask(2)));
    await stopAfter(client.nextRequest(inTask(2)));
    expect(events.slice(-3)).toEqual([
      "stopped exit 2 the program has returned 3",
      "output console genix: the program has ended; step back, restart it, or end the session",
      "stopped exit 2 the program has returned 3",
    ]);
    await stopAfter(client.stepBackRequest(inTask(2)));
    expect(session.at.step).toBe(9);
  });

  test("one that stands at its beginning can go on, and not back", async () => {
    await launch();
    await stopAfter(client.reverseContinueRequest(inTask(2)));
    await stopAfter(client.stepBackRequest(inTask(2)));
    expect(events.slice(-3)).toEqual([
      expect.stringMatching(/^stopped entry/),
      "output console genix: this is the beginning",
      expect.stringMatching(/^stopped entry/),
    ]);
    // Only init is there, and it would run again when all is over.
    const stop = await stopAfter(client.nextRequest(inTask(1)));
    expect(stop).toMatchObject({ reason: "step", threadId: 2 });
    expect(session.at.step).toBe(1);
  });

  test("pause stops a run, and breakpoints can be set in the middle of one", async () => {
    session = new FakeSession(1e9);
    await launch();
    await client.continueRequest(inTask(2));
    await expect(client.stackTraceRequest(inTask(2))).rejects.toThrow(
      "the program runs; pause it first",
    );
    await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: "sys:nothing" }] });
    expect(session.log).toEqual([expect.stringMatching(/^add 1 at step [1-9]/)]);
    expect(events.filter((line) => line.startsWith("stopped"))).toEqual(["stopped entry 2"]);
    const stop = await stopAfter(client.pauseRequest(inTask(2)));
    expect(stop).toMatchObject({ reason: "pause", allThreadsStopped: true });
    await expect(client.pauseRequest(inTask(2))).rejects.toThrow("the program does not run");
  });

  test("only what fails whenever it is asked is shown to the user, who may not have asked", async () => {
    session = new FakeSession(1e9);
    await launch();
    const { body } = await client.stackTraceRequest(inTask(2));
    await client.continueRequest(inTask(2));
    const raw = client as unknown as {
      doSend(
        command: string,
        args: object,
        then: (answer: DebugProtocol.ErrorResponse) => void,
      ): void;
    };
    const isShown = async (command: string, args: object): Promise<unknown> => {
      const answer = await new Promise<DebugProtocol.ErrorResponse>((resolve) =>
        raw.doSend(command, args, resolve),
      );
      expect(answer.success).toBe(false);
      return answer.body.error?.showUser;
    };
    for (const command of ["stackTrace", "exceptionInfo", "next", "stepBack"])
      expect(await isShown(command, inTask(2))).toBe(false);
    expect(await isShown("scopes", { frameId: body.stackFrames[0]!.id })).toBe(false);
    expect(await isShown("terminateThreads", { threadIds: [1] })).toBe(true);
  });

  test("restart begins anew, in the middle of a run as well", async () => {
    session = new FakeSession(1e9);
    await launch();
    await client.continueRequest(inTask(2));
    const stop = await stopAfter(client.restartRequest({}));
    expect(session.log).toEqual(["restart"]);
    expect(stop.reason).toBe("entry");
    expect(events).not.toContainEqual(expect.stringMatching(/^continued/));
    const changed = { arguments: { program: "other.ts" } } as DebugProtocol.RestartArguments;
    await expect(client.restartRequest(changed)).rejects.toThrow(
      "the launch configuration has changed",
    );
  });

  test("a client that has it standing is told that it goes on, where it has asked for no move", async () => {
    await launch();
    events.length = 0;
    await stopAfter(client.restartRequest({}));
    expect(events.filter((line) => !line.startsWith("output"))).toEqual([
      "continued 2",
      "stopped entry 2",
    ]);
    const terminated = client.waitForEvent("terminated");
    await client.terminateRequest();
    await terminated;
    expect(events.filter((line) => line.startsWith("continued"))).toHaveLength(2);
  });

  test("after a restart that fails the program stands where it was, and it may be tried again", async () => {
    session = new FakeSession(1e9);
    await launch();
    await client.continueRequest(inTask(2));
    const restart = session.restart.bind(session);
    session.restart = () => Promise.reject(new Error("prog.ts:1: '}' expected"));
    const refused = expect(client.restartRequest({})).rejects.toThrow("'}' expected");
    expect((await stopAfter(refused)).reason).toBe("pause");
    expect((await stopAfter(client.stepInRequest(inTask(2)))).reason).toBe("step");
    session.restart = restart;
    const stop = await stopAfter(client.restartRequest({}));
    expect(stop.reason).toBe("entry");
  });

  test("terminate asks the tasks to stop, as Ctrl-C does; the second time it ends the program", async () => {
    session = new FakeSession(1e9);
    await launch();
    await client.terminateRequest();
    expect(session.log).toEqual(["TERM 2", "TERM 3"]);
    const terminated = client.waitForEvent("terminated");
    await client.terminateRequest();
    await terminated;
    expect(session.log.slice(2)).toEqual(["end"]);
  });

  test("after terminate the program's end is the end of the session, also where it would stop there", async () => {
    await launch({ stopOnEnd: true });
    const terminated = client.waitForEvent("terminated");
    await client.terminateRequest();
    await terminated;
    expect(events.slice(-3)).toEqual([
      "exited 3",
      "output console genix: the program has returned 3",
      "terminated",
    ]);
  });

  test("tasks can be stopped one by one, but for init", async () => {
    await launch();
    await client.customRequest("terminateThreads", { threadIds: [3] });
    expect(session.log).toEqual(["TERM 3"]);
    await expect(client.customRequest("terminateThreads", { threadIds: [1] })).rejects.toThrow(
      "init ends with the program; end the session instead",
    );
  });

  test("a command at the console that moves the program says so before, and where that has led", async () => {
    await launch();
    onConsole = async (moving) => {
      moving();
      await session.goTo(4);
    };
    events.length = 0;
    const stopped = client.waitForEvent("stopped");
    await client.evaluateRequest({ expression: ":goto 4", context: "repl" });
    await stopped;
    expect(events).toEqual(["continued 2", "stopped goto 3"]);
  });

  test("terminate ends a program that blocks its thread, which cannot be asked to stop", async () => {
    session = new FakeSession(1e9);
    session.blocked = true;
    await launch();
    await client.continueRequest(inTask(2));
    const terminated = client.waitForEvent("terminated");
    await client.terminateRequest();
    await terminated;
    expect(events.slice(-2)).toEqual(["output console genix: the world was ended", "terminated"]);
    expect(events).not.toContainEqual(expect.stringMatching(/^exited/));
  });
});

describe("breakpoints", () => {
  const source = { path: "/src/prog.ts" };
  const set = async (...breakpoints: DebugProtocol.SourceBreakpoint[]) =>
    (await client.setBreakpointsRequest({ source, breakpoints })).body.breakpoints;
  const named = async (...names: string[]) =>
    (await client.setFunctionBreakpointsRequest({ breakpoints: names.map((name) => ({ name })) }))
      .body.breakpoints;

  test("on lines: moved to the next yield, or refused, each with the reason", async () => {
    await launch({}, async () => {
      expect(await set({ line: 20 }, { line: 35 }, { line: 95 })).toEqual([
        { id: 1, verified: true, line: 20, source: { name: "prog.ts", path: "/src/prog.ts" } },
        {
          ...{ id: 2, verified: true, line: 40, source: { name: "prog.ts", path: "/src/prog.ts" } },
          message: "line 35 has no yield; moved to line 40",
        },
        { id: 3, verified: false, message: "no yield there" },
      ]);
    });
    const stop = await stopAfter(client.continueRequest(inTask(2)));
    expect(stop).toMatchObject({ reason: "breakpoint", hitBreakpointIds: [1], text: "at line" });
    expect(session.at.step).toBe(2);
  });

  test("those that are sent again stay as they are, the others go", async () => {
    await launch({}, async () => {
      const [, kept] = await set({ line: 20 }, { line: 30, hitCondition: "2" });
      expect(await set({ line: 30, hitCondition: "2" }, { line: 50 })).toMatchObject([
        kept,
        { line: 50 },
      ]);
    });
    expect(session.log).toEqual([
      "add 1 at step 0",
      "add 2 at step 0",
      "add 3 at step 0",
      "delete 1",
    ]);
  });

  test("what the console does to them is told to the client, which may set them again", async () => {
    await launch();
    const command = () => client.evaluateRequest({ expression: ":delete", context: "repl" });
    await set({ line: 50 }, { line: 60 });
    events.length = 0;
    onConsole = () => session.changeBreakpoint(1, { enabled: false });
    await command();
    onConsole = () => session.deleteBreakpoint(2);
    await command();
    onConsole = () => session.changeBreakpoint(1, { enabled: true });
    await command();
    const changes = events.map((event) => /"verified":(\w+).*"message":"(.*)"/.exec(event));
    expect(changes.map((change) => change?.slice(1))).toEqual([
      ["false", "disabled at the console"],
      ["false", "deleted at the console"],
      ["true", "enabled at the console"],
    ]);
    expect(await set({ line: 50 }, { line: 60 })).toMatchObject([
      { id: 1, verified: true },
      { id: 4, verified: true },
    ]);
  });

  test("on tasks, calls and objects by name; what names nothing is told how to", async () => {
    await launch({}, async () => {
      const views = await named(
        "task:3",
        "task:worker",
        "sys:sleep",
        "on: jobs ",
        "worker",
        "sys:",
      );
      const refused = (name: string) =>
        `"${name}" names nothing to stop at; write task:NAME, task:PID, sys:CALL or on:OBJECT`;
      expect(views.map(({ verified, message }) => [verified, message])).toEqual([
        ...[
          [true, undefined],
          [true, undefined],
          [true, undefined],
          [true, undefined],
        ],
        [false, refused("worker")],
        [false, refused("sys:")],
      ]);
    });
    expect(session.breakpoints.map(({ point }) => point)).toEqual([
      { on: "task", task: 3 },
      { on: "task", task: "worker" },
      { on: "call", call: "sleep" },
      { on: "object", object: "jobs" },
    ]);
    const stop = await stopAfter(client.continueRequest(inTask(2)));
    expect(stop).toMatchObject({ reason: "function breakpoint", hitBreakpointIds: [1] });
  });

  test("hit conditions let hits pass; one that is not understood is said to be so", async () => {
    await launch({}, async () => {
      const breakpoints = ["3", ">= 2", "> 1", "% 2"].map((hitCondition) => {
        return { name: "task:3", hitCondition };
      });
      const { body } = await client.setFunctionBreakpointsRequest({ breakpoints });
      expect(body.breakpoints.at(-1)).toMatchObject({
        verified: false,
        message: 'the hit condition "% 2" is not one of N, >= N and > N',
      });
    });
    expect(session.breakpoints.map(({ ignore }) => ignore)).toEqual([2, 1, 1]);
    await stopAfter(client.continueRequest(inTask(2)));
    expect(session.at.step).toBe(4);
  });

  test("after a restart they count from the start, on the lines that the sources have now", async () => {
    session = new FakeSession(50);
    await launch({}, async () => {
      await client.setFunctionBreakpointsRequest({
        breakpoints: [{ name: "task:3", hitCondition: "2" }],
      });
      await set({ line: 45 });
    });
    await stopAfter(client.continueRequest(inTask(2)));
    expect(session.at.step).toBe(4);
    await client.terminateRequest();
    session.yields = 20;
    await stopAfter(client.restartRequest({}));
    expect(events.filter((line) => line.startsWith("breakpoint"))).toEqual([
      expect.stringContaining('"line":60,'),
    ]);
    await stopAfter(client.continueRequest(inTask(2)));
    expect(session.at.step).toBe(4);
  });

  test("a condition that throws stops, and the breakpoint says why", async () => {
    await launch({}, async () => {
      const breakpoints = [{ name: "task:3", condition: "bad" }];
      await client.setFunctionBreakpointsRequest({ breakpoints });
    });
    const stop = await stopAfter(client.continueRequest(inTask(2)));
    expect(stop).toMatchObject({ reason: "breakpoint", text: "bad is not defined" });
    expect(events).toContain(
      'breakpoint changed {"id":1,"verified":true,"message":"bad is not defined"}',
    );
  });

  test("a logpoint prints values and does not stop, forwards or back, nor does it spoil a step", async () => {
    await launch({ stopOnEnd: true }, async () => {
      await set({ line: 30, logMessage: "x is {x}, {nope}" });
    });
    const logged = () => events.filter((line) => line.startsWith("output console"));
    await stopAfter(client.nextRequest(inTask(2)));
    expect(session.at.step).toBe(3);
    expect(logged()).toEqual(["output console x is x of 2.0, {nope is not defined}"]);
    await stopAfter(client.continueRequest(inTask(2)));
    expect(session.at.step).toBe(10);
    await stopAfter(client.reverseContinueRequest(inTask(2)));
    expect(session.at.step).toBe(0);
    expect(logged()).toHaveLength(1);
  });

  test("a logpoint speaks of the frame that stands in its line", async () => {
    const path = require.resolve("./dap-fake");
    const breakpoints = [{ line: 20, logMessage: "{x}" }];
    await launch({}, () => client.setBreakpointsRequest({ source: { path }, breakpoints }));
    const terminated = client.waitForEvent("terminated");
    await client.continueRequest(inTask(2));
    await terminated;
    expect(events).toContain("output console x of 3.1");
  });

  test("a logpoint hides no breakpoint that the same step hits, and all that do are named", async () => {
    await launch({}, async () => {
      await set({ line: 60, logMessage: "x is {x}" }, { line: 60 });
      await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: "task:3" }] });
      await client.setExceptionBreakpointsRequest({ filters: ["uncaught"] });
    });
    const skip = async () => stopAfter(client.continueRequest(inTask(2)));
    await skip();
    await skip();
    expect(await skip()).toMatchObject({
      reason: "exception",
      text: "at crash",
      hitBreakpointIds: [2, 3, 4],
    });
    expect(events).toContain("output console x is x of 3.0");
  });

  test("a step that ends at a logpoint is told as the step it was", async () => {
    await launch({}, async () => {
      await set({ line: 20, logMessage: "here" }, { line: 70, logMessage: "there" });
    });
    const step = await stopAfter(client.nextRequest(inTask(3)));
    expect(step).toMatchObject({ reason: "step", threadId: 3 });
    expect(step).not.toHaveProperty("hitBreakpointIds");
    await stopAfter(client.stepOutRequest(inTask(2)));
    expect(session.at.step).toBe(7);
  });

  test("on errors: the filters that there are, with the error in the client's words", async () => {
    await launch({}, async () => {
      const filters = ["uncaught", "deadlock", "everything"];
      const response = await client.setExceptionBreakpointsRequest({ filters });
      expect(response.body?.breakpoints?.at(-1)).toMatchObject({
        verified: false,
        message: 'there is no exception filter "everything"; there are uncaught, deadlock, lint',
      });
    });
    const stop = await stopAfter(client.continueRequest(inTask(2)));
    expect(stop).toMatchObject({ reason: "exception", description: "Uncaught error", threadId: 3 });
    const { body } = await client.exceptionInfoRequest({ threadId: 3 });
    expect(body).toEqual({
      exceptionId: "Uncaught error",
      description: "at crash",
      breakMode: "unhandled",
    });
  });

  test("on a value that changes, of a variable or an expression", async () => {
    await launch();
    const { body } = await client.stackTraceRequest(inTask(2));
    const frameId = body.stackFrames[1]!.id;
    const info = await client.dataBreakpointInfoRequest({ name: "x + 1", frameId });
    expect(info.body).toMatchObject({ description: "x + 1 in task 2", accessTypes: ["write"] });
    const none = await client.dataBreakpointInfoRequest({ name: "nope", frameId });
    expect(none.body).toEqual({ dataId: null, description: "nope is not defined" });
    const breakpoints = [{ dataId: info.body.dataId! }];
    await client.setDataBreakpointsRequest({ breakpoints });
    expect(session.breakpoints[0]?.point).toEqual({
      on: "change",
      expression: "x + 1",
      pid: 2,
      frame: -2,
    });
    const stop = await stopAfter(client.continueRequest(inTask(2)));
    expect(stop).toMatchObject({ reason: "data breakpoint", text: "changed from 1 to 2" });
  });
});

describe("looking", () => {
  beforeEach(() => launch());

  test("a stack has frames with their places, and comes in pieces if that is asked for", async () => {
    const { body } = await client.stackTraceRequest(inTask(2));
    expect(body.totalFrames).toBe(3);
    expect(body.stackFrames.map(({ name, line }) => `${name} ${line}`)).toEqual([
      "inner 10",
      "middle 20",
      "(anonymous) 30",
    ]);
    expect(body.stackFrames[0]?.source).toEqual({
      name: "dap-fake.ts",
      path: `${__dirname}/dap-fake.ts`,
    });
    const piece = await client.stackTraceRequest({ threadId: 2, startFrame: 1, levels: 1 });
    expect(piece.body.stackFrames.map(({ name }) => name)).toEqual(["middle"]);
    expect(piece.body.totalFrames).toBe(3);
    const elsewhere = await client.stackTraceRequest({ threadId: 1, levels: 1 });
    expect(elsewhere.body.stackFrames[0]).toMatchObject({ line: 0, column: 0 });
    expect(elsewhere.body.stackFrames[0]).not.toHaveProperty("source");
  });

  test("scopes open into variables, those into their parts, with names for expressions", async () => {
    const { body } = await client.stackTraceRequest({ threadId: 2 });
    const { scopes } = (await client.scopesRequest({ frameId: body.stackFrames[0]!.id })).body;
    expect(scopes).toMatchObject([{ name: "Local", presentationHint: "locals", expensive: false }]);
    const { variablesReference } = scopes[0]!;
    const { variables } = (await client.variablesRequest({ variablesReference })).body;
    expect(variables).toMatchObject([
      { name: "x", value: "1", type: "number", variablesReference: 0, evaluateName: "x" },
      { name: "list", value: "[1, 2]", evaluateName: "list" },
    ]);
    const inside = { variablesReference: variables[1]!.variablesReference };
    const parts = (await client.variablesRequest(inside)).body.variables;
    expect(parts.map(({ evaluateName }) => evaluateName)).toEqual([
      ...["list[0]", "list[1]", "list.length", 'list["a b"]', undefined, 'list.get("ann")'],
    ]);
    const entry = await client.dataBreakpointInfoRequest({ ...inside, name: '"ann"' });
    expect(entry.body.description).toBe('list.get("ann") in task 2');
    const hidden = await client.dataBreakpointInfoRequest({ ...inside, name: "#secret" });
    expect(hidden.body).toEqual({ dataId: null, description: "#secret has no name to watch" });
    const some = (await client.variablesRequest({ ...inside, start: 1, count: 2 })).body.variables;
    expect(some.map(({ name }) => name)).toEqual(["1", "length"]);
  });

  test("expressions are those of a frame, or of where the program stands", async () => {
    const { body } = await client.stackTraceRequest(inTask(3));
    const frameId = body.stackFrames[2]!.id;
    const there = await client.evaluateRequest({ expression: "x", frameId, context: "watch" });
    expect(there.body).toMatchObject({ result: "x of 3.2", type: "number", variablesReference: 0 });
    const here = await client.evaluateRequest({ expression: "x", context: "repl" });
    expect(here.body.result).toBe("x of 2.0");
    await expect(client.evaluateRequest({ expression: "nope", frameId })).rejects.toThrow(
      "nope is not defined",
    );
  });

  test("what is typed is completed: a name of the frame, or after a dot one in the value", async () => {
    const { body } = await client.stackTraceRequest(inTask(3));
    const complete = async (text: string) => {
      const given = { frameId: body.stackFrames[2]!.id, text, column: text.length + 1 };
      return (await client.completionsRequest(given)).body.targets;
    };
    expect(await complete("1 + li")).toEqual([
      { label: "list", start: 4, length: 2, type: "variable" },
    ]);
    expect(await complete("list.")).toEqual([
      { label: "length", start: 5, length: 0, type: "variable" },
    ]);
    for (const text of ["list.x", "nope.", "f().li"]) expect(await complete(text)).toEqual([]);
    const typed = { text: "x +\nli\n+ x", line: 2, column: 3 };
    expect((await client.completionsRequest(typed)).body.targets).toEqual([
      { label: "list", start: 4, length: 2, type: "variable" },
    ]);
  });

  test("what was seen before a step is gone after it, and said to be", async () => {
    const { body } = await client.stackTraceRequest(inTask(2));
    const frameId = body.stackFrames[0]!.id;
    const { scopes } = (await client.scopesRequest({ frameId })).body;
    await stopAfter(client.stepInRequest(inTask(2)));
    await expect(client.scopesRequest({ frameId })).rejects.toThrow(
      "is gone: the program has run on since",
    );
    const { variablesReference } = scopes[0]!;
    await expect(client.variablesRequest({ variablesReference })).rejects.toThrow(
      "the program has run on",
    );
  });

  test("a task that came and went since the last stop is shown with its name", async () => {
    const last = {
      ...eventOf(1),
      pid: 7,
      outcome: "crashed",
      detail: "crashed: Error: x",
    } as const;
    session.ending = { last, name: "brief" };
    await stopAfter(client.stepInRequest(inTask(2)));
    const { body } = await client.threadsRequest();
    expect(body.threads.at(-1)).toEqual({ id: 7, name: "7 brief · crashed: Error: x" });
  });

  test("a thread that there is not is said not to be", async () => {
    await expect(client.stackTraceRequest(inTask(9))).rejects.toThrow(
      "there is no task 9; it has ended, or never was",
    );
  });
});

describe("bad input", () => {
  /** What the adapter sends to whoever writes `text`, until it says nothing more for a while. */
  function answersTo(socket: Socket, text: string, until: RegExp): Promise<string> {
    return new Promise((resolve) => {
      let all = "";
      socket.on("data", (chunk) => {
        all += chunk.toString();
        if (until.test(all)) resolve(all);
      });
      socket.on("close", () => resolve(all));
      socket.write(text);
    });
  }

  const frame = (message: unknown) => {
    const json = JSON.stringify(message);
    return `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
  };
  const initialize = frame({
    seq: 7,
    type: "request",
    command: "initialize",
    arguments: { adapterID: "genix" },
  });

  const raw = async () => {
    // The server hangs up, too, when it can take the next.
    const { _socket: before } = client as unknown as { _socket: Socket };
    const gone = new Promise((resolve) => before.on("close", resolve));
    before.end();
    await gone;
    return connect(port, "127.0.0.1");
  };

  test.each([
    ["bytes that are no message", `${frame({})}rubbish\r\n\r\n\0\xff`],
    ["a header without a number", "Content-Length: x\r\n\r\n{}"],
    ["a header with a length that nobody could mean", "Content-Length: 99999999999\r\n\r\n"],
    ["a body that is no JSON", "Content-Length: 5\r\n\r\n{{{{{"],
    ["JSON that is no request", frame([1, 2])],
    ["a request without a command", frame({ seq: 1, type: "request" })],
  ])("%s is told to the client, and the next request is served", async (_, text) => {
    const socket = await raw();
    const answer = await answersTo(socket, text + initialize, /request_seq/);
    expect(answer).toMatch(/"event":"output".*genix: /);
    expect(answer).toMatch(/"request_seq":7,"command":"initialize","success":true/);
    socket.destroy();
  });

  test.each(["POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n", "get / http/1.1\r\n", "\x16\x03\x01"])(
    "what does not begin as a client does, as a web page's %j, is not served",
    async (first) => {
      const socket = await raw();
      const answer = await answersTo(socket, first + initialize, /request_seq/);
      expect(answer).not.toContain("request_seq");
      socket.destroy();
    },
  );

  test("a message may come byte by byte, and two at once are served in order", async () => {
    const socket = await raw();
    const answer = answersTo(socket, "", /"request_seq":8/);
    const next = frame({ seq: 8, type: "request", command: "threads" });
    for (const byte of Buffer.from(initialize).subarray(0, 60)) socket.write(Buffer.from([byte]));
    socket.write(initialize.slice(60) + next);
    expect(await answer).toMatch(/"request_seq":7.*"request_seq":8/s);
    socket.destroy();
  });

  test("requests before the launch, unknown ones and ones with wrong arguments are answered", async () => {
    await client.initializeRequest();
    await expect(client.threadsRequest()).rejects.toThrow(
      "threads before launch: nothing is debugged yet",
    );
    await expect(client.attachRequest({})).rejects.toThrow("genix cannot attach");
    const attributes = (given: object) => given as DebugProtocol.LaunchRequestArguments;
    for (const [given, message] of [
      [{}, "launch needs a program or a recording, and not both: the path of a file"],
      [{ program: "a", recording: "b" }, "and not both"],
      [{ program: 5 }, "program is 5; it has to be a string"],
      [{ program: "a", args: "b" }, 'args is "b"; it has to be a list of strings'],
      [{ program: "a", seed: -1 }, "seed is -1; it has to be a whole number from 0"],
      [{ program: "a", shuffle: true }, "shuffle works on the virtual machine only"],
    ] as const) {
      await expect(client.launchRequest(attributes(given))).rejects.toThrow(message);
    }
    await launch();
    await expect(client.launchRequest(attributes({ program: "a" }))).rejects.toThrow(
      "launched already",
    );
    await expect(client.customRequest("constructor")).rejects.toThrow(
      "genix does not know the request constructor",
    );
    await expect(client.customRequest("next", {})).rejects.toThrow(
      "threadId is missing; it is a whole number from 0",
    );
    await expect(client.configurationDoneRequest()).rejects.toThrow(
      "the program has started already",
    );
  });

  test("a client that counts lines from 0 is answered so", async () => {
    await client.initializeRequest({
      adapterID: "genix",
      linesStartAt1: false,
      columnsStartAt1: false,
    });
    const ready = client.waitForEvent("initialized");
    await client.launchRequest({
      program: "a",
      stopOnEntry: true,
    } as DebugProtocol.LaunchRequestArguments);
    await ready;
    const breakpoints = [{ line: 19 }];
    const { body } = await client.setBreakpointsRequest({ source: { path: "/a" }, breakpoints });
    expect(session.breakpoints[0]?.point).toMatchObject({ line: 20 });
    expect(body.breakpoints[0]).toMatchObject({ line: 19 });
    await stopAfter(client.configurationDoneRequest());
    const stack = await client.stackTraceRequest(inTask(2));
    expect(stack.body.stackFrames[0]).toMatchObject({ line: 9, column: 2 });
  });

  test("a second client is refused while there is one, and told why", async () => {
    await client.initializeRequest();
    const second = await newClient();
    await expect(second.initializeRequest()).rejects.toThrow(
      "genix: another client is debugging here; try again when it has left",
    );
    const socket = connect(port, "127.0.0.1");
    expect(await answersTo(socket, initialize, /request_seq/)).toMatch(/"body":{"error":{"id":1,/);
    await client.disconnectRequest();
    const third = await newClient();
    await third.initializeRequest();
    await third.disconnectRequest();
  });

  test("a client that dies ends the program, and the next one finds the port free", async () => {
    await launch();
    hangUp();
    while (session.log.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(session.log).toEqual(["end"]);
    session = new FakeSession();
    client = await newClient();
    await launch();
  });

  test("one that hangs up and is seen out at once is not gone before the program has ended", async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const visit = serveStreams(input, output, open);
    const launch = { seq: 1, type: "request", command: "launch", arguments: { program: "p.ts" } };
    input.write(framed(launch));
    for await (const chunk of output) if (String(chunk).includes('"initialized"')) break;
    let ended = false;
    session.end = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      ended = true;
    };
    input.end();
    visit.end();
    await visit.over;
    expect(ended).toBe(true);
  });

  test("a program that hangs does not keep the client from leaving", async () => {
    await launch();
    session.world.evaluate = () => new Promise(() => {});
    void client.evaluateRequest({ expression: "x" }).catch(() => {});
    await client.disconnectRequest();
    expect(session.log).toEqual(["end"]);
  });

  test("a world that goes while the console's command is told ends the session, too", async () => {
    await launch();
    session.world.look = () => Promise.reject(new Error("the world has ended: SIGKILL"));
    onConsole = (moving) => moving();
    const terminated = client.waitForEvent("terminated");
    await client.evaluateRequest({ expression: ":goto 4", context: "repl" });
    await terminated;
    expect(events.at(-2)).toBe("output console genix: the world has ended: SIGKILL");
  });

  test("a world that is gone ends the session, with the reason", async () => {
    await launch();
    session.run = () => Promise.reject(new Error("the world has ended: SIGKILL"));
    const terminated = client.waitForEvent("terminated");
    await client.continueRequest(inTask(2));
    await terminated;
    expect(events.at(-2)).toBe("output console genix: the world has ended: SIGKILL");
  });
});
