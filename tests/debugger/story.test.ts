// The story of a run: what every picture is drawn from.

import { historyOf } from "../../debugger/history";
import { objectOf, objectsOf } from "../../debugger/object";
import type { Story } from "../../debugger/story";
import { StoryTeller } from "../../debugger/story-teller";
import { System } from "../../boot";
import { VirtualMachine } from "../../machine";
import {
  Channel,
  close,
  connect,
  exit,
  kill,
  killGroup,
  listen,
  open,
  pipe,
  read,
  receive,
  select,
  sleep,
  spawn,
  tell,
  unlink,
  wait,
  write,
  yieldCpu,
} from "../../syscalls";
import type { Program, SystemCall } from "../../syscalls";
import { group, Mutex } from "../../tasks";
import { storyOf } from "../helpers/story";

/** `2 send jobs ready`, one line a step, without those of init. */
function stepsOf({ steps }: Story): string[] {
  return steps
    .filter(({ pid }) => pid !== 1)
    .map(({ pid, reply, name, object, outcome, detail }) =>
      [pid, reply, name, object, outcome, detail].filter((word) => word !== "").join(" "),
    );
}

function happeningsOf({ happenings }: Story): string[] {
  return happenings
    .filter(({ pid }) => pid !== 1)
    .map(({ kind, step, pid, by, text }) => `${step}: ${kind} ${pid} by ${by} ${text}`.trimEnd());
}

function* handOver(): Program<void> {
  const jobs = new Channel<number>(0, { name: "jobs" });
  yield* spawn(function* worker() {
    return (yield* jobs.receive()) as number;
  });
  yield* jobs.send(7);
  yield* sleep(5);
  yield* wait();
}

test("a step has the reply it began with, the call it ended with, its object and its outcome", () => {
  const story = storyOf(handOver);
  expect(stepsOf(story)).toEqual([
    "2 spawn ready",
    "3 receive jobs blocked a message in jobs",
    "2 = 3 send jobs ready",
    "3 = 7 exited exited: 7",
    "2 = true sleep blocked a deadline at 5 ms",
    "2 = undefined wait ready",
    '2 = { kind: "exited", pid: 3, name: "worker", value: 7 } exited exited',
  ]);
  expect(story.steps.map(({ step }) => step)).toEqual(story.steps.map((_, i) => i + 1));
  expect(story.tasks).toEqual([
    { pid: 1, parent: 0, name: "init" },
    { pid: 2, parent: 1, name: "main" },
    { pid: 3, parent: 2, name: "worker" },
  ]);
});

test("what happens to a task names the task in whose step it happened, or nobody for a timer", () => {
  expect(happeningsOf(storyOf(handOver))).toEqual([
    "1: spawn 2 by 1 main",
    "2: spawn 3 by 2 worker",
    "5: wake 3 by 2 = 7",
    "6: exit 3 by 3 exited: 7",
    "7: wake 2 by 0 = undefined",
    "8: reap 3 by 2",
    "9: exit 2 by 2 exited",
    "9: reap 2 by 2",
  ]);
});

test("the tasks in the ready queue are counted after each step", () => {
  const counts = new Map<number, number>();
  const story = storyOf(handOver, {
    prepare(kernel) {
      const step = kernel.step.bind(kernel);
      kernel.step = () => {
        const ran = step();
        counts.set(kernel.steps, kernel.ready.length);
        return ran;
      };
    },
  });
  expect(story.steps.map(({ step, ready }) => [step, ready])).toEqual([...counts]);
  expect(counts.size).toBeGreaterThan(5);
});

test("a task that gets its reply in the step in which it blocked was not blocked", () => {
  const story = storyOf(
    function* () {
      const fd = yield* open("a.txt");
      yield* close(fd);
    },
    { files: { "a.txt": "" } },
  );
  expect(stepsOf(story)[0]).toBe("2 open a.txt ready");
});

