// Random programs over channels, broadcasts and mailboxes, with random kills: no message is lost or
// doubled beyond what its channel says, and nothing is left behind.

import { seeded } from "../../machine/random";
import { Broadcast, Channel, END, kill, LaggedError, receive, select, sleep } from "../../syscalls";
import { spawn, SystemError, tell, wait, yieldCpu } from "../../syscalls";
import type { Overflow, Pid, Program, Signal } from "../../syscalls";
import { run } from "../helpers/run";

const SEEDS = 250;

class Dice {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  below(n: number): number {
    return Math.floor(this.random() * n);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  *pause(): Program<void> {
    if (this.below(3) === 0) yield* sleep(this.below(4));
    else if (this.below(2) === 0) yield* yieldCpu();
  }
}

/** Kills some of `pids`, some time; never all of them, so that `spared` end by themselves. */
function* killer(dice: Dice, pids: readonly Pid[], spared: number): Program<void> {
  const victims = pids.slice(spared);
  for (let i = dice.below(victims.length + 1); i > 0; i--) {
    yield* sleep(dice.below(6));
    yield* kill(dice.pick(victims), dice.pick<Signal>(["TERM", "KILL"]));
  }
}

function* waitFor(pids: readonly Pid[]): Program<void> {
  for (const pid of pids) yield* wait(pid);
}

/** What the tasks of a run have done: noted in the step after the call that did it. */
interface Account {
  readonly began: Set<string>;
  readonly sent: Set<string>;
  readonly dropped: Set<string>;
  readonly got: string[];
}

function* sender(dice: Dice, channel: Channel<string>, me: number, book: Account): Program<void> {
  for (let i = 0; i < 8; i++) {
    const message = `${me}:${i}`;
    book.began.add(message);
    const isPlain = dice.below(3) > 0;
    const choice = isPlain
      ? { which: "sent", value: yield* channel.send(message) }
      : yield* select({ sent: channel.send(message), late: sleep(dice.below(5)) });
    if (choice.which === "late") book.began.delete(message);
    else (choice.value === true ? book.sent : book.dropped).add(message);
    yield* dice.pause();
  }
}

function* receiver(dice: Dice, channel: Channel<string>, book: Account): Program<void> {
  for (;;) {
    const isPlain = dice.below(3) > 0;
    const choice = isPlain
      ? { which: "got", value: yield* channel.receive() }
      : yield* select({ got: channel.receive(), late: sleep(dice.below(5)) });
    if (choice.value === END) return;
    if (choice.which === "got") book.got.push(choice.value as string);
    yield* dice.pause();
  }
}

/** Senders and receivers on one channel; all but one receiver may be killed. */
function* overChannel(dice: Dice, channel: Channel<string>, book: Account): Program<void> {
  const receivers: Pid[] = [];
  const senders: Pid[] = [];
  for (let i = 0; i < 3; i++) receivers.push(yield* spawn(receiver(dice, channel, book)));
  for (let i = 0; i < 3; i++) senders.push(yield* spawn(sender(dice, channel, i, book)));
  yield* killer(dice, receivers, 1);
  yield* killer(dice, senders, 0);
  yield* waitFor(senders);
  yield* channel.close();
  yield* waitFor(receivers);
}

function forSeeds(check: (seed: number, dice: Dice) => void): void {
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      check(seed, new Dice(seed));
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
}

const newBook = (): Account => ({
  began: new Set(),
  sent: new Set(),
  dropped: new Set(),
  got: [],
});

test(`channels of every kind, ${SEEDS} runs: what was sent is received once, or the policy dropped it`, () => {
  let total = 0;
  forSeeds((seed, dice) => {
    const capacity = dice.pick([0, 1, 2, Infinity]);
    const overflows: Overflow[] = capacity === 0 ? ["block"] : ["block", "drop", "slide"];
    const overflow = dice.pick(overflows);
    const byNumber = capacity > 0 && overflow === "block" && dice.below(2) === 0;
    const options = byNumber ? { priority: (m: string) => Number(m.slice(2)) } : { overflow };
    const book = newBook();
    const channel = new Channel<string>(capacity, options);
    const { status } = run(() => overChannel(dice, channel, book), {
      seed,
      shuffle: seed % 2 === 0,
    });
    expect(status.kind).toBe("exited");
    const got = new Set(book.got);
    expect(got.size).toBe(book.got.length);
    for (const message of got) expect(book.began).toContain(message);
    for (const message of book.dropped) expect(got).not.toContain(message);
    if (overflow !== "slide") for (const message of book.sent) expect(got).toContain(message);
    expect([channel.length, channel.receivers.length, channel.senders.length]).toEqual([0, 0, 0]);
    total += book.got.length;
  });
  expect(total).toBeGreaterThan(SEEDS);
});

/** Notes each message, and for each that it missed a dash. */
function* subscriber(
  dice: Dice,
  topic: Broadcast<number>,
  overflow: Overflow,
  notes: string[],
): Program<void> {
  const mine = yield* topic.subscribe({ capacity: 1 + dice.below(3), overflow });
  for (;;) {
    try {
      const choice = yield* select({ got: mine.receive(), late: sleep(dice.below(5)) });
      if (choice.value === END) return void notes.push("end");
      if (choice.which === "got") notes.push(String(choice.value));
    } catch (error) {
      if (!(error instanceof LaggedError)) throw error;
      for (let i = 0; i < error.missed; i++) notes.push("-");
    }
    yield* dice.pause();
  }
}

test(`broadcasts, ${SEEDS} runs: who lives gets all in order, or is told how many it missed`, () => {
  forSeeds((seed, dice) => {
    const topic = new Broadcast<number>("topic");
    const ends: { overflow: Overflow; notes: string[] }[] = [];
    const { kernel, status } = run(
      function* () {
        const pids: Pid[] = [];
        for (let i = 0; i < 4; i++) {
          const end = { overflow: dice.pick<Overflow>(["block", "drop", "slide"]), notes: [] };
          ends.push(end);
          pids.push(yield* spawn(subscriber(dice, topic, end.overflow, end.notes)));
        }
        yield* sleep(1);
        const chief = yield* spawn(function* () {
          for (let i = 0; i < 12; i++) {
            yield* topic.send(i);
            yield* dice.pause();
          }
          yield* topic.close();
        });
        yield* killer(dice, pids, 1);
        yield* waitFor([chief, ...pids]);
      },
      { seed, shuffle: seed % 2 === 0 },
    );
    expect(status.kind).toBe("exited");
    expect([topic.subscribers, topic.senders.length, kernel.descriptors.size]).toEqual([0, 0, 0]);
    ends.forEach(({ overflow, notes }, i) => {
      const isWhole = notes.at(-1) === "end";
      if (i === 0) expect(isWhole).toBe(true);
      const got = (isWhole ? notes.slice(0, -1) : notes).map(Number);
      // Whatever it was told it missed comes right before the message after the gap.
      let expected = 0;
      for (const message of got) {
        if (Number.isNaN(message)) expected += 1;
        else if (overflow === "drop") expect(message).toBeGreaterThanOrEqual(expected);
        else expect(message).toBe(expected);
        if (!Number.isNaN(message)) expected = message + 1;
      }
      if (isWhole && overflow !== "drop") expect(expected).toBe(12);
    });
  });
});

test(`mailboxes, ${SEEDS} runs: each sender's messages come once and in order, also by a match`, () => {
  forSeeds((seed, dice) => {
    const got: string[] = [];
    const told = new Set<string>();
    const errors = new Set<string>();
    const isFrom = (who: number) => (m: unknown) => String(m).startsWith(`${who}:`);
    const { kernel, status } = run(
      function* () {
        const reader = yield* spawn(function* () {
          const calls = [() => receive(), () => receive(isFrom(0)), () => receive(isFrom(1))];
          for (;;) {
            const choice = yield* select({
              got: dice.pick(calls)(),
              late: sleep(1 + dice.below(4)),
            });
            if (choice.which === "got") got.push(choice.value as string);
            yield* dice.pause();
          }
        });
        const senders: Pid[] = [];
        for (let who = 0; who < 3; who++) {
          const sender = function* (): Program<void> {
            try {
              for (let i = 0; i < 8; i++) {
                yield* tell(reader, `${who}:${i}`);
                told.add(`${who}:${i}`);
                yield* dice.pause();
              }
            } catch (error) {
              if (!(error instanceof SystemError)) throw error;
              errors.add(error.errno);
            }
          };
          senders.push(yield* spawn(sender));
        }
        yield* killer(dice, senders, 0);
        const early = dice.below(2) === 0;
        if (!early) yield* waitFor(senders);
        yield* sleep(early ? dice.below(10) : 500);
        yield* kill(reader, dice.pick<Signal>(["TERM", "KILL"]));
        if (early) yield* waitFor(senders);
        else expect([...told].filter((m) => !got.includes(m))).toEqual([]);
        yield* wait(reader);
      },
      { seed, shuffle: seed % 2 === 0 },
    );
    expect(status.kind).toBe("exited");
    expect(kernel.descriptors.size).toBe(0);
    expect(new Set(got).size).toBe(got.length);
    for (let who = 0; who < 3; who++) {
      const mine = got.filter((m) => isFrom(who)(m)).map((m) => Number(m.slice(2)));
      expect(mine).toEqual(mine.map((_, i) => i));
    }
    for (const errno of errors) expect(errno).toBe("ESRCH");
  });
});
