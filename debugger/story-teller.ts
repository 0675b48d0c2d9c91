// Makes the story of a run while it runs: a probe that writes down each step and what it did to
// other tasks. Values become text at once, so that the story stays true when they change.

import { show, waitsFor, type ExitStatus, type Kernel, type Probe, type Signal } from "../kernel";
import type { SystemCall, Task } from "../kernel";
import { objectOf } from "./object";
import type { Happening, StepEvent, Story, TaskStory } from "./story";
import { describeEnding } from "./views";

/** When a step was over on the machine's clock, and how long it had lasted, in milliseconds. */
export interface StepTime {
  readonly time: number;
  readonly lasted: number;
}

export interface TellerOptions {
  /** The time in milliseconds. Default: the machine's clock. */
  readonly now?: () => number;
  /** How long a step took, by its number, where that is known. */
  readonly times?: ReadonlyMap<number, StepTime>;
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
  readonly #times: ReadonlyMap<number, StepTime>;
  readonly #place: ((task: Task) => string) | undefined;
  readonly #limit: number;
  readonly #tasks = new Map<number, TaskStory>();
  readonly #steps: StepEvent[] = [];
  readonly #happenings: Happening[] = [];
  /** The step that is being made, and whose it is. */
  #step: Writable<StepEvent> | null = null;
  #task: Task | null = null;
  /** A wake of which it is not known yet what is delivered, and to whom. */
  #wake: Writable<Happening> | null = null;
  #woken: Task | null = null;

  constructor(kernel: Kernel, options: TellerOptions = {}) {
    this.#kernel = kernel;
    this.#now = options.now ?? (() => kernel.machine.clock());
    this.#times = options.times ?? new Map<number, StepTime>();
    this.#place = options.place;
    this.#limit = options.limit ?? Infinity;
    for (const task of kernel.tasks) this.spawn(task);
  }

  /** The last step that was made, or null. */
  get last(): StepEvent | null {
    return this.#steps.at(-1) ?? null;
  }

  /** All that is known by now. Its arrays go on growing with the run. */
  tell(program: string, args: readonly string[]): Story {
    this.#deliver();
    const tasks = [...this.#tasks.values()];
    return { program, args, tasks, steps: this.#steps, happenings: this.#happenings };
  }

  spawn(task: Task): void {
    this.#deliver();
    const { pid, name } = task;
    this.#tasks.set(pid, { pid, parent: task.parent?.pid ?? 0, name });
    this.#happen("spawn", task, name);
  }

  resume(task: Task): void {
    this.#deliver();
    this.#task = task;
    this.#step = {
      step: this.#kernel.steps,
      time: this.#now(),
      pid: task.pid,
      reply: task.steps === 1 && !task.throws ? "" : replyOf(task),
      ...{ call: "", name: "", object: "", outcome: "ready", detail: "", place: "", ready: 0 },
    };
  }

  stepped(task: Task): void {
    this.#deliver();
    const step = this.#step;
    if (step === null) return;
    this.#step = this.#task = null;
    step.ready = this.#kernel.ready.length;
    const known = this.#times.get(step.step);
    if (known !== undefined) {
      // It may have begun later than anybody had looked at the clock.
      step.time = Math.max(step.time, known.time - known.lasted);
      step.lasted = known.lasted;
    }
    if (step.outcome === "blocked" && task.timer !== null) {
      step.detail += ` at ${task.timer.deadline.toFixed(0)} ms`;
    }
    if (task.alive && this.#place !== undefined) step.place = this.#place(task);
    this.#steps.push(step);
    if (this.#steps.length >= 2 * this.#limit) this.#forget();
  }

  trap(_task: Task, call: SystemCall<unknown>): void {
    this.#deliver();
    if (this.#step === null) return;
    this.#step.call = String(call);
    this.#step.name = call.name;
    this.#step.object = objectOf(call);
  }

  block(task: Task): void {
    this.#deliver();
    if (this.#step === null || task !== this.#task) {
      this.#happen("move", task, waitsFor(task));
      return;
    }
    this.#step.outcome = "blocked";
    this.#step.detail = waitsFor(task);
  }

  wake(task: Task): void {
    this.#deliver();
    // It may get its reply in the step in which it blocked.
    if (this.#step !== null && task === this.#task) {
      this.#step.outcome = "ready";
      this.#step.detail = "";
    }
    this.#wake = this.#happen("wake", task, "");
    this.#woken = task;
  }

  signal(task: Task, signal: Signal, _sender: Task | null, reason: string): void {
    this.#deliver();
    this.#happen("signal", task, reason === "" ? signal : `${signal}: ${reason}`);
  }

  exit(task: Task, status: ExitStatus): void {
    this.#deliver();
    const text = describeEnding(status);
    if (this.#step !== null && task === this.#task) {
      this.#step.outcome = status.kind;
      this.#step.detail = text;
    }
    this.#happen("exit", task, text);
  }

  reap(task: Task): void {
    this.#deliver();
    this.#happen("reap", task, "");
  }

  #happen(kind: Happening["kind"], { pid }: Task, text: string): Writable<Happening> {
    const { current, steps: step } = this.#kernel;
    const happening = { kind, step, time: this.#now(), pid, by: current?.pid ?? 0, text };
    this.#happenings.push(happening);
    return happening;
  }

  /** The kernel tells of a wake before it delivers. */
  #deliver(): void {
    if (this.#wake === null || this.#woken === null) return;
    this.#wake.text = replyOf(this.#woken);
    this.#wake = this.#woken = null;
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
