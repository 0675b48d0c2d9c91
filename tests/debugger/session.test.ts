// Sessions over worlds that are lists of steps: going back and forth, and what is shown meanwhile.

import { Breakpoints } from "../../cli/debug/breakpoints";
import { ReplayPool } from "../../cli/debug/replay-pool";
import { openSession } from "../../cli/debug/session";
import { OutputFilter } from "../../cli/debug/output-filter";
import type { Session, Stop } from "../../debugger";
import { FakeWorld, type FakeStep } from "../helpers/fake-world";
import { Scripts } from "../machine/scripts";

/** Task 1 and 2 in turns, 3 now and then; each prints its step's number. */
const steps: readonly FakeStep[] = Array.from({ length: 1000 }, (_, i) => ({
  pid: i % 100 === 41 ? 3 : 1 + (i % 2),
  call: i === 743 ? "rare" : i % 10 === 0 ? "write" : "sleep",
  print: `${i + 1} `,
}));

interface Opened {
  readonly session: Session;
  readonly shown: () => string;
  readonly again: () => string;
  readonly worlds: FakeWorld[];
}

async function open({
  alive = true,
  deadly = Infinity,
  deadlyAgain = Infinity,
} = {}): Promise<Opened> {
  const worlds: FakeWorld[] = [];
  let [shown, again] = ["", ""];
  let present: FakeWorld | null = null;
  const keep = (world: FakeWorld): Promise<FakeWorld> => {
    worlds.push(world);
    return Promise.resolve(world);
  };
  const session = await openSession(
    {
      present: !alive ? null : (print) => keep((present = new FakeWorld(steps, print, deadly))),
      // The recording is as long as what the program has done so far.
      past: (print) => keep(new FakeWorld(steps.slice(0, present?.step), print, deadlyAgain)),
    },
    (text, _stream, replayed) => (replayed ? (again += text) : (shown += text)),
  );
  return { session, shown: () => shown, again: () => again, worlds };
}

const place = ({ step, reason }: Stop): string => `${step} ${reason.kind}`;

test("a step back is a replay up to the step before, and forwards again is the present", async () => {
  const { session } = await open();
  expect(session.live).toBe(true);
  expect(place(await session.run({ step: 500 }))).toBe("500 goal");
  expect(place(await session.goTo(499))).toBe("499 goal");
  expect([session.live, session.known]).toEqual([false, 500]);
  expect(place(await session.goTo(498))).toBe("498 goal");
  expect(place(await session.run({ step: 499 }))).toBe("499 goal");
  expect(place(await session.run({ step: 500 }))).toBe("500 goal");
  expect(session.live).toBe(true);
  expect(place(await session.run({}))).toBe("1000 end");
  expect(place(await session.goTo(3))).toBe("3 goal");
  expect(place(await session.goTo(1000))).toBe("1000 end");
  await session.end();
});

test("a world of the past that was ended from outside is replaced by another", async () => {
  const { session, worlds } = await open();
  await session.run({ step: 500 });
  expect(place(await session.goTo(300))).toBe("300 goal");
  await new Promise((resolve) => setImmediate(resolve));
  for (const world of worlds.slice(1)) world.ended = true;
  expect(place(await session.run({ step: 310 }))).toBe("310 goal");
  await new Promise((resolve) => setImmediate(resolve));
  for (const world of worlds.slice(1)) world.ended = true;
  expect(place(await session.goTo(299))).toBe("299 goal");
  await session.end();
});

test("a world that fails on its way into store is ended", async () => {
  const worlds: FakeWorld[] = [];
  const past = new ReplayPool(() => {
    const world = new FakeWorld(steps, () => {});
    if (worlds.push(world) > 1) world.run = () => Promise.reject(new Error("no way there"));
    return Promise.resolve(world);
  });
  await past.at(3, 10);
  await new Promise((resolve) => setImmediate(resolve));
  expect(worlds.map(({ ended }) => ended)).toEqual([false, true]);
  await past.end();
});

