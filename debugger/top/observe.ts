// What an observer is told of a running program: its totals, and the rows of its tasks that are
// asked for. Sorted and cut here, beside the kernel, so that 10,000 tasks need not travel. Pure:
// looks at the kernel's state and changes nothing.

import { infoOf, stateOf, type Kernel, type Probe, type Task, type TaskInfo } from "../../kernel";
import { Queues } from "./queues";
import { PROTOCOL, type Query, type Report, type TaskRow } from "./report";
import { Order } from "./order";
import { waitReason } from "../views";

/** A step that took less is shown as 0.0 ms, so it need not be noted. */
const NOTED = 0.05;
/** Rates are taken over at least so many milliseconds, however often somebody looks. */
const LEAST = 250;

/** What only the host knows of the process. */
export interface Vitals {
  /** In bytes. */
  readonly heapUsed: number;
  readonly heapTotal: number;
  /** CPU time in milliseconds, of all threads. */
  readonly cpu: number;
}

interface Sample {
  readonly time: number;
  readonly steps: number;
  readonly cpu: number;
  /** Of each task, by pid. */
  readonly tasks: ReadonlyMap<number, number>;
}

/** Observes `kernel`, which keeps account of CPU time, from now until `stop`. */
export class Observer implements Probe {
  readonly kernel: Kernel;
  readonly program: string;
  readonly vitals: () => Vitals;
  readonly queues: Queues;
  readonly began: Sample;
  readonly #longest = new WeakMap<Task, number>();
  readonly #viewers = new Set<Viewer>();
  /** The CPU time of the task that runs, when its step began. */
  #before = 0;

  constructor(kernel: Kernel, program: string, vitals: () => Vitals) {
    this.kernel = kernel;
    this.program = program;
    this.vitals = vitals;
    this.queues = new Queues(kernel);
    const [time, { cpu }] = [this.now(), vitals()];
    this.began = { time, steps: kernel.steps, cpu, tasks: new Map() };
    kernel.attach(this);
  }

  /** On the clock that deadlines are told by; in no recording. */
  now(): number {
    return this.kernel.machine.clock();
  }

  stop(): void {
    this.kernel.detach(this);
    for (const viewer of this.#viewers) this.leave(viewer);
  }

  resume({ cpuTime }: Task): void {
    this.#before = cpuTime;
  }

  stepped(task: Task): void {
    const took = task.cpuTime - this.#before;
    if (took >= NOTED && took > this.longestOf(task)) this.#longest.set(task, took);
  }

  /** The longest step of `task` so far, in milliseconds. */
  longestOf(task: Task): number {
    return this.#longest.get(task) ?? 0;
  }

  /** One who looks again and again. */
  join(): Viewer {
    const viewer = new Viewer(this);
    if (this.#viewers.size === 0) this.queues.watch();
    this.#viewers.add(viewer);
    return viewer;
  }

  leave(viewer: Viewer): void {
    if (this.#viewers.delete(viewer) && this.#viewers.size === 0) this.queues.unwatch();
  }
}

/** Rates are since a viewer's own last look. */
export class Viewer {
  readonly #observer: Observer;
  #before: Sample;
  #last: Sample;

  constructor(observer: Observer) {
    this.#observer = observer;
    this.#before = observer.began;
    this.#last = observer.began;
  }

  look(query: Query): Report {
    const { kernel, program, vitals, queues, began } = this.#observer;
    const now = this.#observer.now();
    const { heapUsed, heapTotal, cpu } = vitals();
    const tasks = [...kernel.tasks];
    this.#sample(tasks, now, cpu);
    const elapsed = Math.max(now - this.#before.time, 1);
    const order = new Order(
      tasks,
      query,
      (task) => this.#percentOf(task, elapsed),
      (task) => this.#observer.longestOf(task),
    );
    const waiting = queues.rows();
    return {
      genix: PROTOCOL,
      program,
      uptime: now - began.time,
      states: statesOf(tasks),
      steps: kernel.steps,
      stepsPerSecond: ((kernel.steps - this.#before.steps) / elapsed) * 1000,
      ready: kernel.ready.length,
      timers: kernel.timers.length,
      descriptors: kernel.descriptors.size,
      percent: ((cpu - this.#before.cpu) / elapsed) * 100,
      heapUsed,
      heapTotal,
      matching: order.length,
      offset: order.offset,
      rows: order.page.map(({ task, depth }) => this.#row(task, depth, elapsed, now)),
      queues: waiting.slice(0, query.queues),
      waiting: waiting.length,
    };
  }

  /** Note how things are, if it is time to. */
  #sample(tasks: readonly Task[], time: number, cpu: number): void {
    const { kernel } = this.#observer;
    if (time - this.#last.time >= LEAST) {
      this.#before = this.#last;
      const times = new Map(tasks.map(({ pid, cpuTime }) => [pid, cpuTime]));
      this.#last = { time, steps: kernel.steps, cpu, tasks: times };
    }
  }

  #percentOf({ pid, cpuTime }: Task, elapsed: number): number {
    return ((cpuTime - (this.#before.tasks.get(pid) ?? 0)) / elapsed) * 100;
  }

  #row(task: Task, depth: number, elapsed: number, now: number): TaskRow {
    const info = infoOf(task);
    const { pid, ppid, name, state, daemon, steps, cpuTime } = info;
    return {
      ...{ pid, ppid, name, state, daemon, steps, depth },
      cpu: cpuTime,
      percent: this.#percentOf(task, elapsed),
      longest: this.#observer.longestOf(task),
      fds: info.descriptors.length,
      waits: waitReason({ ...info, deadline: undefined }) + remaining(info, now),
    };
  }
}

function statesOf(tasks: readonly Task[]): Report["states"] {
  const states = { running: 0, ready: 0, blocked: 0, stopped: 0, zombie: 0 };
  for (const task of tasks) states[stateOf(task)] += 1;
  return states;
}

/** Nobody who looks at a table knows what time it is on the machine's clock. */
function remaining({ deadline }: TaskInfo, now: number): string {
  return deadline === undefined ? "" : ` in ${Math.max(0, deadline - now).toFixed(0)} ms`;
}
