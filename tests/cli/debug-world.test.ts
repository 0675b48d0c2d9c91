// Worlds: real processes, driven as a debugger drives them.

import type * as Worlds from "../../cli/debug/world";
import type { World } from "../../debugger";
import { Workshop } from "./genix";

const shop = new Workshop();
const { openWorld } = shop.load("cli/debug/world") as typeof Worlds;
const worlds: World[] = [];
afterAll(async () => {
  await Promise.all(worlds.map((world) => world.end()));
  shop.remove();
});

interface Opened {
  readonly world: World;
  /** What the program has printed so far. */
  readonly printed: { stdout: string; stderr: string };
}

async function open(
  name: string,
  options: Worlds.LiveOrigin["options"] = { virtual: true },
  more: Partial<Worlds.LiveOrigin> = {},
): Promise<Opened> {
  const printed = { stdout: "", stderr: "" };
  const file = `${shop.folder}/${name}`;
  const world = await openWorld({ file, argv: [], options, ...more }, (text, stream) => {
    printed[stream] += text;
  });
  worlds.push(world);
  return { world, printed };
}

shop.write(
  "two.ts",
  `import { sleep, spawn, stdout, wait, write, type Program } from "genix";

function* worker(name: string, delay: number): Program<number> {
  yield* sleep(delay);
  yield* write(stdout, \`\${name} is done\\n\`);
  return delay;
}

export default function* main(): Program<void> {
  yield* spawn(worker("slow", 20), { name: "slow" });
  yield* spawn(worker("fast", 10), { name: "fast" });
  yield* wait();
  yield* wait();
  console.log("both are");
}
`,
);

test("a world runs to a step and shows how everything stands there", async () => {
  const { world } = await open("two.ts");
  const stop = await world.run({ step: 5 }, []);
  expect(stop).toMatchObject({ step: 5, time: 0, reason: { kind: "goal" } });
  expect(stop.last).toMatchObject({ step: 5, pid: 2, name: "spawn", outcome: "ready" });
  expect(stop.last?.place).toBe(`${shop.folder}/two.ts:11`);
  const look = await world.look();
  expect(look.ready).toEqual([4, 2]);
  expect(look.timers).toEqual([{ time: 20, pid: 3, what: "sleep(20)" }]);
  expect(look.tasks.map(({ name }) => name)).toEqual(["init", "main", "slow", "fast"]);
  expect((await world.waits()).waits).toEqual([{ from: 1, to: [2], what: "a child to exit" }]);
});

shop.write("limits.ts", "export let limit: number | undefined;\nexport interface Limit {}\n");
shop.write(
  "till.ts",
  `import { yieldCpu, type Program } from "genix";
import { limit, type Limit } from "./limits.js";

export let total = 1;
export const { least = 3 } = {} as { least?: number };

export default function* main(): Program<void> {
  total += limit ?? 1;
  yield* yieldCpu();
  {
    const fee = total;
    yield* yieldCpu();
    void fee;
  }
  yield* yieldCpu();
}
`,
);

test("what is watched is not there where its name means nothing", async () => {
  const { world } = await open("till.ts");
  await world.run({ task: 2 }, []);
  const fee = { on: "change", expression: "fee", pid: 2, frame: -1 } as const;
  const watch = [{ id: 1, point: fee, ignore: 0 }];
  expect((await world.run({}, watch)).reason).toMatchObject({ before: "(not there)", after: "2" });
  expect((await world.run({}, watch)).reason).toMatchObject({ before: "2", after: "(not there)" });
});

test("what a module exports and imports is known to it by its name", async () => {
  const { world } = await open("till.ts");
  await world.run({ task: 2 }, []);
  expect(await world.evaluate("[total, least, limit]", 2, 0)).toMatchObject({
    value: "[2, 3, undefined]",
  });
  await expect(world.evaluate("Limit", 2, 0)).rejects.toThrow("Limit is not defined");
});

test.each([true, false])(
  "it runs to the end, where it can still be asked (virtual: %s)",
  async (virtual) => {
    const { world, printed } = await open("two.ts", { virtual });
    const { reason } = await world.run({}, []);
    expect(reason).toEqual({
      code: 0,
      kind: "end",
      text: "the program has returned undefined",
      whole: true,
    });
    // On a slow host both may be due at once.
    expect(printed.stdout.split("\n").sort()).toEqual([
      "",
      "both are",
      "fast is done",
      "slow is done",
    ]);
    expect((await world.look()).tasks).toMatchObject([{ name: "init", state: "zombie" }]);
  },
);