test("what runs on from the past goes over into the present", async () => {
  const { session } = await open();
  await session.run({ step: 60 });
  await session.goTo(10);
  expect(place(await session.run({ task: 3 }))).toBe("42 goal");
  expect(session.live).toBe(false);
  expect(place(await session.run({ task: 3 }))).toBe("142 goal");
  expect(session.live).toBe(true);
  await session.end();
});

test("a replay of a shorter recording is replaced where that ends", async () => {
  const { session } = await open();
  await session.run({ step: 60 });
  await session.goTo(20);
  await session.goTo(60);
  await session.run({ step: 300 });
  await session.goTo(20);
  expect(place(await session.run({ task: 3 }))).toBe("42 goal");
  expect(place(await session.run({ task: 3 }))).toBe("142 goal");
  expect(session.live).toBe(false);
  await session.end();
});

test("backwards it stops where a breakpoint or the task would have, else at the start", async () => {
  const { session } = await open();
  await session.run({ step: 1000 });
  expect(place(await session.runBack({ task: 3 }))).toBe("942 goal");
  expect(place(await session.runBack({ task: 3 }))).toBe("842 goal");
  await session.addBreakpoint({ on: "call", call: "write" });
  expect(place(await session.runBack({}))).toBe("841 breakpoint");
  expect(place(await session.runBack({}))).toBe("831 breakpoint");
  session.changeBreakpoint(1, { enabled: false });
  expect(place(await session.runBack({}))).toBe("0 goal");
  await session.end();
});

test("a way back that is interrupted stays where it is and says so, and the next is not held up", async () => {
  const { session } = await open();
  await session.run({ step: 500 });
  session.interrupt();
  expect(place(await session.runBack({}))).toBe("0 goal");
  await session.run({ step: 500 });
  await session.addBreakpoint({ on: "call", call: "never" });
  const back = session.runBack({});
  session.interrupt();
  expect(place(await back)).toBe("500 interrupted");
  expect(place(await session.runBack({}))).toBe("0 goal");
  await session.end();
});

test("a world kept in store is not asked for what its recording did not have yet", async () => {
  const { session } = await open();
  await session.run({ step: 60 });
  await session.goTo(20);
  await new Promise(setImmediate);
  await session.goTo(60);
  await session.run({ step: 300 });
  expect(place(await session.goTo(200))).toBe("200 goal");
  await session.end();
});

test("nor is it searched for what that did not have", async () => {
  const { session } = await open();
  await session.run({ step: 60 });
  await session.goTo(20);
  await new Promise(setImmediate);
  await session.goTo(60);
  await session.run({ step: 300 });
  expect(place(await session.runBack({ task: 3 }))).toBe("242 goal");
  await session.end();
});

test("where something was last is found however long ago, and nothing moves if it never was", async () => {
  const { session } = await open();
  await session.run({ step: 999 });
  await session.addBreakpoint({ on: "call", call: "write" });
  await session.goTo(940);
  expect(place((await session.lastOf({ on: "task", task: 3 })) as Stop)).toBe("842 breakpoint");
  await session.goTo(1000);
  expect(place((await session.lastOf({ on: "call", call: "rare" })) as Stop)).toBe(
    "744 breakpoint",
  );
  await session.goTo(41);
  expect(await session.lastOf({ on: "task", task: 3 })).toBe(null);
  expect(session.at.step).toBe(41);
  await session.end();
});

test("breakpoints stop runs, count their hits, rest and are deleted", async () => {
  const { session } = await open();
  const { breakpoint } = await session.addBreakpoint({ on: "task", task: 3 });
  expect(place(await session.run({}))).toBe("42 breakpoint");
  expect(place(await session.run({}))).toBe("142 breakpoint");
  expect(session.breakpoints).toMatchObject([{ id: 1, hits: 2, enabled: true }]);
  session.changeBreakpoint(breakpoint.id, { enabled: false, condition: "x" });
  expect(session.breakpoints).toMatchObject([{ condition: "x", enabled: false }]);
  session.changeBreakpoint(breakpoint.id, { condition: "" });
  expect(session.breakpoints[0]).not.toHaveProperty("condition");
  expect(place(await session.run({ step: 300 }))).toBe("300 goal");
  expect([session.deleteBreakpoint(1), session.deleteBreakpoint(1)]).toEqual([true, false]);
  expect(session.changeBreakpoint(1, {})).toBe(false);
  await session.end();
});

