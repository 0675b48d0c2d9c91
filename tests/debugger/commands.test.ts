// The debugger's shell over worlds that are lists of steps: what is typed, and what is said then.

import { openSession } from "../../cli/debug/session";
import { complete, sections, Shell, type Paint, type ShellHost } from "../../debugger";
import { parsePoint, pointText, type Surroundings } from "../../debugger/commands/points";
import { Complaint, nearest } from "../../debugger/commands/complaint";
import { stopLines } from "../../debugger/commands/stop-text";
import { frameLines, psTree } from "../../debugger/commands/views";
import { FakeWorld, type FakeStep } from "../helpers/fake-world";

afterEach(() => jest.restoreAllMocks());

const plain: Paint = (_role, text) => text;

const steps: readonly FakeStep[] = Array.from({ length: 20 }, (_, i) => ({
  pid: 1 + (i % 2),
  call: i % 5 === 4 ? "write" : "sleep",
}));

async function shell(program = steps, more: Partial<ShellHost> = {}) {
  const worlds: FakeWorld[] = [];
  let present: FakeWorld | null = null;
  const open = (world: FakeWorld) => {
    worlds.push(world);
    return Promise.resolve(world);
  };
  const session = await openSession(
    {
      present: (print) => open((present = new FakeWorld(program, print))),
      past: (print) => open(new FakeWorld(program.slice(0, present?.step), print)),
    },
    () => {},
  );
  let printed: string[] = [];
  const saved: string[] = [];
  const host: ShellHost = {
    print: (lines) => void printed.push(...lines.split("\n")),
    paint: plain,
    source: (file) =>
      file === "/home/prog.ts" ? Array.from({ length: 30 }, (_, i) => `line ${i + 1}`) : undefined,
    shown: (file) => file.replace("/home/", ""),
    fileOf: (name) => (name === "prog.ts" ? "/home/prog.ts" : undefined),
    write: (file, text) => void saved.push(`${file}: ${text.slice(0, 4)}`),
    save: (file) => void saved.push(file),
    script: (file) => (file === "two.txt" ? ["step", "", "step"] : []),
    program: "/home/prog.ts",
    calls: ["sleep", "write"],
    ...more,
  };
  const made = new Shell(session, host, sections);
  /** What is printed for each of `lines`; a complaint is printed, too. */
  const type = async (...lines: readonly string[]): Promise<string[]> => {
    printed = [];
    for (const line of lines) {
      try {
        await made.execute(line);
      } catch (error) {
        if (!(error instanceof Complaint)) throw error;
        printed.push(`! ${error.message}`);
      }
    }
    return printed;
  };
  return { shell: made, session, type, saved, sent: () => present?.sent };
}

const around: Surroundings = {
  fileOf: (name) => (name === "prog.ts" ? "/home/prog.ts" : undefined),
  here: "/home/here.ts",
};

test.each([
  ["task 3", { on: "task", task: 3 }, "task 3"],
  ['task "the worker"', { on: "task", task: "the worker" }, "task the worker"],
  ["task worker", { on: "task", task: "worker" }, "task worker"],
  ["sleep", { on: "call", call: "sleep" }, "call sleep"],
  ["call sleep", { on: "call", call: "sleep" }, "call sleep"],
  ["on fd 4", { on: "object", object: "fd 4" }, "on fd 4"],
  ["prog.ts:12", { on: "line", file: "/home/prog.ts", line: 12 }, "/home/prog.ts:12"],
  ["12", { on: "line", file: "/home/here.ts", line: 12 }, "/home/here.ts:12"],
  ["line 12", { on: "line", file: "/home/here.ts", line: 12 }, "/home/here.ts:12"],
  ["time 2.5 ms", { on: "time", time: 2.5 }, "time 2.5"],
  ["queue ready > 3", { on: "queue", queue: "ready", length: 4 }, "queue ready >= 4"],
  ["queue the jobs >=3", { on: "queue", queue: "the jobs", length: 3 }, "queue the jobs >= 3"],
  ["queue jobs 3", { on: "queue", queue: "jobs", length: 3 }, "queue jobs >= 3"],
  ["deadlock", { on: "deadlock" }, "deadlock"],
])("break %s is understood, and listed as it could be typed", (text, point, listed) => {
  expect(parsePoint(text, around)).toEqual({ point });
  const conditional = parsePoint(`${text} if a.b > 1 && c`, around);
  expect(conditional).toEqual({ point, condition: "a.b > 1 && c" });
  expect(pointText(conditional.point, (file) => file)).toBe(listed);
});

