// Makes the story of a run while it runs: a probe that writes down each step and what it did to
// other tasks. Values become text at once, so that the story stays true when they change.

import { show, waitsFor, type ExitStatus, type Kernel, type Probe, type Signal } from "../kernel";
import type { SystemCall, Task, WaitQueue } from "../kernel";
import { objectOf } from "./object";
import type { Happening, StepEvent, Story, TaskStory } from "./story";

export interface TellerOptions {
  /** The time in milliseconds. Default: the machine's clock. */
  readonly now?: () => number;
  /** Where in its source a task stands. Asked after each step, if given. */
  readonly place?: (task: Task) => string;
  /** Keep at least so many steps, the last ones; default all. */
  readonly limit?: number;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Attach it to the kernel before the first step. */
export class StoryTeller implements Probe {
  readonly #kernel: Kernel;
  readonly #now: () => number;
  readonly #place: ((task: Task) => string) | undefined;
  readonly #limit: number;
  readonly #tasks = new Map<number, TaskStory>();
  readonly #steps: StepEvent[] = [];
  readonly #happenings: Happening[] = [];
  /** The step that was made last, while more may be learnt of it, and whose it is. */
  #step: Writable<StepEvent> | null = null;
  #task: Task | null = null;
  /** A wake of which it is not known yet what is delivered, and to whom. */
  #wake: Writable<Happening> | null = null;
  #woken: Task | null = null;

  constructor(kernel: Kernel, options: TellerOptions = {}) {
    this.#kernel = kernel;
    this.#now = options.now ?? (() => kernel.machine.clock());
    this.#place = options.place;
    this.#limit = options.limit ?? Infinity;
    for (const task of kernel.tasks) this.spawn(task);
  }

  /** The last step that was made, or null. */
  get last(): StepEvent | null {
    this.#news();
    return this.#steps.at(-1) ?? null;
  }

  /** All that is known by now. Its arrays go on growing with the run. */
  tell(program: string, args: readonly string[]): Story {
    this.#news();
    const tasks = [...this.#tasks.values()];
    return { program, args, tasks, steps: this.#steps, happenings: this.#happenings };
  }

  spawn(task: Task): void {
    this.#news();
    const { pid, name } = task;
    this.#tasks.set(pid, { pid, parent: task.parent?.pid ?? 0, name });
    this.#happen("spawn", task, name);
  }

  resume(task: Task): void {
    this.#deliver();
    // It was in the ready queue until now.
    this.#close(this.#kernel.ready.length + 1);
    this.#task = task;
    this.#step = {
      step: this.#kernel.steps,
      time: this.#now(),
      pid: task.pid,
      reply: task.steps === 1 && !task.throws ? "" : replyOf(task),
      ...{ call: "", name: "", object: "", outcome: "ready", detail: "", place: "", ready: 0 },
    };
  }

  trap(_task: Task, call: SystemCall<unknown>): void {
    this.#news();
    if (this.#step === null) return;
    this.#step.call = String(call);
    this.#step.name = call.name;
    this.#step.object = objectOf(call);
  }

  block(task: Task, _queue: WaitQueue): void {
    this.#news();
    if (this.#step === null || task !== this.#task) {
      this.#happen("move", task, waitsFor(task));
      return;
    }
    this.#step.outcome = "blocked";
    this.#step.detail = waitsFor(task);
  }

  wake(task: Task): void {
    this.#news();
    // It may get its reply in the step in which it blocked.
    if (this.#step !== null && task === this.#task) {
      this.#step.outcome = "ready";
      this.#step.detail = "";
    }
    this.#wake = this.#happen("wake", task, "");
    this.#woken = task;
  }

  signal(task: Task, signal: Signal, _sender: Task | null, reason: string): void {
    this.#news();
    this.#happen("signal", task, reason === "" ? signal : `${signal}: ${reason}`);
  }

  exit(task: Task, status: ExitStatus): void {
    this.#news();
    const text = describeEnding(status);
    if (this.#step !== null && task === this.#task) {
      this.#step.outcome = status.kind;
      this.#step.detail = text;
    }
    this.#happen("exit", task, text);
  }

  reap(task: Task): void {
    this.#news();
    this.#happen("reap", task, "");
  }

  tick(_now: number): void {
    this.#news();
  }

  #happen(kind: Happening["kind"], { pid }: Task, text: string): Writable<Happening> {
    const { current, steps: step } = this.#kernel;
    const happening = { kind, step, time: this.#now(), pid, by: current?.pid ?? 0, text };
    this.#happenings.push(happening);
    return happening;
  }

  /** Before anything is written down: between two steps the last one is over. */
  #news(): void {
    this.#deliver();
    if (this.#kernel.current === null) this.#close(this.#kernel.ready.length);
  }

  /** The kernel tells of a wake before it delivers. */
  #deliver(): void {
    if (this.#wake === null || this.#woken === null) return;
    this.#wake.text = replyOf(this.#woken);
    this.#wake = this.#woken = null;
  }

  #close(ready: number): void {
    const step = this.#step;
    const task = this.#task;
    if (step === null || task === null) return;
    this.#step = this.#task = null;
    step.ready = ready;
    if (step.outcome === "blocked" && task.timer !== null) {
      step.detail += ` at ${task.timer.deadline.toFixed(0)} ms`;
    }
    if (task.alive && this.#place !== undefined) step.place = this.#place(task);
    this.#steps.push(step);
    if (this.#steps.length >= 2 * this.#limit) this.#forget();
  }

  /** Keep the last steps, what happened in them, and the tasks that were there. */
  #forget(): void {
    this.#steps.splice(0, this.#steps.length - this.#limit);
    const first = this.#steps[0]?.step ?? 0;
    const kept = this.#happenings.findIndex(({ step }) => step >= first);
    const gone = this.#happenings.splice(0, kept < 0 ? this.#happenings.length : kept);
    for (const { kind, pid } of gone) if (kind === "exit") this.#tasks.delete(pid);
  }
}

/** What a task is resumed with. */
function replyOf({ reply, throws }: Task): string {
  return `${throws ? "!" : "="} ${show(reply)}`;
}

/** `exited: 5` */
export function describeEnding(status: ExitStatus): string {
  switch (status.kind) {
    case "exited":
      return status.value === undefined ? "exited" : `exited: ${show(status.value)}`;
    case "crashed":
      return `crashed: ${show(status.error)}`;
    case "killed":
      return `killed with ${status.signal} by ${status.by}`;
  }
}
