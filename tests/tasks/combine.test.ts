// Several programs at once, and one answer.

import { seeded } from "../../machine/random";
import { Killed, kill, ps, sleep, spawn, SystemError, wait, yieldCpu } from "../../syscalls";
import type { ExitStatus, Pid, Program } from "../../syscalls";
import { all, allSettled, any, ChildError, group, map, race, shield } from "../../tasks";
import { messageOf, run, type Log } from "../helpers/run";

/** Works for `ms`, then returns `name` or throws `error`; its clean-up takes 5 ms if it is stopped. */
function* worker(log: Log, name: string, ms: number, error?: unknown): Program<string> {
  try {
    yield* sleep(ms);
    if (error !== undefined) throw error;
    return name;
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    yield* sleep(5);
    log(name, error.reason);
    throw error;
  }
}

function* crashInCleanUp(): Program<string> {
  try {
    yield* sleep(1000);
    return "";
  } finally {
    throw new Error("clean-up failed");
  }
}

function* thrownBy(attempt: Program<unknown>): Program<unknown> {
  try {
    yield* attempt;
  } catch (error) {
    return error;
  }
  return undefined;
}

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;
function same<A, B>(_proof: Same<A, B>): void {}

test("all returns the values in the order of the programs, when the last has ended", () => {
  const { log, clock } = run(function* (log) {
    const values = yield* all([
      worker(log, "a", 20),
      function* (): Program<number> {
        return 42;
      },
      worker(log, "c", 10),
    ]);
    same<typeof values, [string, number, string]>(true);
    log(values.join());
  });
  expect(log).toEqual(["a,42,c"]);
  expect(clock).toBe(20);
});

test("all throws the first failure as it is, when the others have been stopped", () => {
  const error = new Error("boom");
  const { log, clock } = run(function* (log) {
    const thrown = yield* thrownBy(all([worker(log, "a", 50), worker(log, "b", 10, error)]));
    log(thrown === error);
  });
  expect(log).toEqual(['a task 5 "all 1" crashed: Error: boom', "true"]);
  expect(clock).toBe(15);
});

test("all of an array is typed by its items; of nothing it is nothing", () => {
  const { log } = run(function* (log) {
    const many = yield* all([1, 2, 3].map((n) => worker(log, `w${n}`, n)));
    same<typeof many, string[]>(true);
    const none = yield* all([]);
    same<typeof none, []>(true);
    log(many.join(), none.length, (yield* allSettled([])).length);
  });
  expect(log).toEqual(["w1,w2,w3 0 0"]);
});

test("allSettled returns the exit statuses in order, and a failure disturbs nobody", () => {
  const { log, clock } = run(function* (log) {
    const statuses = yield* allSettled([
      worker(log, "a", 20),
      worker(log, "b", 10, new Error("boom")),
      function* (): Program<number> {
        return 42;
      },
    ]);
    same<typeof statuses, [ExitStatus<string>, ExitStatus<string>, ExitStatus<number>]>(true);
    const [a, b, c] = statuses;
    log(a.kind === "exited" && a.value, b.kind === "crashed" && b.error, c.kind);
  });
  expect(log).toEqual(["a Error: boom exited"]);
  expect(clock).toBe(20);
});

test("allSettled reports one that was killed by somebody else as killed", () => {
  const { log } = run(function* (log) {
    yield* spawn(function* () {
      yield* sleep(5);
      const victim = (yield* ps()).find(({ name }) => name === "victim")?.pid as Pid;
      yield* kill(victim, "KILL", "in the way");
    });
    const [status] = yield* allSettled([
      function* victim() {
        yield* sleep(100);
      },
      worker(log, "b", 20),
    ]);
    log(status.kind === "killed" && status.reason);
  });
  expect(log).toEqual(["in the way"]);
});

test("any returns the first success, and the others are stopped and awaited", () => {
  const { log, clock } = run(function* (log) {
    const value = yield* any([
      worker(log, "slow", 50),
      worker(log, "bad", 5, new Error("boom")),
      worker(log, "quick", 10),
    ]);
    same<typeof value, string>(true);
    log(value, (yield* ps()).length);
  });
  expect(log).toEqual(['slow task 6 "any 2" exited first', "quick 2"]);
  expect(clock).toBe(15);
});

test("any throws all errors, in the order of the programs, when none succeeds", () => {
  const { value } = run(function* (log) {
    return (yield* thrownBy(
      any([worker(log, "a", 20, new Error("1")), worker(log, "b", 10, new Error("2"))]),
    )) as AggregateError;
  });
  expect(value).toBeInstanceOf(AggregateError);
  expect(value.errors.map(String)).toEqual(["Error: 1", "Error: 2"]);
  expect(value.message).toBe(
    '2 programs, and none succeeded: task 4 "any 0" crashed: Error: 1; task 5 "any 1" crashed: Error: 2',
  );
});

