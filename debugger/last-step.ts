// What happened since the last look: whose step was made, what it called, and what befell others.
// A probe for breakpoints, which forget it all after every step.

import type { ExitStatus, Kernel, Probe, Signal, SystemCall, Task, WaitQueue } from "../kernel";
import { INIT } from "./story";
import { describeEnding } from "./views";

/** What befell a task. */
export interface Event {
  readonly kind: "spawn" | "signal" | "exit" | "crash";
  readonly task: Task;
  /** In words: `was sent TERM`. */
  readonly text: string;
}

export class LastStep implements Probe {
  /** Whose step it was; null before the first. */
  task: Task | null = null;
  call: SystemCall<unknown> | null = null;
  /** On what it waits since. */
  queue: WaitQueue | null = null;
  events: Event[] = [];
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** What happens from here on is news. */
  forget(): void {
    this.call = null;
    this.queue = null;
    if (this.events.length > 0) this.events = [];
  }

  resume(task: Task): void {
    this.task = task;
  }

  trap(_task: Task, call: SystemCall<unknown>): void {
    this.call = call;
  }

  block(task: Task, queue: WaitQueue): void {
    if (task === this.task) this.queue = queue;
  }

  spawn(task: Task): void {
    const parent = this.#kernel.current;
    this.#note("spawn", task, parent === null ? "was spawned" : `was spawned by ${String(parent)}`);
  }

  signal(task: Task, signal: Signal, sender: Task | null, reason: string): void {
    const from = sender === null ? "from outside" : `by ${String(sender)}`;
    this.#note("signal", task, `was sent ${signal} ${from}${reason === "" ? "" : `: ${reason}`}`);
  }

  exit(task: Task, status: ExitStatus): void {
    const kind = status.kind === "crashed" ? "crash" : "exit";
    this.#note(kind, task, describeEnding(status));
  }

  #note(kind: Event["kind"], task: Task, text: string): void {
    if (task.pid !== INIT) this.events.push({ kind, task, text: `${String(task)} ${text}` });
  }
}
