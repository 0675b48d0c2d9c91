// Supervisors: what ends is started again, in order, and not for ever.

import { kill as send } from "../../kernel";
import { kill, Killed, ps, sleep, spawn, SystemError, wait } from "../../syscalls";
import type { Pid, Program } from "../../syscalls";
import { ChildError, supervise, timeout } from "../../tasks";
import type { ChildEnd, ChildSpec, SupervisorOptions } from "../../tasks";
import { messageOf, run, type Log } from "../helpers/run";
import { after, strikeAtEveryStep } from "../helpers/strike";

type Strategy = NonNullable<SupervisorOptions["strategy"]>;

/** Logs its start and its end; runs until it is stopped, or `ms`, then returns or throws. */
function* service(log: Log, name: string, ms?: number, error?: unknown): Program<void> {
  log("start", name);
  try {
    yield* sleep(ms ?? 1e9);
    if (error !== undefined) throw error;
  } finally {
    log("end", name);
  }
}

/** A specification of a service that ends at its first `lives` starts, after `ms`. */
function mortal(log: Log, name: string, ms: number, lives = 1, error?: unknown): ChildSpec {
  let starts = 0;
  return { name, start: () => service(log, name, starts++ < lives ? ms : undefined, error) };
}

function steady(log: Log, name: string): ChildSpec {
  return { name, start: () => service(log, name) };
}

const quiet = { onEnd: (): void => {} };

/** Runs a supervisor for `ms`, then stops it; logs what it came to. */
function* superviseFor(
  log: Log,
  ms: number,
  specs: readonly ChildSpec[],
  options: SupervisorOptions = quiet,
): Program<void> {
  const pid = yield* spawn(supervise(specs, options), { name: "sup" });
  yield* sleep(ms);
  log("--");
  yield* kill(pid, "TERM", "closing time");
  const status = yield* wait(pid);
  log(status.kind === "crashed" ? String(status.error) : status.kind);
}

function* thrownBy(attempt: Program<unknown>): Program<unknown> {
  try {
    yield* attempt;
  } catch (error) {
    return error;
  }
  return undefined;
}

test("children start in order and are stopped in reverse order, each awaited before the next", () => {
  function slow(log: Log, name: string): ChildSpec {
    return {
      name,
      start: function* () {
        try {
          yield* service(log, name);
        } catch (error) {
          yield* sleep(10);
          log("gone", name, error instanceof Killed && error.reason);
          throw error;
        }
      },
    };
  }
  const { log, clock } = run((log) =>
    superviseFor(log, 5, [slow(log, "a"), slow(log, "b"), slow(log, "c")]),
  );
  const gone = ["c", "b", "a"].flatMap((name) => [`end ${name}`, `gone ${name} closing time`]);
  expect(log).toEqual(["start a", "start b", "start c", "--", ...gone, "killed"]);
  expect(clock).toBe(35);
});

test.each<[Strategy, string[]]>([
  ["one-for-one", ["start b"]],
  ["rest-for-one", ["end c", "start b", "start c"]],
  ["one-for-all", ["end c", "end a", "start a", "start b", "start c"]],
])("%s: who is started again with a child that crashes", (strategy, expected) => {
  const { log } = run((log) =>
    superviseFor(
      log,
      20,
      [steady(log, "a"), mortal(log, "b", 10, 1, new Error("boom")), steady(log, "c")],
      { strategy, ...quiet },
    ),
  );
  const rest = log.slice(log.indexOf("end b") + 1, log.indexOf("--"));
  expect(rest).toEqual(expected);
});

test("permanent children come back always, transient ones after a failure, temporary ones never", () => {
  const { log } = run(function* (log) {
    for (const error of [undefined, new Error("boom")]) {
      const specs = (["permanent", "transient", "temporary"] as const).map((restart) => ({
        ...mortal(log, restart, 10, 1, error),
        restart,
      }));
      yield* superviseFor(log, 20, specs, { intensity: 5, ...quiet });
    }
  });
  const starts = log.filter((line) => line.startsWith("start")).map((line) => line.slice(6));
  const all = ["permanent", "transient", "temporary"];
  expect(starts).toEqual([...all, "permanent", ...all, "permanent", "transient"]);
});

test("a transient child that was killed by somebody comes back", () => {
  const { log } = run(function* (log) {
    yield* spawn(function* () {
      yield* sleep(5);
      const victim = (yield* ps()).find(({ name }) => name === "a")?.pid as Pid;
      yield* kill(victim, "KILL");
    });
    yield* superviseFor(log, 10, [{ ...steady(log, "a"), restart: "transient" }]);
  });
  expect(log).toEqual(["start a", "start a", "--", "end a", "killed"]);
});