test("an error, a signal, a crash and a KILL from another task are told as such", () => {
  const story = storyOf(function* () {
    const victim = yield* spawn(function* victim() {
      yield* sleep(1000);
    });
    const other = yield* spawn(function* other() {
      yield* sleep(1000);
    });
    const broken = yield* spawn(function* broken() {
      throw new Error("no good");
    });
    yield* sleep(1);
    yield* kill(victim, "TERM", "enough");
    yield* kill(other, "KILL");
    for (const pid of [victim, other, broken]) yield* wait(pid);
    try {
      yield* close(99);
    } catch {
      yield* yieldCpu();
    }
  });
  const steps = stepsOf(story);
  expect(steps).toContain(
    '3 ! Killed: killed with TERM by task 2 "main": enough killed killed with TERM by 2',
  );
  expect(steps).toContain("5 crashed crashed: Error: no good");
  expect(steps).toContainEqual(expect.stringMatching(/^2 ! SystemError: EBADF.* yieldCpu ready$/));
  const happenings = happeningsOf(story).map((line) => line.replace(/^\d+: /, ""));
  expect(happenings).toContain("signal 3 by 2 TERM: enough");
  expect(happenings).toContain("signal 4 by 2 KILL");
  expect(happenings).toContain("exit 4 by 2 killed with KILL by 2");
  expect(happenings.filter((line) => line.startsWith("reap"))).toEqual([
    "reap 3 by 2",
    "reap 4 by 2",
    "reap 5 by 2",
    "reap 2 by 2",
  ]);
});

test("who was killed at a deadlock was killed by the system, and by no task 0", () => {
  const steps = stepsOf(
    storyOf(function* () {
      yield* receive();
    }),
  );
  expect(steps).toContainEqual(expect.stringMatching(/^2 .* killed with TERM by the system$/));
});

test("a reaping is told in its step, also one by a select or by a group", () => {
  const tables: (readonly number[])[] = [];
  const { happenings } = storyOf(
    function* () {
      const child = yield* spawn(function* () {});
      yield* yieldCpu();
      yield* select({ end: wait(child) });
      yield* group(function* (g) {
        for (let i = 0; i < 3; i++) yield* g.spawn(function* () {});
        yield* yieldCpu();
        yield* sleep(1);
      });
    },
    {
      prepare(kernel) {
        const step = kernel.step.bind(kernel);
        kernel.step = () => {
          const ran = step();
          if (ran) tables.push([...kernel.tasks].map(({ pid }) => pid));
          return ran;
        };
      },
    },
  );
  expect(happenings.filter(({ kind }) => kind === "reap").length).toBeGreaterThan(5);
  tables.forEach((table, i) => {
    const past = happenings.filter(({ step }) => step <= i + 1);
    const pids = (of: string): number[] =>
      past.filter(({ kind }) => kind === of).map(({ pid }) => pid);
    const left = pids("spawn").filter((pid) => !pids("reap").includes(pid));
    expect({ step: i + 1, left }).toEqual({ step: i + 1, left: table });
  });
});

test("zombies of a task that ends are reaped by init", () => {
  const story = storyOf(function* () {
    yield* spawn(function* parent() {
      yield* spawn(function* child() {});
      yield* sleep(1);
    });
    yield* sleep(10);
  });
  expect(happeningsOf(story)).toContainEqual(expect.stringMatching(/^\d+: reap 4 by [13]$/));
});

test("what was shown in a step stays as it was, though the value changes later", () => {
  const story = storyOf(function* () {
    const list = [1];
    const child = yield* spawn(function* child() {
      yield* receive();
    });
    yield* tell(child, list);
    list.push(2);
    yield* wait(child);
  });
  expect(story.steps.find(({ name }) => name === "tell")?.call).toBe("tell(3, [1])");
  expect(story.steps.find(({ name }) => name === "tell")?.object).toBe("task 3");
});

test("the place is asked of a task after its step, and not of the dead", () => {
  const asked: string[] = [];
  const story = storyOf(handOver, {
    teller: {
      place({ name, state }) {
        asked.push(`${name} ${state}`);
        return `${name}.ts:1`;
      },
    },
  });
  expect(story.steps.map(({ place }) => place)).toContain("worker.ts:1");
  expect(story.steps.at(-1)?.place).toBe("");
  expect(asked.filter((line) => /zombie|dead/.test(line))).toEqual([]);
});