test.each([
  ["", "break on what? help break lists what there is"],
  ["if x", "break on what? help break lists what there is"],
  ["exit if", "after if a condition has to follow"],
  ["task", "break task what? help break has examples"],
  ["nope.ts:3", "there is no file nope.ts"],
  ["time soon", "a time is a number of milliseconds: break time 500"],
  ["queue ready", "write the queue's name and a length: break queue ready > 3"],
  ["taks 3", "taks 3 is nothing to break on; did you mean task?"],
  ["a b", "a b is nothing to break on; help break lists what there is"],
])("break %s is told what is wrong with it", (text, message) => {
  expect(() => parsePoint(text, around)).toThrow(new Complaint(message));
});

test("commands are found by short forms and by what only their names begin with", async () => {
  const { type } = await shell();
  expect(await type("s")).toEqual([
    'step 1 (1 ms) task 1 "t1" sleep(), at prog.ts:1',
    "> 1  line 1",
  ]);
  expect((await type("ste 2"))[0]).toMatch(/^step 3 /);
  expect((await type("rs"))[0]).toMatch(/^step 2 /);
  expect(await type("d", "dis")).toEqual(["deleted: 0 breakpoints", "disabled: 0 breakpoints"]);
  expect(await type("re", "fo", "stpe", "§", "step x")).toEqual([
    "! re could be restart, reverse-next, reverse-continue, ready; write more of it",
    "! there is no command fo; help lists them",
    "! there is no command stpe; did you mean step?",
    "! § is no command; help lists them",
    "! how many: x is not a whole number",
  ]);
});

test("an empty line repeats what moves, and nothing else", async () => {
  const { type, session } = await shell();
  await type("step 2", "", "");
  expect(session.at.step).toBe(6);
  await type("back 2", "");
  expect(session.at.step).toBe(2);
  await type("goto 9", "", "# step", "  # step");
  expect(session.at.step).toBe(9);
  expect(await type("ps", "")).toHaveLength(3);
});

test("it goes on and back, and says where nothing more is", async () => {
  const { type, session } = await shell();
  expect((await type("next"))[0]).toMatch(/^step 1 /);
  expect((await type("next"))[0]).toMatch(/^step 3 /);
  expect((await type("task 2", "next"))[1]).toMatch(/^step 4 .*task 2 "t2"/);
  expect((await type("next 3"))[4]).toMatch(/^step 10 /);
  expect((await type("reverse-next"))[0]).toMatch(/^step 8 .*task 2/);
  expect(await type("continue")).toEqual([
    'step 20 (20 ms) task 2 "t2" write(), at prog.ts:20 [the end]',
    "> 20  line 20",
    "the program has ended; back, goto and reverse-continue look at its past, restart runs it anew",
  ]);
  expect(await type("step", "next", "c", "u x", "fin")).toEqual(
    Array(5).fill(
      "! the program has ended; back, goto and reverse-continue go back, restart begins again",
    ),
  );
  expect((await type("reverse-continue"))[0]).toBe("step 0 (0 ms) nothing has run yet");
  expect(await type("back", "rn", "rc")).toEqual(Array(3).fill("! this is the beginning"));
  expect(await type("goto", "goto x", "until", "run-to x", "who")).toEqual([
    "! goto which step? goto 0 is the beginning",
    "! goto: x is not a whole number",
    "! until what? for example: until balance < 0",
    "! a time is a number of milliseconds: run-to 500",
    "! who changed what? for example: who balance",
  ]);
  expect(session.live).toBe(false);
  expect((await type("who x"))[0]).toBe("x has not changed since it is there");
});

