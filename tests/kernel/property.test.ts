// Random programs of random system calls and signals, thousands of seeds, with the invariants checked
// after every step (tests/helpers/run.ts): no task is lost, none is in two places, nothing is left.

import { seeded } from "../../machine/random";
import {
  become,
  call,
  close,
  connect,
  exit,
  getpid,
  give,
  kill,
  listen,
  accept,
  now,
  open,
  park,
  pipe,
  ps,
  read,
  readWait,
  sleep,
  spawn,
  SystemError,
  Killed,
  unpark,
  wait,
  waitQueue,
  write,
  writeWait,
  yieldCpu,
} from "../../syscalls";
import type { Pid, Program, Trap } from "../../syscalls";
import { run } from "../helpers/run";

const SEEDS = 3000;

/** All that the tasks of one random program share. */
class World {
  readonly random: () => number;
  readonly queues = [waitQueue("a"), waitQueue("b")];
  readonly fds: number[] = [];
  readonly pids: Pid[] = [];
  budget = 60;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  below(n: number): number {
    return Math.floor(this.random() * n);
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)];
  }

  get fd(): number {
    return this.pick(this.fds) ?? 3;
  }

  get pid(): Pid {
    return this.pick(this.pids) ?? 2;
  }
}

/** One random action: mostly sensible, sometimes rubbish. */
function* act(world: World): Program<unknown> {
  const queue = world.queues[world.below(2)]!;
  const actions: (() => Program<unknown> | Iterable<unknown>)[] = [
    () => yieldCpu(),
    () => sleep(world.below(20)),
    () => getpid(),
    () => now(),
    () => ps(),
    () => park(queue),
    () => unpark(queue, "value"),
    () => wait(),
    () => wait(world.pid),
    () => kill(world.pid),
    () => kill(world.pid, "KILL", "at random"),
    () => read(world.fd, 1 + world.below(100_000)),
    () => write(world.fd, "x".repeat(world.below(100_000))),
    () => readWait(world.fd),
    () => writeWait(world.fd),
    () => close(world.fd),
    () => give(world.fd, world.pid),
    () => call(body(world)),
    () => body(world),
    () => spawnOne(world),
    () => spawnOne(world),
    () => makePipe(world),
    () => keep(world, open(`/file${world.below(3)}`, "a+")),
    () => keep(world, listen(8000 + world.below(2))),
    () => keep(world, connect(8000 + world.below(2))),
    () => keep(world, accept(world.fd)),
    () => rubbish(world),
  ];
  if (world.below(30) === 0)
    actions.push(
      () => exit(world.below(5)),
      () => become(body(world)),
    );
  return yield* world.pick(actions)!() as Program<unknown>;
}

function* rubbish(world: World): Program<unknown> {
  return yield world.pick<unknown>([5, undefined, [], Promise.resolve(), body, "x"]) as Trap;
}

function* keep(world: World, opening: Iterable<unknown>): Program<void> {
  world.fds.push(yield* opening as unknown as Program<number>);
}

function* makePipe(world: World): Program<void> {
  world.fds.push(...(yield* pipe()));
}

function* spawnOne(world: World): Program<void> {
  const give = world.below(2) === 0 && world.fds.length > 0 ? [world.fd] : [];
  const options = { give, daemon: world.below(6) === 0, detached: world.below(6) === 0 };
  world.pids.push(yield* spawn(body(world), options));
}

/** A random program: some actions, errors survived or not, clean-ups that do all that as well. */
function* body(world: World): Program<unknown> {
  const survives = world.below(3) > 0;
  try {
    while (world.budget-- > 0 && world.below(8) > 0) {
      try {
        yield* act(world);
      } catch (error) {
        if (!(error instanceof SystemError) && !(error instanceof Killed)) throw error;
        if (!survives) throw error;
      }
    }
    if (world.below(10) === 0) throw new Error("on purpose");
    return world.below(100);
  } finally {
    if (world.below(3) === 0) yield* act(world);
  }
}

test(`${SEEDS} random programs leave every invariant whole and nothing behind`, () => {
  const kinds = new Map<string, number>();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const world = new World(seed);
    try {
      const { kernel, status } = run(
        function* () {
          for (let i = 0; i < 4; i++) yield* spawnOne(world);
          return yield* body(world);
        },
        { seed, shuffle: seed % 2 === 0, maxSteps: 100_000 },
      );
      kinds.set(status.kind, (kinds.get(status.kind) ?? 0) + 1);
      expect([...kernel.tasks].map((task) => task.pid)).toEqual([1]);
      expect(kernel.descriptors.size).toBe(0);
      expect(kernel.timers.length).toBe(0);
      expect(kernel.outside.length + kernel.sleepers.length + kernel.parents.length).toBe(0);
      expect(world.queues.map((queue) => queue.length)).toEqual([0, 0]);
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
  // The programs are random enough to end in every way.
  expect([...kinds.keys()].sort()).toEqual(["crashed", "exited", "killed"]);
});
