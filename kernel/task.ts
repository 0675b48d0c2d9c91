// The task: this system's process control block. It holds everything the kernel knows of one
// running program. Only the kernel changes it; handlers read it.

import type { Program, SystemCall } from "./call";
import type { Descriptor } from "./descriptor";
import type { Become, Exit, ExitStatus, Killed } from "./status";
import type { Timer } from "./timers";
import type { WaitQueue } from "./wait-queue";

/**
 * Where a task is. Exactly one holds:
 * - ready, yielded: in the ready queue, to be resumed with `reply`. Of one that yielded the CPU the
 *   reply is nothing, so a signal may take its place; of one that is ready a reply was delivered,
 *   and no signal may drop it.
 * - running: it is Kernel.current.
 * - blocked: on `queue`, in `call`.
 * - zombie: dead, kept for its parent to wait for. dead: reaped.
 */
export type State = "ready" | "yielded" | "running" | "blocked" | "zombie" | "dead";

/** What a blocked task leaves with the kernel. */
export interface Waiter {
  /** Try again, because the device has news: the reply, or BLOCKED to go on waiting. */
  retry?(): unknown;
  /** Undo what was begun, because the task will not wait any longer. */
  cancel?(): void;
}

export class Task {
  readonly pid: number;
  readonly name: string;
  /** A daemon does not keep the system alive. Children of daemons are daemons. */
  readonly daemon: boolean;
  state: State = "ready";
  /**
   * The frame that runs; the frames that wait for it to return are in `callers`, the oldest first.
   */
  frame: Program | null;
  callers: Program[] | null = null;

  /** What `frame` is resumed with: thrown if `throws`, else sent. */
  reply: unknown = undefined;
  throws = false;
  /** While blocked, the system call it waits in; else an earlier one. */
  call: SystemCall<unknown> | null = null;

  // While blocked.
  queue: WaitQueue | null = null;
  next: Task | null = null;
  previous: Task | null = null;
  waiter: Waiter | null = null;
  timer: Timer | null = null;

  // Its end.
  /** The first TERM it was sent; `pending` until it is thrown. */
  killed: Killed | null = null;
  pending = false;
  /** It is unwinding towards an exit or a tail call. */
  leaving: Exit | Become | null = null;
  status: ExitStatus | null = null;

  // Its family: the living children are a list through their siblings; the dead ones a list of
  // their own.
  parent: Task | null = null;
  youngestChild: Task | null = null;
  olderSibling: Task | null = null;
  youngerSibling: Task | null = null;
  /** Dead children nobody has waited for, oldest death first. */
  zombies: WaitQueue | null = null;
  /** Living children that are no daemons: those `wait()` waits for. */
  livingChildren = 0;

  /** The descriptors that close when it dies. */
  descriptors: Set<Descriptor> | null = null;

  // Accounting.
  steps = 0;
  /** CPU time in milliseconds; stays 0 unless the kernel is given a CPU clock. */
  cpuTime = 0;

  constructor(pid: number, name: string, daemon: boolean, program: Program) {
    this.pid = pid;
    this.name = name;
    this.daemon = daemon;
    this.frame = program;
  }

  get alive(): boolean {
    return this.status === null;
  }

  /** `task 3 "worker"`, as every message names it. */
  toString(): string {
    return this.name === "" ? `task ${this.pid}` : `task ${this.pid} "${this.name}"`;
  }
}