test("breakpoints are set, listed, let rest and deleted by number", async () => {
  const { type } = await shell();
  expect(await type("b writ", "tb write if 1", "b exit")).toEqual([
    "breakpoint 1: call writ (no call of genix's has that name; did you mean write?)",
    "breakpoint 2: call write if 1",
    "breakpoint 3: exit",
  ]);
  expect((await type("c"))[0]).toBe(
    'step 5 (5 ms) task 1 "t1" write(), at prog.ts:5 [breakpoint 2: call write if 1]',
  );
  expect(await type("b task 2", "disable 1", "ignore 3 2", "condition 4 x > 1", "info b")).toEqual([
    "breakpoint 4: task 2",
    "breakpoint 3 will pass 2 times",
    "N  IS   HITS  WHAT",
    "1  off  0     call writ",
    "3  on   0     exit (passes 2 more)",
    "4  on   0     task 2 if x > 1",
  ]);
  expect(await type("delete 7", "delete 1 3", "d", "i b", "ignore 9", "ignore 9 1")).toEqual([
    "! there is no breakpoint 7; info breakpoints lists them",
    "deleted: 1 breakpoint",
    "there are no breakpoints",
    "! write a breakpoint's number and how often: ignore 1 3",
    "! there is no breakpoint 9; info breakpoints lists them",
  ]);
});

test("a breakpoint on a task that there is not, so far, says so: it may be a slip", async () => {
  const { type } = await shell();
  expect(await type("b task t1", "b task 1", "b task t9", "tb task 3", "b task writer")).toEqual([
    "breakpoint 1: task t1",
    "breakpoint 2: task 1",
    "breakpoint 3: task t9 (there is no such task so far; did you mean t1?)",
    "breakpoint 4: task 3 (there is no such task so far)",
    "breakpoint 5: task writer (there is no such task so far)",
  ]);
});

test("the length of a queue is watched by its name, also one that reads like an expression", async () => {
  const { type } = await shell();
  expect(
    await type("watch queue jobs", 'watch queue "the jobs" if $pid == 2', "watch queue.x"),
  ).toEqual([
    "breakpoint 1: watch queue jobs",
    "breakpoint 2: watch queue the jobs if $pid == 2",
    "breakpoint 3: watch queue.x (now true)",
  ]);
  expect(await type("step 5", "who queue jobs")).toContain(
    "queue jobs has not changed since it is there",
  );
});

test("an answer has so many lines, and says how many more there are", async () => {
  const { type } = await shell();
  expect(await type("limit", "limit 2", "limit x")).toEqual([
    "200 lines",
    "! how many lines: x is not a whole number",
  ]);
  const [heading, first, more] = await type("ps");
  expect([heading, first]).toEqual([expect.stringMatching(/PID/), expect.stringMatching(/t1/)]);
  expect(more).toBe("… 1 more line; limit 0 shows all");
  await type("limit 1");
  const all = await type("where all");
  expect([all[0], all.at(-1)]).toEqual(['task 1 "t1" ready', "… 1 more task; limit 0 shows all"]);
  expect(await type("limit 0", "limit", "ps")).toHaveLength(4);
});

test("values are shown with what is inside, and frames are chosen", async () => {
  const { type } = await shell();
  await type("step 9");
  expect(await type("p x")).toEqual(["true"]);
  expect(await type("locals")).toEqual(["  x = […]", "    0 = 1"]);
  expect(await type("where")).toEqual([
    'task 1 "t1" ready',
    "> #0  inner (prog.ts:9)",
    "  #1  outer (prog.ts:2)",
  ]);
  expect(await type("up", "up", "down", "down")).toEqual([
    "#1  outer (prog.ts:2)",
    "> 2  line 2",
    "! the outermost is #1; where lists them",
    "#0  inner (prog.ts:9)",
    "> 9  line 9",
    "! this is the innermost frame; where lists them",
  ]);
  expect(await type("assert yes", "assert no", "assert")).toEqual([
    "! it is not true that no",
    "! assert what? for example: assert balance === 100",
  ]);
  await expect(type("print nope")).rejects.toThrow("nope is not defined");
});

