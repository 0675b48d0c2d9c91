// The pure parts of genix top: what is told of a program, in which order, as which text; and keys.

import { Observer, parseQuery, parseReport, plainTable, press, psTable } from "../../debugger";
import { columns, firstView, type Query, type Report, type View } from "../../debugger";
import type { Kernel, TaskInfo } from "../../kernel";
import { Channel, pipe, sleep, spawn, tell, wait, write } from "../../index";
import type { Program } from "../../index";
import { VirtualMachine } from "../../machine";
import { System } from "../../system";

function query(asked: Partial<Query>): Query {
  return { ...firstView, ...asked };
}

/** Runs `main` for so many milliseconds, each step of which takes the next of `costs` of CPU. */
function observe(main: () => Program<unknown>, until: number, costs: readonly number[] = []) {
  const machine = new VirtualMachine();
  const { kernel } = machine;
  let cpu = 0;
  let calls = 0;
  // The kernel reads it at the beginning and at the end of a step.
  kernel.cpuClock = () => (cpu += calls++ % 2 === 0 ? 0 : (costs[(calls >> 1) - 1] ?? 0));
  new System(machine, main, "main");
  const observer = new Observer(kernel, "prog.ts", () => {
    return { heapUsed: 2 ** 20, heapTotal: 2 ** 21, cpu: 0 };
  });
  const viewer = observer.join();
  runUntil(kernel, machine, until);
  return {
    ...{ kernel, machine, observer, viewer },
    look: (asked: Partial<Query> = {}) => viewer.look(query({ sort: "pid", ...asked })),
  };
}

function runUntil(kernel: Kernel, machine: VirtualMachine, time: number): void {
  while (kernel.ready.length > 0 || kernel.timers.next <= time) {
    if (!machine.step()) machine.jump(kernel.timers.next);
  }
}

const names = ({ rows }: Report): string[] => rows.map(({ name }) => name);

function* family(): Program<void> {
  function* child(name: string, ms: number): Program<void> {
    const youngest = yield* spawn(sleeper(ms), { name: `${name}'s child` });
    yield* wait(youngest);
  }
  yield* spawn(child("bob", 100), { name: "bob" });
  yield* spawn(child("ann", 200), { name: "ann" });
  yield* sleep(300);
}

function* sleeper(ms: number): Program<void> {
  yield* sleep(ms);
}

test("a table tells of each task its state, its call and what it waits for", () => {
  const { look } = observe(family, 0);
  expect(plainTable(look(), "pid", false, "process 7").replace(/up .* s/, "up")).toBe(
    `prog.ts (process 7), up
Tasks 6: 0 ready, 6 blocked, 0 stopped, 0 zombie   Ready queue 0   Timers 3   Descriptors 3
Steps 11, 11,000/s   CPU 0.0 %   Heap 1.0 of 2.0 MiB

 PID^  NAME              STATE        STEPS     CPU ms   CPU %  LONGEST ms  FDS  IN
    1  init              blocked          2        0.0     0.0         0.0    3  wait(): a child to exit
    2  main              blocked          3        0.0     0.0         0.0    0  sleep(300): a deadline in 300 ms
    3  bob               blocked          2        0.0     0.0         0.0    0  wait(4): a child to exit
    4  bob's child       blocked          1        0.0     0.0         0.0    0  sleep(100): a deadline in 100 ms
    5  ann               blocked          2        0.0     0.0         0.0    0  wait(6): a child to exit
    6  ann's child       blocked          1        0.0     0.0         0.0    0  sleep(200): a deadline in 200 ms
`,
  );
});

test("numbers are sorted down and words up; in reverse it is the other way round; equals are in the order of pids", () => {
  const { look } = observe(family, 0);
  const byName = ["ann", "ann's child", "bob", "bob's child", "init", "main"];
  expect(names(look({ sort: "name" }))).toEqual(byName);
  expect(names(look({ sort: "name", reverse: true }))).toEqual([...byName].reverse());
  const bySteps = ["main", "init", "bob", "ann", "bob's child", "ann's child"];
  expect(names(look({ sort: "steps" }))).toEqual(bySteps);
  for (const sort of columns) expect(look({ sort }).rows).toHaveLength(6);
});

test("as a tree, children are below their parents, and a filter leaves them their ancestors", () => {
  const { look } = observe(family, 0);
  const tree = look({ tree: true, sort: "name" }).rows.map(({ name, depth }) => [depth, name]);
  expect(tree).toEqual([
    [0, "init"],
    [1, "main"],
    [2, "ann"],
    [3, "ann's child"],
    [2, "bob"],
    [3, "bob's child"],
  ]);
  const filtered = look({ tree: true, filter: "ANN'S sleep" });
  expect(names(filtered)).toEqual(["init", "main", "ann", "ann's child"]);
});

