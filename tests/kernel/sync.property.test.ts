// Random programs over channels, locks, select, timeouts and shields, with random signals and
// schedules. After every step nobody waits for what is there; at the end every message and every
// permit is accounted for. SEEDS=100000 runs more of them.

import type { Kernel } from "../../kernel";
import { Branch } from "../../kernel/select";
import { seeded } from "../../machine/random";
import {
  Channel,
  END,
  Killed,
  kill,
  Lock,
  lock,
  recover,
  select,
  sleep,
  spawn,
  SystemError,
  unlock,
  yieldCpu,
} from "../../syscalls";
import type { Cases, LockMode, Overflow, Pid, Program, SystemCall, Task } from "../../syscalls";
import { shield, timeout, TimeoutError } from "../../tasks";
import { run } from "../helpers/run";

const SEEDS = Number(process.env.SEEDS ?? 1000);

interface Message {
  readonly sender: number;
  readonly number: number;
}

/**
 * What its sender knows of a message. Sent: it is received once, or waits in the channel. Refused:
 * nobody ever gets it. Open: KILL came before the sender could know, so at most once.
 */
type Fate = "sent" | "refused" | "open";

/** All that the tasks of one random program share. */
class World {
  readonly random: () => number;
  readonly channels: Channel<Message>[] = [];
  readonly locks = [new Lock("l0"), new Lock("l1")];
  readonly fates = new Map<Message, Fate>();
  readonly receipts = new Map<Message, number>();
  readonly pids: Pid[] = [];
  /** Does anybody send KILL? What it takes back is received out of order. */
  readonly deadly: boolean;
  /** Those who know that they have, or had, a lock. */
  readonly owners = new Map<Lock, Set<number>>();
  #last = new Map<string, number>();
  budget = 70;

  constructor(seed: number) {
    this.random = seeded(seed);
    this.deadly = this.below(3) > 0;
    for (const name of ["c0", "c1", "c2"]) {
      const capacity = this.pick([0, 0, 1, 2, Infinity]);
      const policy = this.pick<Overflow>(["block", "block", "drop", "slide"]);
      const overflow = capacity === 0 ? "block" : policy;
      this.channels.push(new Channel(capacity, { name, overflow }));
    }
  }

  below(n: number): number {
    return Math.floor(this.random() * n);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  took(lock: Lock, owner: number): void {
    this.owners.set(lock, (this.owners.get(lock) ?? new Set()).add(owner));
  }

  received(message: Message, channel: Channel<Message>, receiver: number): void {
    this.receipts.set(message, (this.receipts.get(message) ?? 0) + 1);
    if (this.deadly) return;
    const way = `${message.sender} ${channel.name} ${receiver}`;
    const before = this.#last.get(way) ?? -1;
    this.#last.set(way, message.number);
    if (message.number < before) throw new Error(`${way}: ${message.number} after ${before}`);
  }
}

/** One task of a random program. */
class Actor {
  readonly #world: World;
  readonly #name: number;
  #sent = 0;

  constructor(world: World, name: number) {
    this.#world = world;
    this.#name = name;
  }

  *body(): Program<void> {
    const world = this.#world;
    while (world.budget-- > 0) {
      try {
        yield* this.#act(3);
      } catch (error) {
        // One who is told to stop does so, more often than not.
        if (error instanceof Killed && world.below(4) > 0) throw error;
        if (!(error instanceof SystemError || error instanceof Killed)) throw error;
      }
    }
  }

  *#act(depth: number): Program<void> {
    const world = this.#world;
    const actions: (() => Program<void>)[] = [
      () => this.#choose(1),
      () => this.#choose(1),
      () => this.#choose(1 + world.below(4)),
      () => this.#choose(1 + world.below(4)),
      () => this.#hold(depth),
      () => this.#hold(depth),
      () => this.#limit(depth),
      () => shield(this.#act(depth - 1)),
      () => this.#signal(),
      () => this.#tidy(depth),
      () => rest(world.below(4)),
    ];
    if (world.below(25) === 0) actions.push(() => shut(world.pick(world.channels)));
    yield* depth === 0 ? this.#choose(1) : world.pick(actions)();
  }