test("before the first step the source is the program's, and no line of it is marked", async () => {
  const init = { name: "init", file: "/genix/init.ts", line: 9, column: 1, own: false };
  jest.spyOn(FakeWorld.prototype, "frames").mockResolvedValue([init]);
  const { type } = await shell();
  const listed = await type("list", "list 14,15");
  expect([listed[0], ...listed.slice(11)]).toEqual([
    "   1  line 1",
    "  14  line 14",
    "  15  line 15",
  ]);
  const pane = await type("layout source", "goto 0");
  expect(pane.slice(1, 3)).toEqual(["  1  line 1", "  2  line 2"]);
});

test("the source is listed around the yield, and on and on", async () => {
  const { type } = await shell();
  await type("step 9");
  const pane = await type("list");
  expect([pane.length, pane[0], pane[5]]).toEqual([11, "   4  line 4", ">  9  line 9"]);
  expect((await type(""))[0]).toBe("  15  line 15");
  expect((await type("list prog.ts:3"))[2]).toBe("   3  line 3");
  expect(await type("list x", "list nope.ts:1", "list 99")).toEqual([
    "! x is no line; write 12, or 10,20, or prog.ts:12",
    "! there is no file nope.ts",
    "! prog.ts has 30 lines",
  ]);
});

test("a hand is taken in the present only", async () => {
  const { type, sent } = await shell();
  await type("step 5");
  expect(await type("signal 2 sigterm", 'tell t1 "hello there"', "choose 2")).toEqual([
    'sent TERM to task 2 "t2"',
    'told task 1 "t1"',
    'task 2 "t2" runs next',
  ]);
  expect(sent()).toEqual(["TERM 2", '"hello there" 1', "choose 2"]);
  expect(await type("signal 2 trem", "signal", "tell 2", "choose", "choose 7")).toEqual([
    "! there is no signal trem; did you mean TERM?",
    "! write a task and a signal: signal 3 TERM",
    '! write a task and a message: tell 3 "hello"',
    "! choose which task? ready lists them",
    "! there is no task 7; ps lists them",
  ]);
  expect((await type("back", "signal 2 TERM"))[2]).toBe(
    "! signals can be sent only in the present: this is the past; goto 5 leads there",
  );
});

test("where panes have a place of their own they are kept there, and follow what is selected", async () => {
  const pinned: string[][] = [];
  const pin: ShellHost["pin"] = (panes) => {
    pinned.push(panes.map(({ title, lines, focus }) => `${title}: ${lines[focus] ?? ""}`));
  };
  const { type } = await shell(steps, { pin });
  expect(await type("step", "ps")).toHaveLength(5);
  expect(pinned).toEqual([]);
  expect(await type("layout source tasks", "step", "task 1", "layout off", "step")).toHaveLength(5);
  expect(pinned).toEqual([
    ["prog.ts: >  1  line 1", expect.stringMatching(/^tasks: \* +1 /)],
    ["prog.ts: >  2  line 2", expect.stringMatching(/^tasks: \* +2 /)],
    ["prog.ts: >  2  line 2", expect.stringMatching(/^tasks: \* +1 /)],
    [],
  ]);
});

