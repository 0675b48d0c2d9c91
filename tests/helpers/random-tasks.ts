// Programs at random: tasks that spawn, wait, sleep, send, lock, select and signal each other, and
// end in every way. For properties of what watches them.

import fc from "./chance";
import {
  Channel,
  exit,
  kill,
  select,
  sleep,
  spawn,
  SystemError,
  wait,
  yieldCpu,
} from "../../syscalls";
import type { Pid, Program, Signal } from "../../syscalls";
import { Condition, group, Mutex, timeout, TimeoutError } from "../../tasks";

type Act =
  | readonly [
      "yield" | "wait" | "send" | "receive" | "select" | "lock" | "notify" | "meet" | "end",
      number,
    ]
  | readonly ["sleep" | "limit", number]
  | readonly ["signal", number, Signal]
  | readonly ["spawn" | "detach" | "group", readonly Act[]];

const leaf = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      ...(["yield", "wait", "send", "receive", "select", "lock", "notify", "meet", "end"] as const),
    ),
    fc.nat(3),
  ),
  fc.tuple(fc.constantFrom("sleep" as const, "limit" as const), fc.nat(9)),
  fc.tuple(
    fc.constant("signal" as const),
    fc.nat(12),
    fc.constantFrom<Signal[]>("TERM", "KILL", "STOP", "CONT", "INT"),
  ),
);

const { acts } = fc.letrec<{ act: Act; acts: Act[] }>((tie) => ({
  act: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 5, arbitrary: leaf },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.constantFrom("spawn", "detach", "group"), tie("acts")),
    },
  ),
  acts: fc.array(tie("act"), { minLength: 1, maxLength: 12, size: "max" }),
}));

/** A program that makes the same system calls on every run. */
export const randomProgram: fc.Arbitrary<() => Program<void>> = acts.map((list) => {
  return function* random() {
    yield* new Cast().play(list);
  };
});

/** What the tasks of one program share. */
class Cast {
  readonly #channel = new Channel<number>(1, { name: "jobs" });
  readonly #mutex = new Mutex("the door");
  readonly #news = new Condition(this.#mutex, "news");
  readonly #pids: Pid[] = [2];

  *play(acts: readonly Act[]): Program<void> {
    for (const act of acts) {
      try {
        yield* this.#do(act);
      } catch (error) {
        if (!(error instanceof SystemError || error instanceof TimeoutError)) throw error;
      }
    }
  }

  *#do(act: Act): Program<void> {
    switch (act[0]) {
      case "yield":
        return yield* yieldCpu();
      case "sleep":
        return yield* sleep(act[1]);
      case "wait":
        return void (yield* wait());
      case "signal": {
        const pid = this.#pids[act[1] % this.#pids.length] ?? 2;
        return yield* kill(pid, act[2], "at random");
      }
      case "end":
        if (act[1] === 0) throw new Error("on purpose");
        return act[1] === 1 ? void (yield* exit(act[1])) : undefined;
      case "spawn":
      case "detach":
      case "group":
        return yield* this.#start(act[0], act[1]);
      default:
        return yield* this.#share(act[0], act[1]);
    }
  }

  *#start(how: string, acts: readonly Act[]): Program<void> {
    if (how === "group") {
      const play = this.play.bind(this);
      return void (yield* group(function* body(g) {
        yield* g.spawn(play(acts));
        yield* play(acts.slice(0, 2));
      }));
    }
    const options = { name: `t${acts.length}`, detached: how === "detach" };
    this.#pids.push(yield* spawn(this.play(acts), options));
  }

  *#share(what: string, n: number): Program<void> {
    const channel = this.#channel;
    const mutex = this.#mutex;
    if (what === "send") return void (yield* channel.send(n));
    if (what === "receive") return void (yield* channel.receive());
    if (what === "limit") return void (yield* timeout(n, channel.receive()));
    if (what === "select") {
      return void (yield* select({ job: channel.receive(), late: sleep(n), door: mutex.lock() }));
    }
    const news = this.#news;
    return yield* mutex.with(function* inside() {
      if (what === "notify") yield* news.notify();
      else if (what === "meet") yield* timeout(n + 1, news.wait());
      else yield* sleep(n);
    });
  }
}
