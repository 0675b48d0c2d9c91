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
type Listener = (a: unknown, b: unknown, c: unknown, d: unknown) => void;

/** A probe, and one hook of it. */
interface Attached {
  readonly probe: Probe;
  readonly tell: Listener;
}

/**
 * All attached probes as one. A probe that throws is disconnected and reported; the run goes on.
 */
export class Probes implements Required<Probe> {
  readonly #attached = new Set<Probe>();
  readonly #report: (message: string) => void;
  /** For each hook, those that have it. */
  #listeners: Readonly<Record<Hook, readonly Attached[]>> = listenersAmong([]);

  constructor(report: (message: string) => void) {
    this.#report = report;
  }

  get size(): number {
    return this.#attached.size;
  }

  add(probe: Probe): void {
    this.#attached.add(probe);
    this.#listeners = listenersAmong([...this.#attached]);
  }

  delete(probe: Probe): void {
    this.#attached.delete(probe);
    this.#listeners = listenersAmong([...this.#attached]);
  }

  spawn(task: Task): void {
    this.#tell(this.#listeners.spawn, "spawn", task);
  }

  resume(task: Task): void {
    this.#tell(this.#listeners.resume, "resume", task);
  }

  stepped(task: Task): void {
    this.#tell(this.#listeners.stepped, "stepped", task);
  }

  trap(task: Task, call: SystemCall<unknown>): void {
    this.#tell(this.#listeners.trap, "trap", task, call);
  }

  block(task: Task, queue: WaitQueue): void {
    this.#tell(this.#listeners.block, "block", task, queue);
  }

  wake(task: Task): void {
    this.#tell(this.#listeners.wake, "wake", task);
  }

  exit(task: Task, status: ExitStatus): void {
    this.#tell(this.#listeners.exit, "exit", task, status);
  }

  reap(task: Task): void {
    this.#tell(this.#listeners.reap, "reap", task);
  }

  signal(task: Task, signal: Signal, sender: Task | null, reason: string): void {
    this.#tell(this.#listeners.signal, "signal", task, signal, sender, reason);
  }

  skip(task: Task): void {
    this.#tell(this.#listeners.skip, "skip", task);
  }

  tick(now: number): void {
    this.#tell(this.#listeners.tick, "tick", now);
  }

  #tell(
    listeners: readonly Attached[],
    hook: Hook,
    a: unknown,
    b?: unknown,
    c?: unknown,
    d?: unknown,
  ): void {
    for (const { probe, tell } of listeners) {
      try {
        tell(a, b, c, d);
      } catch (error) {
        this.delete(probe);
        this.#report(`a probe threw in its ${hook} hook and was disconnected: ${String(error)}`);
      }
    }
  }
}

function listenersAmong(probes: readonly Probe[]): Record<Hook, readonly Attached[]> {
  const having = (hook: Hook): Attached[] =>
    probes.flatMap((probe) => {
      const tell = probe[hook]?.bind(probe) as Listener | undefined;
      return tell === undefined ? [] : [{ probe, tell }];
    });
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
