// The Chrome trace: checked by the engine of Chrome's own performance panel, and by rules of ours
// over random programs.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "../helpers/chance";
import { traceLines, traceOf, type TraceEvent } from "../../debugger/pictures/trace-events";
import type { Story } from "../../debugger/story";
import { Channel, sleep, spawn, wait } from "../../syscalls";
import type { Program } from "../../syscalls";
import { Mutex } from "../../tasks";
import { program, scripts } from "../helpers/random-program";
import { storyOf } from "../helpers/story";

function* shop(): Program<void> {
  const orders = new Channel<string>(1, { name: "orders" });
  const oven = new Mutex("oven");
  function* baker(): Program<void> {
    for (let i = 0; i < 2; i++) {
      yield* orders.receive();
      yield* oven.lock();
      yield* sleep(5);
      yield* oven.unlock();
    }
  }
  const bakers = [yield* spawn(baker(), { name: "anna" }), yield* spawn(baker(), { name: "bert" })];
  for (const order of ["bread", "rolls", "cake", "pie"]) yield* orders.send(order);
  for (const pid of bakers) yield* wait(pid);
}

interface Engine {
  readonly threads: readonly { tid: number; name: string; entries: number; depth: number }[];
  readonly flows: readonly (readonly { tid: number; ts: number; name: string }[])[];
}

/** What the engine of DevTools makes of the trace of `story`. */
function devTools(story: Story): Engine {
  const folder = mkdtempSync(join(tmpdir(), "genix-"));
  const file = join(folder, "trace.json");
  try {
    writeFileSync(file, [...traceLines(story)].join(""));
    const engine = join(__dirname, "../helpers/trace-engine.js");
    return JSON.parse(
      execFileSync(process.execPath, [engine, file], { encoding: "utf8" }),
    ) as Engine;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is wrong with a trace; nothing, if it is sound. */
function faultsOf(events: readonly TraceEvent[]): string[] {
  const faults: string[] = [];
  const slices = events.filter(({ ph }) => ph === "X");
  const timed = events.filter(({ ph }) => ph !== "M");
  timed.forEach(({ ts }, i) => {
    if (ts < (timed[i - 1]?.ts ?? 0)) faults.push(`time runs back to ${ts}`);
  });
  for (const phase of ["X", "T"]) faults.push(...overlaps(events.filter(({ ph }) => ph === phase)));
  const open = new Map<number | undefined, TraceEvent>();
  for (const event of events.filter(({ ph }) => ph === "s" || ph === "f")) {
    const bound = slices.some(({ ts, tid, pid, cat }) => {
      return ts === event.ts && tid === event.tid && pid === event.pid && cat === event.cat;
    });
    if (!bound) faults.push(`the flow ${JSON.stringify(event)} is bound to no slice`);
    if (event.ph === "s") open.set(event.id, event);
    else if (!open.delete(event.id)) faults.push(`the flow ${event.id} ends and did not start`);
  }
  for (const id of open.keys()) faults.push(`the flow ${id} has no end`);
  return faults;
}

/** Events of one thread are one after the other: they nest, at depth one. */
function overlaps(events: readonly TraceEvent[]): string[] {
  const ends = new Map<number, number>();
  return events.flatMap(({ tid, ts, dur = 0, name }) => {
    const end = ends.get(tid) ?? 0;
    ends.set(tid, ts + dur);
    // Ends are sums of numbers with three decimals.
    return ts < end - 1e-4 ? [`${name} of ${tid} begins at ${ts}, before ${end}`] : [];
  });
}

test("the engine of Chrome's DevTools finds every task as a named thread, and every arrow", () => {
  const story = storyOf(shop);
  const { threads, flows } = devTools(story);
  expect(threads.map(({ tid, name, depth }) => [tid, name, depth])).toEqual([
    [1, "1 init", 1],
    [2, "2 main", 1],
    [3, "3 anna", 1],
    [4, "4 bert", 1],
  ]);
  const slices = traceOf(story).filter(({ ph }) => ph === "X");
  for (const { tid, entries } of threads) {
    expect(entries).toBe(slices.filter((slice) => slice.tid === tid).length);
  }
  const starts = traceOf(story).filter(({ ph }) => ph === "s");
  expect(flows.length).toBe(starts.length);
  // An arrow leads from the step that made or woke a task to that task's next step.
  expect(flows.map((flow) => flow.map(({ tid, name }) => `${tid} ${name}`).join(" -> "))).toContain(
    "3 unlock oven -> 4 sleep",
  );
});

test("names that are markup, quotes or a novel arrive in DevTools as they are", () => {
  const name = `<b>&"'\n${"x".repeat(10_000)}`;
  const story = storyOf(function* () {
    yield* spawn(function* () {}, { name });
    yield* wait();
  });
  expect(devTools(story).threads.map((thread) => thread.name)).toContain(`3 ${name}`);
});

test("a wait is a slice with its reason, and a thread state that Perfetto knows", () => {
  const events = traceOf(storyOf(shop));
  const wait = events.find(({ name }) => name.startsWith("blocked: the lock oven"));
  expect(wait).toMatchObject({
    ...{ ph: "X", cat: "blocked", tid: 4 },
    args: { kind: "lock", object: "oven", reason: 'the lock oven, held by task 3 "anna"' },
  });
  const states = events.filter(({ ph, tid }) => ph === "T" && tid === 4);
  expect(new Set(states.map(({ name }) => name))).toEqual(new Set(["R", "Running", "S"]));
  expect(states.find(({ ts }) => ts === wait?.ts)).toMatchObject({
    ...{ name: "S", dur: wait?.dur },
    args: { blocked_function: 'the lock oven, held by task 3 "anna"' },
  });
});

test("the length of the ready queue is a counter", () => {
  const story = storyOf(shop);
  const counts = traceOf(story).filter(({ ph }) => ph === "C");
  expect(counts.map(({ args }) => args?.["tasks"])).toEqual(story.steps.map(({ ready }) => ready));
});

test("steps of one moment share it: a thousand of them do not reach into the next millisecond", () => {
  const story = storyOf(function* () {
    yield* sleep(1);
    for (let i = 0; i < 1000; i++) yield* sleep(0);
    yield* sleep(1);
  });
  const late = traceOf(story).find(({ ph, args }) => ph === "X" && args?.["time"] === 2);
  expect(late?.ts).toBeCloseTo(2000, 3);
});

test("in random programs slices nest, arrows have both ends, time never runs back", () => {
  fc.assert(
    fc.property(scripts, fc.nat(), (script, seed) => {
      const story = storyOf(program(script), { seed, shuffle: seed % 2 === 0 });
      expect(faultsOf(traceOf(story))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("the rules of the last test see what is broken", () => {
  const sound = traceOf(storyOf(shop));
  const without = (phase: string) => sound.filter(({ ph }, i) => ph !== phase || i % 2 === 0);
  expect(faultsOf(sound)).toEqual([]);
  expect(faultsOf([...sound].reverse())).not.toEqual([]);
  expect(faultsOf(without("f"))).not.toEqual([]);
  expect(
    faultsOf(sound.map((event) => (event.ph === "X" ? { ...event, dur: 1e6 } : event))),
  ).not.toEqual([]);
  expect(
    faultsOf(sound.map((event) => (event.ph === "f" ? { ...event, cat: "x" } : event))),
  ).not.toEqual([]);
});
