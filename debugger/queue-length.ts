// The length of a queue that is known by its name: the ready queue, a channel or mailbox, or a wait
// queue. Which object that is shows when a task first uses it, or waits on it.

import { Selection } from "../kernel";
import type { Kernel, Probe, SystemCall, Task, WaitQueue } from "../kernel";
import { subjectsOf } from "./object";

/** The name of the ready queue. */
const READY = "ready";

export class QueueLength implements Probe {
  readonly #name: string;
  #found: object | null = null;
  /** Its length when it was last asked for, or found. */
  #before = 0;

  constructor(kernel: Kernel, name: string) {
    this.#name = name;
    if (name === READY) this.#find(kernel.ready);
    for (const task of kernel.tasks) if (task.state === "blocked") this.#look(task);
    for (const { device } of kernel.descriptors) this.#consider(device);
  }

  /** How long it was before this step, and is now; 0 as long as none of that name has been seen. */
  change(): { readonly before: number; readonly now: number } {
    const before = this.#before;
    const now = (this.#before = lengthOf(this.#found) ?? 0);
    return { before, now };
  }

  trap(_task: Task, call: SystemCall<unknown>): void {
    if (this.#found === null) for (const subject of subjectsOf(call)) this.#consider(subject);
  }

  block(task: Task): void {
    if (this.#found !== null) return;
    for (const queue of queuesOf(task)) this.#consider(queue);
    // The task is among the waiters already.
    if (this.#found !== null) this.#before -= 1;
  }

  /** What a task waits on, and what its call works on. */
  #look(task: Task): void {
    for (const queue of queuesOf(task)) this.#consider(queue);
    for (const subject of task.call === null ? [] : subjectsOf(task.call)) this.#consider(subject);
  }

  #consider(what: object): void {
    if (this.#found === null && isCalled(what, this.#name)) this.#find(what);
  }

  /** It may be in use for long: what it holds by now is no news. */
  #find(queue: object): void {
    const length = lengthOf(queue);
    if (length === undefined) return;
    this.#found = queue;
    this.#before = length;
  }
}

/** Those on which a task waits: in a select one for each case. */
function queuesOf({ queue, waiter }: Task): WaitQueue[] {
  const branches = waiter instanceof Selection ? waiter.branches : [];
  return [queue, ...branches.map((branch) => branch.queue)].filter((one) => one !== null);
}

// It may be any object of the program's, with getters that throw: then it is no queue.

function isCalled(what: object, wanted: string): boolean {
  try {
    const { name, label } = what as Readonly<Record<string, unknown>>;
    return name === wanted || label === wanted;
  } catch {
    return false;
  }
}

function lengthOf(queue: object | null): number | undefined {
  try {
    const length: unknown = queue === null ? undefined : Reflect.get(queue, "length");
    return typeof length === "number" ? length : undefined;
  } catch {
    return undefined;
  }
}