  /** One call, or a select of several: sends, receives, locks and a timer. */
  *#choose(cases: number): Program<void> {
    const world = this.#world;
    const calls: Record<string, SystemCall<unknown>> = {};
    const effects: Record<string, (value: unknown) => void> = {};
    const offers: Message[] = [];
    const taken: Lock[] = [];
    for (let i = 0; i < cases; i++) {
      const channel = world.pick(world.channels);
      const kind = world.below(cases === 1 ? 2 : 5);
      if (kind < 2 && world.below(2) === 0) {
        const message = { sender: this.#name, number: this.#sent++ };
        offers.push(message);
        world.fates.set(message, "open");
        calls[`s${i}`] = channel.send(message);
        effects[`s${i}`] = (sent) => void (sent === true && world.fates.set(message, "sent"));
      } else if (kind < 3) {
        calls[`r${i}`] = channel.receive();
        effects[`r${i}`] = (message) => {
          if (message !== END) world.received(message as Message, channel, this.#name);
        };
      } else if (kind === 3) {
        const wanted = world.pick(world.locks);
        calls[`l${i}`] = lock(wanted, world.pick<LockMode>(["exclusive", "shared"]));
        effects[`l${i}`] = () => {
          world.took(wanted, this.#name);
          taken.push(wanted);
        };
      } else {
        calls[`t${i}`] = sleep(world.below(5));
      }
    }
    try {
      const { which, value } = yield* only(calls);
      effects[which]?.(value);
    } finally {
      // What was neither chosen nor cut off by KILL was not sent.
      for (const message of offers) {
        if (world.fates.get(message) === "open") world.fates.set(message, "refused");
      }
    }
    for (const held of taken) yield* unlock(held);
  }

  *#hold(depth: number): Program<void> {
    const world = this.#world;
    const wanted = world.pick(world.locks);
    const mode = world.pick<LockMode>(["exclusive", "shared"]);
    try {
      yield* lock(wanted, mode);
    } catch (error) {
      if (!(error instanceof SystemError && error.errno === "EOWNERDEAD")) throw error;
      if (wanted.abandonedBy === null) return;
      // Recovering is no wait: who is ended there leaves it as it was, abandoned, by another.
      world.took(wanted, this.#name);
      yield* recover(wanted);
    }
    world.took(wanted, this.#name);
    try {
      yield* this.#act(depth - 1);
    } finally {
      yield* unlock(wanted);
    }
  }

  *#limit(depth: number): Program<void> {
    const world = this.#world;
    try {
      yield* timeout(world.below(6), this.#act(depth - 1));
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
    }
  }

  /** An action whose clean-up acts, too. */
  *#tidy(depth: number): Program<void> {
    try {
      yield* this.#act(depth - 1);
    } finally {
      yield* this.#act(depth - 1);
    }
  }

  *#signal(): Program<void> {
    const world = this.#world;
    if (world.pids.length === 0) return;
    const pid = world.pick(world.pids);
    const signal = world.pick(["TERM", world.deadly ? "KILL" : "TERM", "STOP"] as const);
    yield* kill(pid, signal);
    if (signal !== "STOP") return;
    yield* shield(sleep(world.below(4)));
    yield* kill(pid, "CONT");
  }
}

/** A select of one call is, half of the time, that call alone. */
function* only(calls: Cases): Program<{ which: string; value: unknown }> {
  const [first, ...others] = Object.entries(calls);
  if (first !== undefined && others.length === 0 && first[0] !== "s0") {
    return { which: first[0], value: yield* first[1] };
  }
  return yield* select(calls);
}

function* rest(duration: number): Program<void> {
  if (duration === 0) yield* yieldCpu();
  else yield* sleep(duration);
}

function* shut(channel: Channel<Message>): Program<void> {
  yield* channel.close();
}

/** Between two steps nobody waits for what is there. */
function checkWaiters({ channels, locks, owners }: World): void {
  for (const { name, receivers, senders, buffer, capacity, closed } of channels) {
    const law = (holds: boolean, text: string) => {
      if (!holds) throw new Error(`${name}: ${text}`);
    };
    law(receivers.length === 0 || buffer.length === 0, "a receiver waits beside a message");
    law(senders.length === 0 || buffer.length >= capacity, "a sender waits beside room");
    law(!closed || receivers.length + senders.length === 0, "waits for what is closed");
    const tasks = new Set<Task>([...receivers, ...senders].map(({ task }) => task));
    const ends = [...receivers].length > 0 && [...senders].length > 0;
    law(!ends || tasks.size === 1, "a sender and a receiver wait for each other");
  }
  for (const held of locks) {
    const law = (holds: boolean, text: string) => {
      if (!holds) throw new Error(`${held.name}: ${text}`);
    };
    const holders = [...held.holders];
    law(held.first === null || holders.length > 0, "somebody waits for a free lock");
    const { args } = held.first instanceof Branch ? held.first.call : (held.first?.task.call ?? {});
    law(args?.[1] !== "shared" || held.mode !== "shared", "a reader waits beside readers");
    const [dead] = [...(owners.get(held) ?? [])].filter((n) =>
      held.abandonedBy?.endsWith(`"actor ${n}"`),
    );
    law(held.abandonedBy === null || dead !== undefined, "abandoned by one who never knew");
    law(held.mode === "shared" || holders.length <= 1, "held by several for themselves");
    law(held.abandonedBy === null || holders.length === 0, "abandoned and held");
    for (const task of holders) law(task.alive && task.locks?.has(held) === true, "a dead holder");
  }
}

function checkEnd(world: World, kernel: Kernel): void {
  for (const channel of world.channels) {
    for (let left = channel.length; left > 0; left--) {
      const message = channel.buffer.shift() as Message;
      world.receipts.set(message, (world.receipts.get(message) ?? 0) + 1);
    }
    expect(channel.receivers.length + channel.senders.length).toBe(0);
  }
  const slides = world.channels.some(({ overflow }) => overflow === "slide");
  for (const [message, fate] of world.fates) {
    const times = world.receipts.get(message) ?? 0;
    const [least, most] = fate === "sent" ? [slides ? 0 : 1, 1] : [0, fate === "open" ? 1 : 0];
    if (times < least || times > most) {
      throw new Error(`${JSON.stringify(message)}, ${fate}, was received ${times} times`);
    }
  }
  for (const held of world.locks) expect([held.length, held.holders.size]).toEqual([0, 0]);
  expect([...kernel.tasks].map((task) => task.pid)).toEqual([1]);
  const { timers, sleepers, selectors, outside, parents, stopped } = kernel;
  for (const queue of [timers, sleepers, selectors, outside, parents, stopped]) {
    expect(queue.length).toBe(0);
  }
}

test(`${SEEDS} random programs lose no message, no permit and no waiter`, () => {
  const seen = { sent: 0, refused: 0, open: 0, deadlocks: 0, abandoned: 0 };
  for (let seed = 1; seed <= SEEDS; seed++) {
    const world = new World(seed);
    const watch = (kernel: Kernel): void => {
      const step = kernel.step.bind(kernel);
      kernel.step = () => {
        const ran = step();
        checkWaiters(world);
        return ran;
      };
    };
    try {
      const { kernel, stderr, deadlock } = run(
        function* () {
          for (let i = 0; i < 5; i++) {
            world.pids.push(yield* spawn(new Actor(world, i).body(), { name: `actor ${i}` }));
          }
        },
        { seed, shuffle: seed % 2 === 0, maxSteps: 100_000, prepare: watch },
      );
      checkEnd(world, kernel);
      expect(stderr.replace(/^genix: deadlock[^]*$/, "")).toBe("");
      for (const fate of world.fates.values()) seen[fate] += 1;
      seen.deadlocks += deadlock === undefined ? 0 : 1;
      seen.abandoned += world.locks.filter((held) => held.abandonedBy !== null).length;
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
  // The programs are random enough for everything to happen.
  expect(Object.values(seen).every((count) => count > SEEDS / 20)).toBe(true);
});
