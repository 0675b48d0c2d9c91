// The task: this system's process control block. It holds everything the kernel knows of one
// running program. Only the kernel changes it; handlers read it. What few tasks ever have is in
// objects of its own, made when it is needed, so that a million tasks fit.

import type { Program, SystemCall } from "./call";
import type { Descriptor } from "./descriptor";
import type { Kernel } from "./kernel";
import type { Lock } from "./lock";
import type { Permits } from "./permits";
import { show } from "./show";
import type { Signals } from "./signals";
import type { Become, Exit, ExitStatus } from "./status";
import type { Timer } from "./timers";
import { WaitQueue, type Entry } from "./wait-queue";

/**
 * Where a task is. Exactly one holds:
 * - ready, granted, yielded: in the ready queue, to be resumed with `reply`. Of one that yielded
 *   the CPU the reply is nothing, so a signal may take its place; to the others a reply was
 *   delivered, and no signal may drop it. What a call that may block has granted (a message, a
 *   lock) others may want, so it goes back if KILL comes before the task runs: see `lost`. A
 *   stopped task is on Kernel.stopped instead of the ready queue.
 * - running: it is Kernel.current.
 * - blocked: on `queue`, in `call`.
 * - zombie: dead, kept for its parent to wait for. dead: reaped.
 */
export type State = "ready" | "granted" | "yielded" | "running" | "blocked" | "zombie" | "dead";

/** What a blocked task leaves with the kernel. */
export interface Waiter {
  /** Try again, because there is news: the reply, or BLOCKED to go on waiting. */
  retry?(): unknown;
  /** Undo what was begun, because the task will not wait any longer. It has left the queue. */
  cancel?(kernel: Kernel): void;
  /** What it would hand to the one who wakes it: the value of a `send`. */
  readonly offer?: unknown;
}

/** What a task has of children. */
export class Family {
  /** The living, from the youngest through `olderSibling`. */
  youngest: Task | null = null;
  /** The dead whom nobody has waited for, oldest death first. */
  readonly zombies = new WaitQueue<Task>("its parent to wait for it");
  /** The living that `wait()` waits for: no daemons, unless the parent is one. */
  living = 0;
}

export class Task {
  readonly pid: number;
  readonly name: string;
  /** A daemon does not keep the system alive. Children of daemons are daemons. */
  readonly daemon: boolean;
  /** The process group: the pid of the task that began it. */
  group: number;
  state: State = "ready";
  /** Told to stop, and not yet to continue. */
  stopped = false;
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
  next: Entry | null = null;
  previous: Entry | null = null;
  waiter: Waiter | null = null;
  timer: Timer | null = null;

  // Its end.
  /** Signals, alarms and shields, once it has had one. */
  signals: Signals | null = null;
  /** Is something to be thrown at its next blocking call? */
  pending = false;
  /** It is unwinding towards an exit or a tail call. */
  leaving: Exit | Become | null = null;
  status: ExitStatus | null = null;

  // Its family.
  parent: Task | null = null;
  olderSibling: Task | null = null;
  youngerSibling: Task | null = null;
  family: Family | null = null;
  /** Told to stop when its parent ends. */
  bound = false;

  // What it holds.
  /** The descriptors that close when it dies. */
  descriptors: Set<Descriptor> | null = null;
  /** The locks and the permits that are released when it dies. */
  locks: Set<Lock | Permits> | null = null;
  /** Its task-local values; shared with others, so never changed. */
  locals: ReadonlyMap<object, unknown> | null = null;

  // Accounting.
  steps = 0;
  /** CPU time in milliseconds; stays 0 unless the kernel is given a CPU clock. */
  cpuTime = 0;

  constructor(pid: number, name: string, daemon: boolean, program: Program) {
    this.pid = pid;
    this.group = pid;
    this.name = name;
    this.daemon = daemon;
    this.frame = program;
  }

  /** As an entry of a wait queue, a task stands for itself. */
  get task(): this {
    return this;
  }

  get alive(): boolean {
    return this.status === null;
  }

  /** `task 3 "worker"`, as every message names it. */
  toString(): string {
    return this.name === "" ? `task ${this.pid}` : `task ${this.pid} ${show(this.name)}`;
  }
}
