// Random programs for pictures: tasks that spawn, talk, lock, sleep, stop, crash and are killed.

import fc from "./chance";
import {
  Channel,
  exit,
  kill,
  now,
  select,
  sleep,
  spawn,
  tell,
  wait,
  yieldCpu,
} from "../../syscalls";
import { receive } from "../../syscalls";
import type { Pid, Program } from "../../syscalls";
import { Mutex } from "../../tasks";

type Act = readonly [what: string, which: number, who: number];

const act = fc.tuple(
  fc.constantFrom(
    ...["sleep", "yield", "send", "receive", "select", "lock", "unlock", "spawn", "wait", "tell"],
    ...["mailbox", "term", "kill", "stop", "cont", "crash", "exit"],
  ),
  fc.nat(2),
  fc.nat(6),
);

/** What a random program is made of: the acts of each of its tasks. The first is main. */
export const scripts = fc.array(fc.array(act, { maxLength: 12 }), { minLength: 1, maxLength: 6 });

export function program(script: readonly (readonly Act[])[]): () => Program<void> {
  return function* main() {
    const stage = new Stage(script);
    yield* stage.play(0);
  };
}

class Stage {
  readonly #scripts: readonly (readonly Act[])[];
  readonly #channels = [0, 1, 2].map((n) => new Channel<number>(n, { name: `channel ${n}` }));
  readonly #locks = [0, 1, 2].map((n) => new Mutex(`lock ${n}`));
  readonly #pids: Pid[] = [];
  #spawned = 0;

  constructor(script: readonly (readonly Act[])[]) {
    this.#scripts = script;
  }

  *play(role: number): Program<void> {
    for (const [what, which, who] of this.#scripts[role % this.#scripts.length] ?? []) {
      try {
        yield* this.#act(what, which, who);
      } catch (error) {
        // Errors of the calls are part of the play; a signal or a crash is not caught.
        if (!(error instanceof Error && error.name === "SystemError")) throw error;
      }
    }
  }

  *#act(what: string, which: number, who: number): Program<void> {
    const channel = this.#channels[which] ?? new Channel<number>();
    const lock = this.#locks[which] ?? new Mutex();
    const pid = this.#pids[who % Math.max(1, this.#pids.length)] ?? 99;
    if (what === "sleep") yield* sleep(which * who);
    else if (what === "yield") yield* yieldCpu();
    else if (what === "send") yield* channel.send(who);
    else if (what === "receive") yield* channel.receive();
    else if (what === "select") yield* select({ it: channel.receive(), late: sleep(who) });
    else if (what === "lock") yield* lock.lock();
    else if (what === "unlock") yield* lock.unlock();
    else if (what === "spawn" && this.#spawned++ < 20) {
      const child = yield* spawn(this.play(who), { name: `child ${who}`, daemon: which === 0 });
      this.#pids.push(child);
    } else if (what === "wait") yield* wait();
    else if (what === "tell") yield* tell(pid, who);
    else if (what === "mailbox") yield* select({ it: receive(), late: sleep(which) });
    else yield* this.#violence(what, pid);
  }

  *#violence(what: string, pid: Pid): Program<void> {
    if (what === "term") yield* kill(pid, "TERM", "a random act");
    else if (what === "kill") yield* kill(pid, "KILL");
    else if (what === "stop") yield* kill(pid, "STOP");
    else if (what === "cont") yield* kill(pid, "CONT");
    else if (what === "crash") throw new Error("a random crash");
    else if (what === "exit") yield* exit(yield* now());
  }
}
