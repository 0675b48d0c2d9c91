// The length of a queue that is known by its name: the ready queue, a channel or mailbox, or a wait
// queue. Which object that is shows when a task first uses it, or waits on it.

import type { Kernel, Probe, SystemCall, Task, WaitQueue } from "../kernel";

/** The name of the ready queue. */
const READY = "ready";

export class QueueLength implements Probe {
  readonly #name: string;
  #found: { readonly length: number } | null = null;
  /** Its length when it was last asked for, or found. */
  #before = 0;

  constructor(kernel: Kernel, name: string) {
    this.#name = name;
    if (name === READY) this.#find(kernel.ready);
    for (const { queue } of kernel.tasks) this.#consider(queue);
    for (const { device } of kernel.descriptors) this.#consider(device);
  }

  /** How long it was before this step, and is now; 0 as long as none of that name has been seen. */
  change(): { readonly before: number; readonly now: number } {
    const before = this.#before;
    const now = (this.#before = this.#found?.length ?? 0);
    return { before, now };
  }

  trap(_task: Task, call: SystemCall<unknown>): void {
    if (this.#found === null) this.#consider(call.a);
  }

  block(_task: Task, queue: WaitQueue): void {
    if (this.#found !== null) return;
    this.#consider(queue);
    // The task is among the waiters already.
    if (this.#found !== null) this.#before -= 1;
  }

  #consider(what: unknown): void {
    if (typeof what !== "object" || what === null) return;
    const { name, label, length } = what as Readonly<Record<string, unknown>>;
    if (typeof length !== "number") return;
    if (name === this.#name || label === this.#name) this.#find(what as { length: number });
  }

  /** It may be in use for long: what it holds by now is no news. */
  #find(queue: { readonly length: number }): void {
    this.#found = queue;
    this.#before = queue.length;
  }
}