test("panes are shown after each stop until they are off", async () => {
  const { type } = await shell();
  expect(await type("layout", "layout nope")).toEqual([
    "layout off; there is source, tasks, queues, timeline, all, and off",
    "! there is no pane nope; there is source, tasks, queues, timeline",
  ]);
  const lines = await type("layout so ta", "step");
  expect(lines.slice(2, 4)).toEqual(["> 1  line 1", "  2  line 2"]);
  expect(lines.at(-1)).toMatch(/^ +2 +t2/);
  expect(await type("layout off", "step")).toHaveLength(2);
  expect((await type("layout timeline", "step")).slice(2)).toEqual([
    "1 t1  █ █",
    "2 t2   █",
    "step  |1",
    "█ running",
  ]);
  expect((await type("layout off", "step 15", "timeline 12")).slice(2)).toEqual([
    "1 t1  █ █ █ █ █ █",
    "2 t2   █ █ █ █ █ █",
    "step  |7 |10",
    "█ running",
  ]);
  expect(await type("timeline 0", "timeline x")).toEqual([
    "! how many steps? for example: timeline 40",
    "! how many steps: x is not a whole number",
  ]);
});

test("help tells of all commands, and of each", async () => {
  const { type, shell: made } = await shell();
  const all = (await type("?")).join("\n");
  for (const { name, does } of made.commands) {
    expect(all).toContain(name);
    expect(does).toMatch(/^[a-z]/);
    expect((await type(`help ${name}`))[1]).toContain(does);
  }
  expect((await type("help b")).join("\n")).toContain("break queue ready > 3");
  expect(await type("help nope")).toEqual(["! there is no command nope; help lists them"]);
});

test("help breaks its lines between words at a terminal, and keeps its columns", async () => {
  const { type } = await shell(steps, { columns: () => 80 });
  const { type: plainly } = await shell();
  const words = (lines: readonly string[]) => lines.join(" ").split(/\s+/);
  for (const line of ["help", "help break", "help who"]) {
    const lines = [...(await type(line))];
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(words(lines)).toEqual(words(await plainly(line)));
  }
  const lines = await type("help");
  const next = lines[lines.findIndex((line) => line.startsWith("  next, n")) + 1];
  expect(next).toMatch(/^ {37}\S/);
});

test("the line at the prompt can be completed", async () => {
  const { shell: made } = await shell();
  expect(await complete(made, "rev")).toEqual([["reverse-continue", "reverse-next"], "rev"]);
  expect(await complete(made, "break task ")).toEqual([["1", "2", "t1", "t2"], ""]);
  expect((await complete(made, "b "))[0]).toEqual(expect.arrayContaining(["deadlock", "sleep"]));
  expect(await complete(made, "break on ")).toEqual([["jobs"], ""]);
  expect(await complete(made, "break queue ")).toEqual([["jobs", "ready"], ""]);
  expect(await complete(made, "signal 1 US")).toEqual([["USR1", "USR2"], "US"]);
  expect((await complete(made, "p "))[0]).toContain("x");
  expect(await complete(made, "nope x")).toEqual([[], "x"]);
});

test("a breakpoint on a function of the program is told what to name instead", async () => {
  const { type } = await shell();
  expect(await type("b transfer")).toEqual([
    "breakpoint 1: call transfer (no call of genix's has that name; for a function of yours name a line: break 12)",
  ]);
});

test.each([
  ["rsi", "! there is no command rsi: there is nothing smaller than a step: back, reverse-next"],
  ["when", "! there is no command when: each stop begins with its step"],
  ["run", "! there is no command run: continue starts the program; restart runs it anew"],
  ["si", "! there is no command si: there is nothing smaller than a step: step, next"],
  ["set var x = 3", "! there is no command set: a program can only be looked at; signal, tell"],
  ["p/x 255", "! p has no formats; in JavaScript: print (255).toString(16)"],
  ["x/4x 255", "! x has no formats"],
  ["until 12", "! to a line it goes with tbreak 12, and continue"],
  ["until prog.ts:12", "! to a line it goes with tbreak prog.ts:12, and continue"],
  ["help breakpoints", "! there is no command breakpoints: help break tells where to stop"],
  ["i threads", "  PID  TASK"],
  ["thread 2", "task 2"],
  ["save breakpoints b.txt", "! save keeps the run; write break commands to a file"],
  ["info registers", "! info what? there is breakpoints, program, tasks, threads, stack, frame"],
])("who knows gdb is told what to use: %s", async (typed, told) => {
  const { type } = await shell();
  expect((await type("step 4", "limit 50", typed))[2]?.slice(0, told.length)).toBe(told);
});