test("any of nothing is an AggregateError, race of nothing EINVAL: neither waits for ever", () => {
  const { log } = run(function* (log) {
    const error = yield* thrownBy(any([]));
    log(error instanceof AggregateError && error.errors.length, String(error));
    const wrong = yield* thrownBy(race([]));
    log(wrong instanceof SystemError && wrong.errno, String(wrong));
  });
  expect(log).toEqual([
    "0 AggregateError: 0 programs, and none succeeded",
    "EINVAL SystemError: EINVAL: race([]) would wait for ever; give at least one program",
  ]);
});

// curio test_task_any_cancel
test("the first to finish wins, the others are killed and their clean-up is awaited", () => {
  const { log, clock } = run(function* (log) {
    const value = yield* race([worker(log, "slow", 50), worker(log, "quick", 10)]);
    same<typeof value, string>(true);
    log(value, (yield* ps()).length);
  });
  expect(log).toEqual(['slow task 5 "race 1" exited first', "quick 2"]);
  expect(clock).toBe(15);
});

test("a failure that comes first wins a race, too", () => {
  const error = new Error("boom");
  const { log } = run(function* (log) {
    log((yield* thrownBy(race([worker(log, "a", 50), worker(log, "b", 10, error)]))) === error);
  });
  expect(log).toEqual(['a task 5 "race 1" crashed: Error: boom first', "true"]);
});

test("who comes second in the same moment has lost, whatever it came to", () => {
  const { log } = run(function* (log) {
    log(yield* race([worker(log, "a", 5), worker(log, "b", 5, new Error("boom"))]));
    log(yield* messageOf(race([worker(log, "a", 5, new Error("boom")), worker(log, "b", 5)])));
  });
  expect(log).toEqual(["a", "boom"]);
});

test("a loser whose clean-up crashes is not passed over", () => {
  const { log } = run(function* (log) {
    log(yield* messageOf(race([worker(log, "a", 5), crashInCleanUp()])));
    log(yield* messageOf(any([worker(log, "a", 5), crashInCleanUp()])));
  });
  expect(log).toEqual(["clean-up failed", "clean-up failed"]);
});

test("a race whose caller is killed ends with it", () => {
  const { log } = run(function* (log) {
    const owner = yield* spawn(function* () {
      yield* race([worker(log, "a", 100), worker(log, "b", 100)]);
    });
    yield* sleep(10);
    yield* kill(owner, "TERM", "enough");
    log((yield* wait(owner)).kind);
  });
  expect(log).toEqual(["a enough", "b enough", "killed"]);
});

test("map runs at most limit programs at a time and returns the values in order", () => {
  const { log, clock } = run(function* (log) {
    let [now, most] = [0, 0];
    const values = yield* map(
      new Set([40, 10, 11, 12, 5]),
      function* square(n, index) {
        most = Math.max(most, ++now);
        yield* sleep(n);
        now -= 1;
        return n * n + index;
      },
      { limit: 2 },
    );
    same<typeof values, number[]>(true);
    log(values.join(), most);
  });
  expect(log).toEqual(["1600,101,123,147,29 2"]);
  expect(clock).toBe(40);
});

test("map without a limit starts all; of nothing it returns nothing", () => {
  const { log, clock } = run(function* (log) {
    log((yield* map([3, 2, 1], (n) => worker(log, `w${n}`, n))).join());
    log((yield* map([], (n: number) => worker(log, "", n), { limit: 3 })).length);
  });
  expect(log).toEqual(["w3,w2,w1", "0"]);
  expect(clock).toBe(3);
});

test("a failure in map stops those that run and starts no more", () => {
  const { log } = run(function* (log) {
    log(
      yield* messageOf(
        map(
          [1, 2, 3, 4, 5, 6],
          function* fetch(n): Program<void> {
            log("start", n);
            yield* sleep(n);
            if (n === 2) throw new Error("boom");
            if (n > 2) yield* worker(log, `w${n}`, 100);
          },
          { limit: 2 },
        ),
      ),
    );
  });
  const reason = 'task 5 "fetch 1" crashed: Error: boom';
  expect(log).toEqual(["start 1", "start 2", "start 3", "boom"]);
  expect(reason).toContain("fetch 1");
});

test("a limit that is no whole number from 1 up is EINVAL with the value", () => {
  const { log } = run(function* (log) {
    for (const limit of [0, 1.5, -1, NaN, "2"]) {
      const attempt = map([1], (n) => worker(log, "", n), { limit: limit as number });
      log(yield* messageOf(attempt));
    }
  });
  expect(log).toEqual(
    ["0", "1.5", "-1", "NaN", '"2"'].map(
      (n) => `EINVAL: limit: ${n} is no whole number from 1 up, nor Infinity`,
    ),
  );
});