test("a temporary child that is stopped with the others does not come back", () => {
  const { log } = run((log) =>
    superviseFor(log, 20, [{ ...steady(log, "a"), restart: "temporary" }, mortal(log, "b", 10)], {
      strategy: "one-for-all",
      ...quiet,
    }),
  );
  expect(log).toEqual(["start a", "start b", "end b", "end a", "start b", "--", "end b", "killed"]);
});

test("two children that end at once under one-for-all are one restart", () => {
  const { log } = run((log) =>
    superviseFor(
      log,
      20,
      [mortal(log, "a", 10, 1, new Error("1")), mortal(log, "b", 10, 1, new Error("2"))],
      { strategy: "one-for-all", intensity: 1, ...quiet },
    ),
  );
  expect(log.slice(2)).toEqual([
    ...["end a", "end b", "start a", "start b", "--"],
    ...["end b", "end a", "killed"],
  ]);
});

test("it returns when no child is left that could end", () => {
  const { log, clock } = run(function* (log) {
    yield* supervise([
      { ...mortal(log, "a", 10), restart: "temporary" },
      { ...mortal(log, "b", 20), restart: "transient" },
    ]);
    yield* supervise([]);
    log((yield* ps()).length);
  });
  expect(log.at(-1)).toBe("2");
  expect(clock).toBe(20);
});

test("it gives up when there are more restarts in a period than allowed, and says why", () => {
  const error = new Error("boom");
  const { value, log } = run(function* (log) {
    return yield* thrownBy(
      supervise([steady(log, "a"), mortal(log, "db", 10, 99, error), steady(log, "c")], {
        intensity: 2,
        period: 1000,
        ...quiet,
      }),
    );
  });
  expect(value).toBeInstanceOf(ChildError);
  expect((value as Error).message).toBe(
    '"supervisor" gave up on "db" after 2 restarts in 1000 ms: task 8 "db" crashed: Error: boom',
  );
  expect((value as Error).cause).toBe(error);
  // The others are stopped before, in reverse order.
  expect(log.slice(-3)).toEqual(["end db", "end c", "end a"]);
  expect(log.filter((line) => line === "start db").length).toBe(3);
});

test("restarts that are further apart than the period do not add up", () => {
  const { log } = run((log) =>
    superviseFor(log, 950, [mortal(log, "a", 100, 99)], { intensity: 1, period: 99, ...quiet }),
  );
  expect(log.filter((line) => line === "start a").length).toBe(10);
  expect(log.at(-1)).toBe("killed");
});

test("a restart just as old as the period still counts", () => {
  const { log } = run((log) =>
    superviseFor(log, 1000, [mortal(log, "a", 100, 99)], { intensity: 1, period: 100, ...quiet }),
  );
  expect(log.filter((line) => line === "start a").length).toBe(2);
});

test("a start that throws, or makes no program, counts as a crash", () => {
  const { log } = run(function* (log) {
    const fails: ChildSpec = {
      name: "fails",
      start: () => {
        log("start");
        throw new Error("no config");
      },
    };
    const error = yield* thrownBy(supervise([steady(log, "a"), fails], { intensity: 3, ...quiet }));
    log(String((error as Error).cause));
    const wrong = { name: "wrong", start: () => 5 as never };
    log(((yield* thrownBy(supervise([wrong], quiet))) as Error).message);
  });
  const starts = ["start", "start", "start", "start"];
  expect(log.slice(0, -1)).toEqual(["start a", ...starts, "end a", "Error: no config"]);
  expect(log.at(-1)).toMatch(/gave up on "wrong" after 1 restart in 5000 ms: .*EINVAL/);
});

test("a child that does not end within its grace is ended with KILL, by default after 5 s", () => {
  const { log, clock } = run(function* (log) {
    const stubborn = (name: string, grace?: number): ChildSpec => ({
      name,
      start: function* () {
        try {
          yield* service(log, name);
        } finally {
          for (;;) yield* sleep(100);
        }
      },
      ...(grace === undefined ? {} : { grace }),
    });
    yield* superviseFor(log, 10, [steady(log, "a"), stubborn("b"), stubborn("c", 30)]);
    log((yield* ps()).length);
  });
  expect(log.slice(4)).toEqual(["end c", "end b", "end a", "killed", "2"]);
  expect(clock).toBe(10 + 30 + 5000);
});

