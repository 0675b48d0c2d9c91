// Probes: what watches the kernel (strace, the debugger, a test) without being able to change it.
// The kernel asks `probes !== null` once a hook; that is all they cost when absent.

import type { SystemCall } from "./call";
import type { ExitStatus, Signal } from "./status";
import type { Task } from "./task";
import type { WaitQueue } from "./wait-queue";

export interface Probe {
  /** `task` was made and is ready. */
  spawn?(task: Task): void;
  /** `task` is about to run, with `task.reply` sent into it or, if `task.throws`, thrown. */
  resume?(task: Task): void;
  /** Its step is over: `task` has run to its next trap, which was serviced, or to its end. */
  stepped?(task: Task): void;
  /** `task` made `call`; its handler has not run yet. */
  trap?(task: Task, call: SystemCall<unknown>): void;
  /** `task` waits on `queue`; when it did on another until now, this one took its place. */
  block?(task: Task, queue: WaitQueue): void;
  /** `task`, which was blocked, is ready. */
  wake?(task: Task): void;
  /** `task` is dead. */
  exit?(task: Task, status: ExitStatus): void;
  /** `task`, which was dead, has been waited for, and is in the process table no more. */
  reap?(task: Task): void;
  /** `signal` is about to be sent to `task`; by nobody, if it comes from outside. */
  signal?(task: Task, signal: Signal, sender: Task | null, reason: string): void;
  /** It was the turn of `task`, which has been killed or stopped meanwhile. */
  skip?(task: Task): void;
  /** The timer interrupt: it is `now`, and nobody has been woken yet. */
  tick?(now: number): void;
}

type Hook = keyof Probe;
type Having<H extends Hook> = Probe & Required<Pick<Probe, H>>;
/** For each hook, the probes that have it. */
type Listeners = { readonly [H in Hook]: readonly Having<H>[] };

/**
 * All attached probes as one. A probe that throws is disconnected and reported; the run goes on.
 * Each hook has a loop of its own, so that V8 sees which methods it calls, and inlines them.
 */
export class Probes implements Required<Probe> {
  readonly #attached = new Set<Probe>();
  readonly #report: (message: string) => void;
  #having: Listeners = listenersAmong([]);

  constructor(report: (message: string) => void) {
    this.#report = report;
  }

  get size(): number {
    return this.#attached.size;
  }

  add(probe: Probe): void {
    this.#attached.add(probe);
    this.#having = listenersAmong([...this.#attached]);
  }

  delete(probe: Probe): void {
    this.#attached.delete(probe);
    this.#having = listenersAmong([...this.#attached]);
  }

  spawn(task: Task): void {
    for (const probe of this.#having.spawn) {
      try {
        probe.spawn(task);
      } catch (error) {
        this.#disconnect(probe, "spawn", error);
      }
    }
  }

  resume(task: Task): void {
    for (const probe of this.#having.resume) {
      try {
        probe.resume(task);
      } catch (error) {
        this.#disconnect(probe, "resume", error);
      }
    }
  }

  stepped(task: Task): void {
    for (const probe of this.#having.stepped) {
      try {
        probe.stepped(task);
      } catch (error) {
        this.#disconnect(probe, "stepped", error);
      }
    }
  }

  trap(task: Task, call: SystemCall<unknown>): void {
    for (const probe of this.#having.trap) {
      try {
        probe.trap(task, call);
      } catch (error) {
        this.#disconnect(probe, "trap", error);
      }
    }
  }

  block(task: Task, queue: WaitQueue): void {
    for (const probe of this.#having.block) {
      try {
        probe.block(task, queue);
      } catch (error) {
        this.#disconnect(probe, "block", error);
      }
    }
  }

  wake(task: Task): void {
    for (const probe of this.#having.wake) {
      try {
        probe.wake(task);
      } catch (error) {
        this.#disconnect(probe, "wake", error);
      }
    }
  }

  exit(task: Task, status: ExitStatus): void {
    for (const probe of this.#having.exit) {
      try {
        probe.exit(task, status);
      } catch (error) {
        this.#disconnect(probe, "exit", error);
      }
    }
  }

  reap(task: Task): void {
    for (const probe of this.#having.reap) {
      try {
        probe.reap(task);
      } catch (error) {
        this.#disconnect(probe, "reap", error);
      }
    }
  }

  signal(task: Task, signal: Signal, sender: Task | null, reason: string): void {
    for (const probe of this.#having.signal) {
      try {
        probe.signal(task, signal, sender, reason);
      } catch (error) {
        this.#disconnect(probe, "signal", error);
      }
    }
  }

  skip(task: Task): void {
    for (const probe of this.#having.skip) {
      try {
        probe.skip(task);
      } catch (error) {
        this.#disconnect(probe, "skip", error);
      }
    }
  }

  tick(now: number): void {
    for (const probe of this.#having.tick) {
      try {
        probe.tick(now);
      } catch (error) {
        this.#disconnect(probe, "tick", error);
      }
    }
  }

  #disconnect(probe: Probe, hook: Hook, error: unknown): void {
    this.delete(probe);
    this.#report(`a probe threw in its ${hook} hook and was disconnected: ${String(error)}`);
  }
}

function listenersAmong(probes: readonly Probe[]): Listeners {
  const having = <H extends Hook>(hook: H): Having<H>[] =>
    probes.filter((probe): probe is Having<H> => probe[hook] !== undefined);
  return {
    spawn: having("spawn"),
    resume: having("resume"),
    stepped: having("stepped"),
    trap: having("trap"),
    block: having("block"),
    wake: having("wake"),
    exit: having("exit"),
    reap: having("reap"),
    signal: having("signal"),
    skip: having("skip"),
    tick: having("tick"),
  };
}