test("a breakpoint lets pass what it is told to, and once more when it is told again", async () => {
  const { session } = await open();
  await session.addBreakpoint({ on: "task", task: 3 }, undefined, 1);
  expect(place(await session.run({}))).toBe("142 breakpoint");
  expect(place(await session.run({}))).toBe("242 breakpoint");
  session.changeBreakpoint(1, { ignore: 2 });
  expect((await session.run({})).reason).toMatchObject({ kind: "breakpoint", id: 1 });
  expect([session.at.step, session.breakpoints[0]]).toMatchObject([542, { hits: 3, ignore: 0 }]);
  expect((await session.runBack({})).reason).toMatchObject({ kind: "breakpoint", id: 1 });
  expect(session.at.step).toBe(442);
  await session.end();
});

test("what was printed is shown once, however often it is executed", async () => {
  const { session, shown, again } = await open();
  await session.run({ step: 5 });
  await session.goTo(2);
  await session.run({ step: 4 });
  await session.run({ step: 7 });
  expect(shown()).toBe("1 2 3 4 5 6 7 ");
  expect(again().startsWith("1 2 ")).toBe(true);
  await session.restart();
  await session.run({ step: 2 });
  expect(shown()).toBe("1 2 3 4 5 6 7 1 2 ");
  await session.end();
});

test("a replay of what the program did prints nothing that the program did not", () => {
  const log: string[] = [];
  const shown = new OutputFilter((text, _, again) => log.push(again ? `again ${text}` : text));
  shown.sink()("Error: x", "stderr");
  shown.sink(true)("Error: x, deeper down", "stderr");
  shown.sink()("Error: x!", "stderr");
  expect(log).toEqual(["Error: x", "again Error: x", "again Error: x", "!"]);
});

test("a recording alone has a past and an end, and prints as if it ran", async () => {
  const { session, shown } = await open({ alive: false });
  expect([session.live, session.known]).toEqual([false, 0]);
  expect(place(await session.run({ step: 3 }))).toBe("3 goal");
  expect(place(await session.goTo(1))).toBe("1 goal");
  expect(place(await session.goTo(4))).toBe("4 goal");
  expect(shown()).toBe("1 2 3 4 ");
  expect(place(await session.run({}))).toBe("1000 end");
  expect(session.live).toBe(false);
  expect(place(await session.goTo(999))).toBe("999 goal");
  expect(place(await session.restart())).toBe("0 goal");
  await session.end();
});

test("of a program whose process is gone the past remains", async () => {
  const { session } = await open({ deadly: 30 });
  await session.run({ step: 10 });
  const stop = await session.run({});
  expect(stop).toMatchObject({ step: 29, reason: { kind: "end", whole: false } });
  expect(session.live).toBe(false);
  expect(place(await session.goTo(28))).toBe("28 goal");
  expect(place(await session.run({}))).toBe("29 end");
  await session.restart();
  expect([session.live, session.at.step]).toEqual([true, 0]);
  await session.end();
});

test("where its last steps end a replay, too, it stands where the program stood before", async () => {
  const { session } = await open({ deadly: 30, deadlyAgain: 20 });
  await session.run({ step: 10 });
  const reason = { kind: "end", text: "the world has ended: exit code 3", whole: false };
  expect(await session.run({})).toMatchObject({ step: 10, reason });
  expect(session.live).toBe(false);
  await session.end();
});

test("a session that has ended leaves no world behind", async () => {
  const { session, worlds } = await open();
  await session.run({ step: 500 });
  await session.goTo(20);
  await session.end();
  expect(worlds.filter(({ ended }) => !ended)).toEqual([]);
});