test("TERM while it restarts its children stops all of them, and none is left", () => {
  const { log } = run(function* (log) {
    const slow: ChildSpec = {
      name: "slow",
      start: function* () {
        try {
          yield* service(log, "slow");
        } finally {
          yield* sleep(50);
        }
      },
    };
    const options: SupervisorOptions = { strategy: "one-for-all", ...quiet };
    yield* superviseFor(log, 20, [steady(log, "a"), slow, mortal(log, "b", 10)], options);
    log((yield* ps()).length);
  });
  expect(log).toEqual([
    ...["start a", "start slow", "start b", "end b", "end slow", "--", "end a"],
    ...["killed", "2"],
  ]);
});

test("supervisors nest: an inner one that gives up is a crash to the outer one", () => {
  const { log } = run(function* (log) {
    const inner: ChildSpec = {
      name: "inner",
      start: () => supervise([mortal(log, "leaf", 10, 99, new Error("boom"))], quiet),
      grace: Infinity,
    };
    const ends: string[] = [];
    yield* superviseFor(log, 45, [steady(log, "a"), inner], {
      intensity: 5,
      onEnd: ({ child, status }) => void ends.push(`${child} ${status.kind}`),
    });
    log(ends.join());
  });
  // Two lives of "leaf" for each of "inner".
  expect(log.filter((line) => line === "start leaf").length).toBe(4 + 1);
  const stopped = ["--", "end leaf", "end a", "killed"];
  expect(log.slice(-5)).toEqual([...stopped, "inner crashed,inner crashed"]);
});

test("a whole tree of supervisors is stopped from its leaves up", () => {
  const { log } = run(function* (log) {
    const tree = (name: string, depth: number): ChildSpec => ({
      name,
      start: () =>
        depth === 0
          ? service(log, name)
          : supervise([tree(`${name}0`, depth - 1), tree(`${name}1`, depth - 1)]),
      grace: Infinity,
    });
    yield* superviseFor(log, 10, [tree("r", 2)]);
    log((yield* ps()).length);
  });
  const leaves = ["r00", "r01", "r10", "r11"];
  expect(log).toEqual([
    ...leaves.map((name) => `start ${name}`),
    "--",
    ...[...leaves].reverse().map((name) => `end ${name}`),
    "killed",
    "2",
  ]);
});

test("onEnd is told of every end, of how it came and whether there is a restart", () => {
  const ends: ChildEnd[] = [];
  run((log) =>
    superviseFor(
      log,
      20,
      [
        mortal(log, "a", 5, 1, new Error("boom")),
        { ...mortal(log, "b", 10), restart: "temporary" },
        {
          name: "c",
          start: function* () {
            try {
              yield* sleep(1e9);
            } finally {
              throw new Error("clean-up failed");
            }
          },
        },
      ],
      { onEnd: (end) => void ends.push(end) },
    ),
  );
  expect(ends.map(({ child, status, restart }) => [child, status.kind, restart])).toEqual([
    ["a", "crashed", true],
    ["b", "exited", false],
    ["c", "crashed", false],
  ]);
});

test("without onEnd crashes are written to stderr; none is silent", () => {
  const { stderr } = run((log) =>
    superviseFor(
      log,
      20,
      [
        mortal(log, "a", 5, 1, new Error("boom")),
        { ...mortal(log, "b", 10, 1, new Error("bang")), restart: "temporary" },
      ],
      {},
    ),
  );
  expect(stderr).toMatch(
    /task 5 "a" crashed\n {2}Error: boom\n[^]*task 6 "b" crashed\n {2}Error: bang/,
  );
});

test("an onEnd that throws ends the supervisor, in order", () => {
  const { log } = run(function* (log) {
    const options: SupervisorOptions = {
      onEnd: () => {
        throw new Error("bad observer");
      },
    };
    log(yield* messageOf(supervise([steady(log, "a"), mortal(log, "b", 5)], options)));
  });
  expect(log).toEqual(["start a", "start b", "end b", "end a", "bad observer"]);
});

test("a supervisor works beside other children of its task, and in a daemon", () => {
  const { log } = run(function* (log) {
    const other = yield* spawn(service(log, "other", 5));
    yield* spawn(supervise([mortal(log, "a", 10)], quiet), { daemon: true });
    yield* supervise([{ ...mortal(log, "b", 20), restart: "temporary" }]);
    log((yield* wait(other)).kind);
  });
  expect(log.filter((line) => line === "start a").length).toBe(2);
  expect(log.at(-2)).toBe("exited");
});

test("a supervisor that is killed with KILL leaves no child", () => {
  const { log, kernel, crashes } = run(function* (log) {
    const pid = yield* spawn(supervise([steady(log, "a"), steady(log, "b")], quiet));
    yield* sleep(5);
    yield* kill(pid, "KILL");
    yield* wait(pid);
  });
  expect(log.slice(2)).toEqual(["end b", "end a"]);
  expect([kernel.tasks.size, crashes]).toEqual([1, 0]);
});