shop.write(
  "bad.ts",
  `import { promise, sleep, yieldCpu, type Program } from "genix";

const count = { of: 0 };
function spin(): void {
  for (;;) count.of += 1;
}

export default function* main([how]: string[]): Program<void> {
  yield* yieldCpu();
  console.log("now");
  if (how === "exit") process.exit(3);
  if (how === "throw") setTimeout(() => { throw new Error("boom"); }, 1);
  if (how === "spin") spin();
  if (how === "never") yield* promise(new Promise(() => {}));
  yield* sleep(1e6);
}
`,
);

test.each([
  ["exit", 'the program called process.exit(3) in step 4, of task 2 "main"'],
  ["throw", "an error that nobody caught ended the program's process after step 4: Error: boom"],
])("a process that ends says how: %s", async (how, why) => {
  const { world, printed } = await open("bad.ts", {}, { argv: [how] });
  await expect(world.run({}, [])).rejects.toThrow(why);
  await expect(world.look()).rejects.toThrow(why);
  expect(printed.stdout).toBe("now\n");
});

test("a world that cannot be started says why", async () => {
  const nowhere = open("two.ts", {}, { cwd: `${shop.folder}/nowhere` });
  await expect(nowhere).rejects.toThrow(/^the program's process cannot be started: spawn .*ENOENT/);
});

test("a program cannot speak to the debugger in its world's name", async () => {
  shop.write(
    "loud.ts",
    `import { writeSync } from "node:fs";
import { yieldCpu, type Program } from "genix";

process.send?.("ready");
process.on("message", () => console.log("heard the debugger"));
writeSync(4, "x\\nnull\\n7\\n");

export default function* main(): Program<void> {
  console.log(typeof process.send, process.connected, process.channel);
  yield* yieldCpu();
}
`,
  );
  const { world, printed } = await open("loud.ts");
  expect((await world.run({}, [])).reason).toMatchObject({ kind: "end", code: 0 });
  expect(printed.stdout).toBe("undefined undefined undefined\n");
});

test("a program whose top-level await never ends is told as by genix run", async () => {
  shop.write("never.mts", "await new Promise(() => {});\nexport default function* main() {}\n");
  await expect(open("never.mts")).rejects.toThrow(/never\.mts: its top-level await never ends$/);
});

test("a program that runs out of memory ends its world, which says so", async () => {
  shop.write(
    "large.ts",
    `import { yieldCpu, type Program } from "genix";

export default function* main(): Program<void> {
  for (const held: unknown[] = []; ; yield* yieldCpu()) {
    for (let i = 0; i < 1000; i++) held.push(new Array(100).fill(i));
  }
}
`,
  );
  const { NODE_OPTIONS: before = "" } = process.env;
  process.env["NODE_OPTIONS"] = `${before} --max-old-space-size=60`;
  const { world } = await open("large.ts").finally(() => (process.env["NODE_OPTIONS"] = before));
  await expect(world.run({}, [])).rejects.toThrow("the program's process ran out of memory");
  await expect(world.look()).rejects.toThrow("the program's process ran out of memory");
});

test("a run that waits for the outside is interrupted, and can go on", async () => {
  const { world } = await open("bad.ts", {}, { argv: ["wait"] });
  for (let i = 0; i < 2; i++) {
    const run = world.run({}, []);
    world.interrupt();
    expect(await run).toMatchObject({ step: 4, reason: { kind: "interrupted" } });
  }
});

test("a step that does not end is ended with its world, after an interrupt, and names its line", async () => {
  const { world } = await open("bad.ts", {}, { argv: ["spin"] });
  const run = world.run({}, []);
  world.interrupt();
  await expect(run).rejects.toThrow(
    /^task 2 "main" has not yielded for 2 s: it runs at spin \(.*bad\.ts:5\); the world was ended$/,
  );
});

test("a deadlock is told once, before the tasks are stopped, also one that only the host can see", async () => {
  const { world } = await open("bad.ts", {}, { argv: ["never"] });
  const { step, reason } = await world.run({}, []);
  expect({ step, reason }).toMatchObject({ step: 4, reason: { kind: "breakpoint", id: 0 } });
  expect((await world.look()).tasks.map(({ pid, state }) => [pid, state])).toEqual([
    [1, "blocked"],
    [2, "blocked"],
  ]);
  expect((await world.run({}, [])).reason).toMatchObject({
    text: "the program was killed with TERM: deadlock",
  });
});

test("the past is another world, on what was recorded so far", async () => {
  const record = `${shop.folder}/two.jsonl`;
  const { world } = await open("two.ts", { virtual: true }, { record });
  await world.run({ step: 6 }, []);
  await world.signal(3, "TERM");
  const past = await openWorld({ recording: record }, () => {});
  worlds.push(past);
  const line = { on: "line", file: `${shop.folder}/two.ts`, line: 10 } as const;
  const spawned = { id: 1, point: line, ignore: 0 };
  expect(await past.lastHit(5, [spawned])).toMatchObject({ step: 2, reason: { id: 1 } });
  await world.run({}, []);
  const whole = await openWorld({ recording: record }, () => {});
  worlds.push(whole);
  const signal = { id: 2, point: { on: "signal" }, ignore: 0 } as const;
  expect((await whole.run({}, [signal])).reason).toMatchObject({
    text: 'task 3 "slow" was sent TERM from outside: from the debugger',
  });
});

shop.write(
  "deep.ts",
  `import { sleep, spawn, wait, type Program } from "genix";
import { Mutex } from "genix";

const door = new Mutex("door");

function* inner(depth: number): Program<number> {
  let count = depth;
  yield* sleep(1);
  count += 1;
  yield* sleep(1);
  return count;
}

function* outer(name: string): Program<void> {
  const first = yield* inner(1);
  yield* door.with(function* inside() {
    yield* inner(10);
    return name + first;
  });
}

export default function* main(): Program<void> {
  yield* spawn(outer("a"), { name: "a" });
  yield* wait();
}
`,
);

test("a stack has all that yield* has reached, and a step's place is the program's own", async () => {
  const { world } = await open("deep.ts");
  const asleep = { on: "call", call: "sleep" } as const;
  const point = { id: 1, point: asleep, ignore: 2 };
  const { last } = await world.run({}, [point]);
  expect(last?.place).toBe(`${shop.folder}/deep.ts:8`);
  const frames = await world.frames(3);
  expect(frames.map(({ name, line, own }) => (own ? `${name}:${line}` : name))).toEqual([
    ...["inner:8", "inside:17", "section", "outer:16"],
  ]);
  expect(await world.evaluate("depth", 3, 0)).toMatchObject({ value: "10" });
  expect(await world.evaluate("name + first", 3, 1)).toMatchObject({ value: '"a2"' });
  await expect(world.evaluate("1", 3, 4)).rejects.toThrow(/no frame 4; it has frames 0 to 3/);
  // Until the second frame has returned.
  const lock = { id: 2, point: { on: "object", object: "door" }, ignore: 0 } as const;
  expect((await world.run({ returned: { pid: 3, depth: 3 } }, [lock])).reason.kind).toBe(
    "breakpoint",
  );
});

test("a task that has ended says how and from where, and a crash where that was thrown", async () => {
  shop.write(
    "ends.ts",
    `import { exit, kill, Mutex, sleep, spawn, wait, type Program } from "genix";

const door = new Mutex("door");
const check = (name: string): void => {
  if (name === "bad") throw new Error("no " + name);
};

function* nap(): Program<void> {
  yield* sleep(1);
}

function* worker(name: string): Program<string> {
  yield* door.with(nap);
  check(name);
  if (name === "quick") yield* exit(5);
  return name;
}

export default function* main(): Program<void> {
  for (const name of ["good", "bad", "quick"]) yield* spawn(worker(name), { name });
  const lost = yield* spawn(nap(), { name: "lost" });
  yield* kill(lost, "KILL");
  for (let i = 0; i < 4; i++) yield* wait();
}
`,
  );
  const { world } = await open("ends.ts");
  const point = { id: 1, point: { on: "crash" }, ignore: 0 } as const;
  const { last, name } = await world.run({}, [point]);
  const file = `${shop.folder}/ends.ts`;
  expect({ name, last }).toMatchObject({ name: "bad", last: { pid: 4, from: `${file}:5` } });
  await world.run({}, []);
  const endings = await Promise.all([3, 4, 5, 6].map((pid) => world.ending(pid)));
  expect(endings).toMatchObject([
    { name: "good", kind: "exited", text: 'exited: "good"', from: `${file}:13`, stack: [] },
    { name: "bad", kind: "crashed", text: "crashed: Error: no bad", from: `${file}:5` },
    { name: "quick", kind: "exited", text: "exited: 5", from: `${file}:15` },
    { name: "lost", kind: "killed", text: "killed with KILL by 2", from: `${file}:9` },
  ]);
  expect(endings[1]?.stack.slice(0, 2)).toEqual([
    expect.stringMatching(/^ +at check \(.*ends\.ts:5:/),
    expect.stringMatching(/^ +at worker \(.*ends\.ts:14:/),
  ]);
  expect(await world.ending(7)).toBe(null);
});

test("a place that is called through the toolbox is where the program called it", async () => {
  const { world } = await open("deep.ts");
  const lock = { id: 1, point: { on: "object", object: "door" }, ignore: 0 } as const;
  const { last } = await world.run({}, [lock]);
  expect(last).toMatchObject({ name: "lock", place: `${shop.folder}/deep.ts:16` });
});

test("a line far out on a deep stack is one that the task stands in", async () => {
  shop.write(
    "well.ts",
    `import { yieldCpu, type Program } from "genix";
function* down(n: number): Program<void> {
  if (n > 0) yield* down(n - 1);
  else yield* yieldCpu();
}
export default function* main(): Program<void> {
  const far =
    yield* down(600);
  return far;
}
`,
  );
  const { world } = await open("well.ts");
  const line = { on: "line", file: `${shop.folder}/well.ts`, line: 8 } as const;
  const { step, reason } = await world.run({}, [{ id: 1, point: line, ignore: 0 }]);
  expect({ step, kind: reason.kind }).toEqual({ step: 2, kind: "breakpoint" });
});

test("a condition on a line is about the frame that stands there, whatever that calls; a name that it has not is a slip", async () => {
  shop.write(
    "calls.ts",
    `import { sleep, type Program } from "genix";

function* nap(ms: number): Program<void> {
  yield* sleep(ms);
}

export default function* main(): Program<void> {
  for (let i = 0; i < 5; i++) {
    yield* nap(i);
  }
}
`,
  );
  const { world } = await open("calls.ts");
  const line = { on: "line", file: `${shop.folder}/calls.ts`, line: 9 } as const;
  const first = await world.run({}, [{ id: 1, point: line, ignore: 0, condition: "i === 3" }]);
  expect(first.reason).toMatchObject({ kind: "breakpoint", id: 1 });
  expect((await world.evaluate("ms", 2, 0)).value).toBe("3");
  const slip = await world.run({}, [{ id: 2, point: line, ignore: 0, condition: "j === 4" }]);
  expect(slip.reason).toMatchObject({
    ...{ kind: "error", id: 2 },
    text: expect.stringContaining("j is not defined") as unknown,
  });
});

test("a value of an inner frame is watched while that is there, and a return is waited for", async () => {
  const { world } = await open("deep.ts");
  await world.run({ condition: "depth === 1" }, []);
  const point = { on: "change", expression: "count", pid: 3, frame: -2 } as const;
  const { reason } = await world.run({}, [{ id: 1, point, ignore: 0 }]);
  expect(reason).toMatchObject({ kind: "change", before: "1", after: "2" });
  const { last } = await world.run({ returned: { pid: 3, depth: 2 } }, []);
  expect(last).toMatchObject({ name: "lock" });
});

shop.write(
  "crash.ts",
  `import { sleep, spawn, wait, type Program } from "genix";

function* bad(): Program<void> {
  yield* sleep(1);
  throw new Error("oh");
}

function fail(): never {
  throw new Error("no");
}

export default function* main(): Program<void> {
  yield* spawn(bad, { name: "bad" });
  yield* wait();
  fail();
}
`,
);

test("a crash that nobody waits for stops a run, but not one to a step, nor one that is waited for", async () => {
  const { world } = await open("crash.ts");
  const { reason, last } = await world.run({}, []);
  expect(reason).toEqual({ kind: "breakpoint", id: 0, text: "a crash that nobody waits for" });
  expect(last).toMatchObject({ pid: 2, outcome: "crashed" });
  const { world: other } = await open("crash.ts");
  const step = last?.step ?? 0;
  expect(await other.run({ step }, [])).toMatchObject({ step, reason: { kind: "goal" } });
  expect((await other.run({}, [])).reason.kind).toBe("end");
});