test("every word of a filter is in the name, the state or the call", () => {
  const { look } = observe(family, 150);
  expect(names(look({ filter: "wait blocked" }))).toEqual(["init", "ann"]);
  expect(names(look({ filter: "ZOMB" }))).toEqual(["bob"]);
  expect(look({ filter: "zomb" }).rows[0]?.waits).toBe("exited");
  expect(look({ filter: "nobody" })).toMatchObject({ matching: 0, offset: 0, rows: [] });
});

test("only the page that is asked for is told, and the last page is full", () => {
  const { look } = observe(family, 0);
  expect(look({ offset: 2, limit: 2 })).toMatchObject({ matching: 6, offset: 2 });
  expect(names(look({ offset: 2, limit: 2 }))).toEqual(["bob", "bob's child"]);
  const last = look({ offset: 99, limit: 4 });
  expect([last.offset, names(last)]).toEqual([2, ["bob", "bob's child", "ann", "ann's child"]]);
  const text = plainTable(look({ offset: 1, limit: 2 }), "pid", false, "x");
  expect(text).toContain("… 1 above, 3 below\n");
});

test("the longest step is that of the kernel's CPU clock, and what is shown as 0 is not noted", () => {
  const costs = [0, 0, 7, 0.04, 3];
  const { look } = observe(
    function* main() {
      yield* spawn(sleeper(1), { name: "quick" });
      for (let i = 0; i < 3; i++) yield* sleep(1);
    },
    100,
    costs,
  );
  // Init starts main, main starts quick, init waits, ...
  const longest = look().rows.map(({ longest }) => longest);
  expect(Math.max(...longest)).toBeCloseTo(7);
  const { kernel, observer } = observe(sleeper.bind(null, 9), 0, [0.04, 0.04, 0.04]);
  for (const task of kernel.tasks) expect(observer.longestOf(task)).toBe(0);
});

test("CPU time is in percent of the time since the look before, of which a quick one is none", () => {
  const main = function* main(): Program {
    for (;;) yield* sleep(100);
  };
  const { kernel, machine, look } = observe(main, 1000, new Array<number>(100).fill(10));
  const percent = () => Math.round(look({ sort: "percent" }).rows[0]?.percent ?? 0);
  expect(percent()).toBe(11);
  runUntil(kernel, machine, 2000);
  expect(percent()).toBe(10);
  expect(percent()).toBe(10);
});

test("the queues that hold something are told, messages first, the fullest first", () => {
  const log = new Channel<number>(Infinity, { name: "log" });
  const full = new Channel<number>(1, { name: "full" });
  const empty = new Channel<number>(1, { name: "empty" });
  function* sender(): Program<void> {
    yield* full.send(1);
    yield* full.send(2);
  }
  const { look } = observe(function* main() {
    const [, writer] = yield* pipe();
    yield* write(writer, "hello");
    yield* tell(2, "me");
    yield* tell(2, "me");
    for (let i = 0; i < 3; i++) yield* log.send(i);
    yield* spawn(sender());
    yield* empty.receive();
  }, 0);
  const { queues, waiting } = look();
  const told = queues.map((row) => [
    row.name,
    row.length,
    row.unit,
    row.capacity,
    row.senders,
    row.owner,
  ]);
  expect(told).toEqual([
    ["log", 3, "messages", null, 0, 0],
    ['mailbox of task 2 "main"', 2, "messages", null, 0, 2],
    ["full", 1, "messages", 1, 1, 0],
    ["fd 3 (pipe)", 5, "bytes", null, 0, 2],
  ]);
  expect(look({ queues: 1 })).toMatchObject({ waiting, queues: [{ name: "log" }] });
});

test("an observer that nobody asks has one probe, and one that stops none", () => {
  const { kernel, observer, viewer } = observe(family, 0);
  expect(kernel.probes?.size).toBe(2);
  observer.leave(viewer);
  expect(kernel.probes?.size).toBe(1);
  observer.stop();
  expect(kernel.probes).toBeNull();
});

test("what a terminal would obey is taken out of names", () => {
  const { look } = observe(function* main() {
    yield* spawn(sleeper(9), { name: "evil\x1b[2J\n\x07\u202e" });
    yield* sleep(9);
  }, 0);
  const text = plainTable(look(), "pid", false, "x");
  expect(text).toContain("   3  evil\ufffd\ufffd\ufffd  ");
  // eslint-disable-next-line no-control-regex -- none is there
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
});