test("what is not found nearby is looked for further back, and nothing is left out between", async () => {
  const { session } = await open();
  await session.run({});
  // With an expression to evaluate, the last 256 steps are searched first: from 745 to 999.
  await session.addBreakpoint({ on: "call", call: "rare" }, "true");
  expect(place(await session.runBack({}))).toBe("744 breakpoint");
  await session.end();
});

test("what the step has changed where it stands comes first, and is not told twice", async () => {
  const { session } = await open();
  await session.run({ step: 500 });
  const sum = { on: "change", expression: "sum", pid: 1, frame: -1 } as const;
  const told = async (): Promise<string> => {
    const { step, reason } = (await session.lastOf(sum)) as Stop;
    return reason.kind === "change" ? `${step}: ${reason.before} -> ${reason.after}` : reason.kind;
  };
  await session.goTo(42);
  expect(await told()).toBe("42: 41 -> 42");
  expect(await told()).toBe("41: 40 -> 41");
  await session.goTo(41);
  expect(await told()).toBe("41: 40 -> 41");
  await session.end();
});

test("an interrupt ends the search under way, and none that comes later", async () => {
  const { session } = await open();
  await session.run({ step: 500 });
  const searches = [
    () => session.lastOf({ on: "task", task: 3 }),
    () => session.runBack({ task: 3 }),
  ];
  for (const search of searches) {
    const found = search();
    session.interrupt();
    expect(place((await found) as Stop)).toBe("500 interrupted");
  }
  expect(place(await session.runBack({}))).toBe("0 goal");
  await session.end();
});

test("a restart that is interrupted leaves all as it was, and can be tried again", async () => {
  const openings: AbortSignal[] = [];
  const session = await openSession(
    {
      present: (print, signal) => {
        if (openings.push(signal) !== 2) return Promise.resolve(new FakeWorld(steps, print));
        return new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("it was ended")));
        });
      },
      past: (print) => Promise.resolve(new FakeWorld(steps.slice(0, 5), print)),
    },
    () => {},
  );
  await session.run({ step: 5 });
  const again = session.restart();
  await new Promise(setImmediate);
  session.interrupt();
  await expect(again).rejects.toThrow("it was ended");
  session.interrupt();
  expect(place(await session.run({ step: 6 }))).toBe("6 goal");
  expect(place(await session.goTo(2))).toBe("2 goal");
  await session.restart();
  expect(place(await session.run({ step: 3 }))).toBe("3 goal");
  await session.end();
});

test("a condition that is no expression is refused when it is set, in the parser's words", () => {
  const breakpoints = new Breakpoints();
  const set = (condition: string) => breakpoints.add({ on: "exit" }, condition, 0);
  expect(() => set("(((")).toThrow("the condition ((( is no expression: Unexpected token ')'");
  set("$pid === 3 // the clerk");
  expect(() => breakpoints.change(1, { condition: "a b" })).toThrow("a b is no expression");
  expect(breakpoints.all).toMatchObject([{ id: 1, condition: "$pid === 3 // the clerk" }]);
  expect(breakpoints.change(1, { condition: "" })).toBe(true);
});

test("a breakpoint inside a yield of several lines is on that one, in the file as it is now", () => {
  const scripts = new Scripts();
  const body = "function* main() {\n  yield* add(\n    1,\n  );\n  yield* sleep(1);\n}\n";
  const file = scripts.write("prog.js", body);
  const breakpoints = new Breakpoints();
  const add = (line: number): unknown => {
    const { breakpoint, moved } = breakpoints.add({ on: "line", file, line }, undefined, 0);
    return breakpoint.point.on === "line" && [breakpoint.point.line, moved];
  };
  expect([1, 2, 3, 4, 5].map(add)).toEqual([
    ...[[2, true], [2, false], [2, true], [2, true], [5, false]], // prettier-ignore
  ]);
  expect(() => add(6)).toThrow("there is no yield from here on; the last is in line 5");
  scripts.write("prog.js", `\n\n${body}`);
  expect(add(6)).toEqual([4, true]);
  scripts.remove();
  expect(() => add(1)).toThrow(/prog\.js cannot be read$/);
});