test("with a limit the last steps are kept, with what happened in them and who was there", () => {
  const limit = 50;
  const story = storyOf(
    function* () {
      for (let i = 0; i < 100; i++) {
        yield* spawn(function* child() {
          yield* yieldCpu();
        });
        yield* wait();
      }
    },
    { teller: { limit } },
  );
  const { steps, happenings, tasks } = story;
  expect(steps.length).toBeGreaterThanOrEqual(limit);
  expect(steps.length).toBeLessThan(2 * limit);
  expect(happenings.every(({ step }) => step >= (steps[0]?.step ?? 0))).toBe(true);
  const named = new Set(tasks.map(({ pid }) => pid));
  for (const { pid } of [...steps, ...happenings]) expect(named.has(pid)).toBe(true);
  expect(tasks.length).toBeLessThan(50);
});

test("the last step is there as soon as it was made", () => {
  const machine = new VirtualMachine();
  new System(machine, handOver, "main");
  const teller = new StoryTeller(machine.kernel);
  machine.kernel.attach(teller);
  expect(teller.last).toBeNull();
  for (let step = 1; step <= 5; step++) {
    machine.step();
    expect(teller.last).toMatchObject({ step, ready: machine.kernel.ready.length });
  }
});

test("the history of a task has its own steps and what others did to it, oldest first", () => {
  const story = storyOf(handOver);
  expect(historyOf(story, 3, 10)).toEqual([
    '     2       0.0 ms  * spawned by task 2 "main"',
    '     4       0.0 ms  receive([Channel "jobs"]) blocked: a message in jobs',
    '     5       0.0 ms  * woken by task 2 "main", = 7',
    "     6       0.0 ms  = 7; exited: 7",
    "     6       0.0 ms  * ended",
    '     8       5.0 ms  * reaped by task 2 "main"',
  ]);
  expect(historyOf(story, 3, 2)).toEqual(historyOf(story, 3, 10).slice(-2));
  expect(historyOf(story, 99, 10)).toEqual([]);
});

test("the object of a call is a name, a descriptor, a task, a path; of a select those of its cases", () => {
  const jobs = new Channel<number>(0, { name: "jobs" });
  const objects: [SystemCall<unknown>, string][] = [
    [jobs.receive(), "jobs"],
    [jobs.close(), "jobs"],
    [read(4), "fd 4"],
    [write(1, "x"), "fd 1"],
    [tell(3, "hello"), "task 3"],
    [kill(3), "task 3"],
    [wait(3), "task 3"],
    [wait(), ""],
    [killGroup(3), "group 3"],
    [sleep(3), ""],
    [pipe(), ""],
    [exit({ name: "a value" }), ""],
    [open("a.txt"), "a.txt"],
    [unlink("a.txt"), "a.txt"],
    [connect(80), "tcp 127.0.0.1:80"],
    [listen({ port: 0, host: "::1" }), "tcp ::1:0"],
    [listen({ path: "/tmp/socket" }), "/tmp/socket"],
    [select({ job: jobs.receive(), bytes: read(4), late: sleep(3) }), "jobs, fd 4"],
  ];
  for (const [call, object] of objects)
    expect(`${String(call)} ${objectOf(call)}`).toBe(`${String(call)} ${object}`);
  const cases = select({ job: jobs.receive(), bytes: read(4) });
  expect(objectsOf(cases)).toEqual(["jobs", "fd 4"]);
});

test("the object of a lock is the lock's name, and a hostile argument has none", () => {
  const mutex = new Mutex("fork");
  const story = storyOf(function* () {
    yield* mutex.lock();
    yield* mutex.unlock();
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
      },
    );
    for (const call of [tell(hostile as never, 1), open(hostile as never)]) {
      try {
        yield* call;
      } catch {
        // EINVAL
      }
    }
  });
  expect(
    story.steps.filter(({ pid }) => pid === 2).map(({ name, object }) => `${name} ${object}`),
  ).toEqual(["lock fork", "unlock fork", "tell ", "open ", " "]);
});