test.each<Strategy>(["one-for-one", "one-for-all", "rest-for-one"])(
  "%s: TERM after any number of steps leaves no task behind, and every clean-up runs once",
  (strategy) => {
    let steps = 0;
    while (stopAfter(steps, strategy)) steps += 1;
    expect(steps).toBeGreaterThan(40);
  },
);

/** Runs a supervisor, and sends it TERM after so many steps. False if it had ended before. */
function stopAfter(steps: number, strategy: Strategy): boolean {
  let hit = false;
  const { log, kernel, crashes } = run(
    function* (log) {
      const nested: ChildSpec = {
        name: "nested",
        start: () => supervise([mortal(log, "n", 7, 1, new Error("boom"))], quiet),
        grace: Infinity,
      };
      const specs = [steady(log, "a"), nested, mortal(log, "b", 5), steady(log, "c")];
      const late = { ...mortal(log, "late", 12, 99), restart: "permanent" as const };
      const options: SupervisorOptions = { strategy, intensity: 2, ...quiet };
      yield* wait(yield* spawn(supervise([...specs, late], options), { name: "sup" }));
      log((yield* ps()).length);
    },
    {
      prepare: (kernel) => {
        const step = kernel.step.bind(kernel);
        let left = steps; // of the supervisor's life
        kernel.step = () => {
          const sup = kernel.tasks.find(3);
          if (sup?.alive === true && left-- === 0) {
            hit = true;
            send(kernel, sup, "TERM", null, "now");
          }
          return step();
        };
      },
    },
  );
  const count = (word: string): number => log.filter((line) => line.startsWith(word)).length;
  expect([steps, count("start")]).toEqual([steps, count("end")]);
  expect([log.at(-1), kernel.tasks.size, kernel.timers.length, crashes]).toEqual(["2", 1, 0, 0]);
  return hit;
}

test("a wrong specification is EINVAL with the field and the value", () => {
  const { log } = run(function* (log) {
    const good: ChildSpec = { name: "a", start: () => service(log, "a") };
    const wrong: [unknown, unknown?][] = [
      [5],
      [[null]],
      [[{ ...good, name: "" }]],
      [[good, good]],
      [[{ ...good, start: good.start() }]],
      [[{ ...good, restart: "always" }]],
      [[{ ...good, grace: -1 }]],
      [[good], { strategy: "all" }],
      [[good], { intensity: 1.5 }],
      [[good], { period: 0 }],
      [[good], { onEnd: 5 }],
    ];
    for (const [specs, options] of wrong) {
      const attempt = supervise(specs as ChildSpec[], options as SupervisorOptions);
      const error = yield* thrownBy(attempt);
      log(error instanceof SystemError && error.message);
    }
  });
  expect(log).toEqual([
    "EINVAL: specs: 5 is no array of { name, start }",
    "EINVAL: specs[0]: null is no { name, start }",
    'EINVAL: specs[0].name: "" is no name; give a string',
    'EINVAL: specs[1].name: "a" is no new name; another child has it',
    "EINVAL: specs[0].start: [program] is no function that makes a program: () => worker()",
    'EINVAL: specs[0].restart: "always" is no choice; there are "permanent", "transient", "temporary"',
    "EINVAL: specs[0].grace: -1 is no duration; give milliseconds from 0 up",
    'EINVAL: strategy: "all" is no choice; there are "one-for-one", "one-for-all", "rest-for-one"',
    "EINVAL: intensity: 1.5 is no whole number from 0 up",
    "EINVAL: period: 0 is no duration; give milliseconds above 0",
    "EINVAL: onEnd: 5 is no function",
  ]);
});

test("a supervisor that is told to stop at any step starts nobody, and blames no child for it", () => {
  function* main(log: Log): Program<void> {
    const specs = ["a", "b"].map((name) => mortal(log, name, 2, 2, new Error(name)));
    const options: SupervisorOptions = {
      strategy: "one-for-all",
      intensity: 9,
      onEnd: ({ status }) => log("ended", status.pid > 0),
    };
    yield* timeout(20, supervise(specs, options), { fallback: undefined });
    log((yield* ps()).length);
  }
  const runs = strikeAtEveryStep(main, "supervisor", "TERM", ({ log, deadlock }) => {
    expect(deadlock).toBeUndefined();
    expect(log).not.toContain("ended false");
    expect(after("start", log)).toHaveLength(after("end", log).length);
  });
  expect(runs).toBeGreaterThan(30);
});
