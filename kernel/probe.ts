// Probes: what watches the kernel (strace, the debugger, a test) without being able to change it.
// The kernel asks `probes !== null` once a hook; that is all they cost when absent.

import type { SystemCall } from "./call";
import type { ExitStatus } from "./status";
import type { Task } from "./task";
import type { WaitQueue } from "./wait-queue";

export interface Probe {
  /** `task` was made and is ready. */
  spawn?(task: Task): void;
  /** `task` is about to run, with `task.reply` sent into it or, if `task.throws`, thrown. */
  resume?(task: Task): void;
  /** `task` made `call`; its handler has not run yet. */
  trap?(task: Task, call: SystemCall<unknown>): void;
  /** `task` waits on `queue`. */
  block?(task: Task, queue: WaitQueue): void;
  /** `task`, which was blocked, is ready. */
  wake?(task: Task): void;
  /** `task` is dead. */
  exit?(task: Task, status: ExitStatus): void;
}

/**
 * All attached probes as one. A probe that throws is disconnected and reported; the run goes on.
 */
export class Probes implements Required<Probe> {
  readonly #attached = new Set<Probe>();
  readonly #report: (message: string) => void;

  constructor(report: (message: string) => void) {
    this.#report = report;
  }

  get size(): number {
    return this.#attached.size;
  }

  add(probe: Probe): void {
    this.#attached.add(probe);
  }

  delete(probe: Probe): void {
    this.#attached.delete(probe);
  }

  spawn(task: Task): void {
    this.#tell("spawn", (probe) => probe.spawn?.(task));
  }

  resume(task: Task): void {
    this.#tell("resume", (probe) => probe.resume?.(task));
  }

  trap(task: Task, call: SystemCall<unknown>): void {
    this.#tell("trap", (probe) => probe.trap?.(task, call));
  }

  block(task: Task, queue: WaitQueue): void {
    this.#tell("block", (probe) => probe.block?.(task, queue));
  }

  wake(task: Task): void {
    this.#tell("wake", (probe) => probe.wake?.(task));
  }

  exit(task: Task, status: ExitStatus): void {
    this.#tell("exit", (probe) => probe.exit?.(task, status));
  }

  #tell(hook: string, call: (probe: Probe) => void): void {
    for (const probe of this.#attached) {
      try {
        call(probe);
      } catch (error) {
        this.#attached.delete(probe);
        this.#report(`a probe threw in its ${hook} hook and was disconnected: ${String(error)}`);
      }
    }
  }
}