test("a program that was already run is an error, and stops the others", () => {
  const { log } = run(function* (log) {
    const twice = worker(log, "twice", 100);
    log(yield* messageOf(all([twice, twice])));
    log((yield* ps()).length);
  });
  expect(log[0]).toMatch(/^twice SystemError: EINVAL: .*already run by task 4/);
  expect(log[1]).toMatch(/^EINVAL: .*already run by task 4/);
  expect(log[2]).toBe("2");
});

/** A random tree of groups, races and crashes. Every error thrown is in `errors`. */
class Tree {
  readonly random: () => number;
  readonly errors: Error[] = [];
  running = 0;
  budget = 30;
  /** May there be races, whose losers are not heard of? */
  race = true;
  /** May there be short grace periods, and so KILL, after which no clean-up runs? */
  grace = false;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  below(n: number): number {
    return Math.floor(this.random() * n);
  }

  /** A task: some work, a clean-up that may crash as well. */
  *node(): Program<number> {
    this.running += 1;
    try {
      yield* this.work();
      if (this.below(8) === 0) throw this.error("work");
      return 1;
    } catch (error) {
      if (this.below(10) === 0) throw this.error("clean-up", error);
      throw error;
    } finally {
      // In a shield, or a kill would take the place of the error that is on its way.
      if (this.below(3) === 0) yield* shield(pause(this.below(3)));
      this.running -= 1;
    }
  }

  *work(): Program<void> {
    this.budget -= 1;
    const count = this.budget > 0 ? this.below(4) : 0;
    const nodes = (): Program<number>[] => Array.from({ length: count }, () => this.node());
    const kinds: (() => Program<unknown>)[] = [
      () => all(nodes()),
      () => group(() => all(nodes()), { grace: this.grace ? 1 : Infinity }),
      () => map(nodes(), (node) => node, { limit: 1 + this.below(3) }),
      () => this.crowd(count),
      () => shield(all(nodes())),
    ];
    if (this.race && count > 0) kinds.push(() => race(nodes()));
    yield* sleep(this.below(10));
    yield* (kinds[this.below(kinds.length)] as () => Program<unknown>)();
  }

  *crowd(count: number): Program<void> {
    const tree = this; // eslint-disable-line @typescript-eslint/no-this-alias
    yield* group(function* (g) {
      for (let i = 0; i < count; i++) {
        const child = yield* g.spawn(tree.node(), { daemon: tree.below(4) === 0 });
        if (tree.below(4) === 0) yield* child.kill("at random");
        if (tree.below(6) === 0) yield* kill(child.pid, "TERM", "from outside");
        yield* yieldCpu();
      }
    });
  }

  error(what: string, cause?: unknown): Error {
    const error = new Error(`${what} ${this.errors.length}`, { cause });
    this.errors.push(error);
    return error;
  }
}

function* pause(ms: number): Program<void> {
  yield* sleep(ms);
}

/** All errors that can be reached from `error`. */
function reachable(error: unknown, found = new Set<unknown>()): Set<unknown> {
  if (found.has(error) || !(error instanceof Error)) return found;
  found.add(error);
  reachable(error.cause, found);
  if (error instanceof AggregateError) for (const one of error.errors) reachable(one, found);
  if (error instanceof ChildError && error.status.kind === "crashed") {
    reachable(error.status.error, found);
  }
  return found;
}

test("random trees of groups: no task is left, every clean-up runs, no crash of a group is lost", () => {
  const kinds = new Map<string, number>();
  for (let seed = 1; seed <= 200; seed++) {
    const tree = new Tree(seed);
    const killed = seed % 3 === 0;
    tree.grace = seed % 4 === 0;
    const { kernel, value, crashes } = run(
      function* () {
        const root = yield* spawn(tree.node(), { name: "root" });
        if (killed) {
          yield* sleep(tree.below(30));
          yield* kill(root, "TERM", "from outside");
        }
        const status = yield* wait(root);
        return [status, (yield* ps()).length] as const;
      },
      { seed, shuffle: seed % 2 === 0, maxSteps: 100_000 },
    );
    const [status, left] = value;
    kinds.set(status.kind, (kinds.get(status.kind) ?? 0) + 1);
    // An owner that was ended with KILL leaves its group to clean up after it.
    if (!tree.grace) expect([seed, left, crashes, tree.running]).toEqual([seed, 2, 0, 0]);
    expect([kernel.tasks.size, kernel.timers.length]).toEqual([1, 0]);
  }
  expect([...kinds.keys()].sort()).toEqual(["crashed", "exited", "killed"]);
});

test("random trees without races and kills: every error that was thrown comes out at the root", () => {
  let several = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const tree = new Tree(seed);
    tree.race = false;
    const { value } = run(
      function* () {
        return yield* wait(yield* spawn(tree.node()));
      },
      { seed, shuffle: seed % 2 === 0 },
    );
    const found = reachable(value.kind === "crashed" ? value.error : undefined);
    expect([seed, tree.errors.filter((error) => !found.has(error))]).toEqual([seed, []]);
    if (tree.errors.length > 1) several += 1;
  }
  expect(several).toBeGreaterThan(10);
});