test("a word of a million letters is like no command, and not given back in full", async () => {
  const { type } = await shell();
  const [answer = ""] = await type("x".repeat(1_000_000));
  expect(answer).toMatch(/^! there is no command x+ … x+; help lists them$/);
  expect(answer.length).toBeLessThan(500);
});

test("displays are shown at each stop, by their numbers, also where they have no value", async () => {
  const { type } = await shell();
  expect(await type("display")).toEqual(["! display what? display balance"]);
  const shown = (lines: readonly string[]) => lines.filter((line) => /^\d: /.test(line));
  const [now = ""] = shown(await type("step", "display balance"));
  expect(now).toMatch(/^1: balance = /);
  await type("display gone");
  expect(shown(await type("step"))).toHaveLength(2);
  expect(shown(await type("undisplay 1", "step"))).toHaveLength(1);
  expect(await type("undisplay 7")).toEqual(["! there is no display 7; display lists them"]);
  expect(shown(await type("undisplay", "back"))).toEqual([]);
});

test("several breakpoints are named by a range, and by gdb's word for them", async () => {
  const { session, type } = await shell();
  await type("b task 1", "b task 2", "b sleep", "b write", "delete 2-3", "disable breakpoints 1");
  expect(session.breakpoints.map(({ id, enabled }) => [id, enabled])).toEqual([
    [1, false],
    [4, true],
  ]);
  expect(await type("delete 5-9")).toEqual([
    "! there is no breakpoint 5-9; info breakpoints lists them",
  ]);
});

test("until refuses what is no expression before it goes anywhere", async () => {
  const { shell: made, session, type } = await shell();
  await type("step");
  await expect(made.execute("until x >")).rejects.toThrow("the condition x > is no expression");
  expect(session.at.step).toBe(1);
});