test("ps can be asked of more tasks than a call can have arguments, and knows wide characters", () => {
  const task = { ppid: 0, state: "ready", steps: 0, cpuTime: 0, descriptors: [] } as const;
  const infos = Array.from({ length: 200_000 }, (_, i) => ({ ...task, pid: i + 1, name: "one" }));
  const [first = "", second = ""] = psTable([
    { ...infos[0], name: "世界", call: "sleep(1)" },
    { ...infos[1], name: "w123", call: "sleep(2)" },
  ] as unknown as TaskInfo[])
    .split("\n")
    .slice(1);
  expect(first.indexOf("sleep") + 2).toBe(second.indexOf("sleep"));
  expect(psTable(infos as unknown as TaskInfo[]).split("\n")).toHaveLength(200_002);
});

test("columns stand below each other, however wide the characters of a name are", () => {
  const { look } = observe(function* main() {
    yield* spawn(sleeper(9), { name: "工人工人" });
    yield* spawn(sleeper(9), { name: "cafe\u0301 ☕" });
    yield* spawn(sleeper(9), { name: "工".repeat(20) });
    yield* sleep(9);
  }, 0);
  const text = plainTable(look(), "pid", false, "x");
  expect(text).toMatch(/\n {4}3 {2}工人工人 {25}blocked/);
  expect(text).toMatch(/\n {4}4 {2}cafe\u0301 ☕ {26}blocked/);
  expect(text).toMatch(/\n {4}5 {2}工{15}… {2}blocked/);
});

test.each([
  ["no JSON", "a question is one line of JSON"],
  ["null", "a question is an object"],
  ["7", "a question is an object"],
  ['{"sort":"beauty"}', /^sort is one of pid, name/],
  ['{"filter":7}', "filter is a string"],
  ['{"offset":-1}', "offset is a whole number"],
  ['{"limit":1.5}', "limit is a whole number"],
  ['{"queues":"all"}', "queues is a whole number"],
])("%s is no question, and is told so", (line, complaint) => {
  expect(parseQuery(line)).toEqual(expect.stringMatching(complaint));
});

test("what a question leaves out is as usual, and nobody gets more rows than a screen has", () => {
  expect(parseQuery("{}")).toEqual({
    ...{
      sort: "percent",
      reverse: false,
      tree: false,
      filter: "",
      offset: 0,
      limit: 50,
      queues: 5,
    },
  });
  expect(parseQuery('{"limit":1000000,"sort":"pid"}')).toMatchObject({ limit: 1000, sort: "pid" });
});

test.each([
  ["rubbish", "what answers there is no genix program"],
  ['{"genix":2}', "it speaks version 2 of the protocol, this speaks 1"],
  ['{"error":"16 others look at it already"}', "16 others look at it already"],
  ["null", "it speaks version undefined of the protocol, this speaks 1"],
])("%s is no report, and is told so", (line, complaint) => {
  expect(parseReport(line)).toBe(complaint);
});

/** The view after these keys. */
function after(...keys: string[]): View | null {
  let view: View | null = firstView;
  for (const key of keys) view = view === null ? null : press(view, key, 10);
  return view;
}

test("keys sort, reverse, and go from column to column", () => {
  expect(after("n")).toMatchObject({ sort: "name", reverse: false });
  expect(after("n", "r")).toMatchObject({ sort: "name", reverse: true });
  expect(after("n", "r", "c")).toMatchObject({ sort: "cpu", reverse: false });
  expect(after("p", "<")).toMatchObject({ sort: "pid" });
  expect(after("p", ">", ">")).toMatchObject({ sort: "state" });
  expect(after("w", ">")).toMatchObject({ sort: "waits" });
});

test("a filter is typed, corrected, taken or left; letters are no commands meanwhile", () => {
  expect(after("/", "q", "x", "backspace")).toMatchObject({ typed: "q", filter: "" });
  expect(after("/", "q", "return")).toMatchObject({ typed: null, filter: "q" });
  expect(after("/", "q", "return", "/", "x", "escape")).toMatchObject({ typed: null, filter: "q" });
  expect(after("/", "q", "return", "escape")).toMatchObject({ filter: "" });
  expect(after("/", "q", "ctrl-c")).toBeNull();
});

test("keys move by lines and pages, pause, refresh faster and slower, and quit", () => {
  expect(after("down", "pagedown", "up", "up")).toMatchObject({ offset: 9 });
  expect(after("pageup")).toMatchObject({ offset: 0 });
  expect(after("end", "home")).toMatchObject({ offset: 0 });
  expect(after(" ")).toMatchObject({ paused: true });
  expect(after(" ", " ")).toMatchObject({ paused: false });
  expect(after("+", "+")).toMatchObject({ interval: 200 });
  expect(after("+", "-", "-")).toMatchObject({ interval: 2000 });
  expect(after(...new Array<string>(20).fill("+"))).toMatchObject({ interval: 100 });
  expect(after("t", "o")).toMatchObject({ tree: true, output: false });
  expect(after("?", "x")).toMatchObject({ help: false, sort: "percent" });
  expect(after("?", "q")).toBeNull();
  expect(after("q")).toBeNull();
});