test("the source goes on where it was left, also where it began at its first line", async () => {
  const { type } = await shell();
  const numbers = (lines: readonly string[]) => lines.map((line) => Number(line.slice(1, 5)));
  expect(numbers(await type("list prog.ts:3"))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(numbers(await type("list"))[0]).toBe(12);
  expect(numbers(await type("l prog.ts:4,6", "l 7,8"))).toEqual([4, 5, 6, 7, 8]);
});

test("a file of commands is done, and the recording saved", async () => {
  const { type, session, saved } = await shell();
  await type("source two.txt", "save run.jsonl", "waits a.svg");
  expect([session.at.step, saved]).toEqual([2, ["run.jsonl", "a.svg: <svg"]]);
  expect(await type("waits")).toEqual(["after step 2, at 2 ms: nobody waits for anybody"]);
  expect(await type("source", "save")).toEqual([
    "! source which file?",
    "! save as which file? for example: save run.jsonl",
  ]);
});

test("a file of commands that does itself is refused, and not done for ever", async () => {
  const script = (file: string) => (file === "loop.txt" ? ["step", "source loop.txt"] : ["step"]);
  const { type, session } = await shell(steps, { script });
  expect((await type("source loop.txt")).at(-1)).toMatch(/^! source loop.txt: .* for ever$/);
  expect(session.at.step).toBe(10);
  expect((await type("source one.txt")).at(-1)).toBe("> 11  line 11");
});

test("who waits for whom is worked out for waits alone, and at no stop", async () => {
  const { session, type } = await shell();
  const waits = jest.spyOn(session.world, "waits");
  await type(
    "layout tasks queues source",
    "step",
    "ps",
    "queues",
    "where all",
    "task 2",
    "info program",
  );
  expect(waits).not.toHaveBeenCalled();
  await type("waits");
  expect(waits).toHaveBeenCalledTimes(1);
});

test("ps lists more tasks than a call can have arguments", async () => {
  const { session, type } = await shell();
  const look = await session.world.look();
  const [first] = look.tasks;
  const tasks = Array.from({ length: 150_000 }, (_, i) => ({ ...first!, pid: i + 1 }));
  session.world.look = () => Promise.resolve({ ...look, tasks });
  const lines = await type("ps");
  expect(lines).toHaveLength(201);
  expect(lines.at(-1)).toBe("… 149801 more lines; limit 0 shows all");
});

test("a replay that took another way shows both sides", () => {
  const reason = { kind: "diverged", recorded: "sleep(5)", replayed: "write(1)" } as const;
  const phrasing = { paint: plain, shown: String, taskText: String, breakpoints: [] };
  expect(stopLines({ step: 7, time: 1.26, reason, last: null }, phrasing)).toEqual([
    "step 7 (1.3 ms) nothing has run yet [the replay took another way than its recording]",
    "  recorded: sleep(5)",
    "  replayed: write(1)",
  ]);
});

test("tasks are listed below their parents, deep stacks without their middle", () => {
  const task = (pid: number, ppid: number, name: string) => ({
    ...{ pid, ppid, name, state: "ready" as const, daemon: pid === 4, group: 1, depth: 1 },
    ...{ call: undefined, waitsFor: undefined, deadline: undefined, expires: undefined },
    ...{ steps: 0, cpuTime: 0, descriptors: [], locks: [], status: undefined },
  });
  const tasks = [
    task(1, 0, "init"),
    task(2, 1, "a"),
    task(3, 1, "b"),
    task(4, 2, ""),
    task(9, 8, "c"),
  ];
  expect(psTree(tasks, 3)).toEqual([
    "  PID  TASK   STATE           STEPS  IN",
    "    1  init   ready           0",
    "    2    a    ready           0",
    "    4      -  ready (daemon)  0",
    "*   3    b    ready           0",
    "    9  c      ready           0",
  ]);
  // One long name does not push all states out of sight.
  const long = psTree([task(1, 0, "init"), task(2, 1, "x".repeat(200))], 1);
  expect(long[0]?.indexOf("STATE")).toBe("  PID  ".length + 2 + 32 + 2);
  expect(long[2]).toContain(`${"x".repeat(31)}…  ready`);
  const frames = Array.from({ length: 100 }, (_, line) => ({
    name: "",
    file: "f",
    line,
    column: 1,
    own: true,
  }));
  const lines = frameLines(frames, 0, String, plain);
  expect([lines.length, lines[0], lines[24]]).toEqual([
    33,
    "> #0  (anonymous) (f:0)",
    "  … 68 more frames",
  ]);
});

test("what was probably meant is like what was typed", () => {
  expect(nearest("contineu", ["continue", "condition"])).toBe("continue");
  expect(nearest("xyzzy", ["step", "next"])).toBe(undefined);
  expect(nearest("anything", [])).toBe(undefined);
});

test("where all asks for all stacks at once, and not for those of the dead", async () => {
  const { session, type } = await shell();
  const { world } = session;
  const look = await world.look();
  const tasks = look.tasks.map((task) => (task.pid === 2 ? task : { ...task, pid: 7 }));
  const [dead] = tasks.map((task) => ({ ...task, pid: 9, state: "zombie" as const }));
  world.look = () => Promise.resolve({ ...look, tasks: [...tasks, dead!] });
  const asked: number[] = [];
  const pause = new Promise((resolve) => setImmediate(resolve));
  world.frames = async (pid) => {
    asked.push(pid);
    await pause;
    return [
      { name: `asked ${asked.join(" ")}`, file: "/home/prog.ts", line: 1, column: 1, own: true },
    ];
  };
  const lines = await type("where all");
  expect(lines.filter((line) => /asked/.test(line))).toEqual([
    expect.stringContaining("asked 7 2 (prog.ts:1)"),
    expect.stringContaining("asked 7 2 (prog.ts:1)"),
  ]);
  expect(lines.at(-1)).toMatch(/^task 9 .*zombie/);
});
