// The length of a queue that is known by its name: the ready queue, a channel or mailbox, or a wait
// queue. Which object that is shows when a task first uses it, or waits on it.

import type { Kernel, Probe, SystemCall, Task, WaitQueue } from "../kernel";

/** The name of the ready queue. */
const READY = "ready";

export class QueueLength implements Probe {
  readonly #name: string;
  #found: { readonly length: number } | null = null;

  constructor(kernel: Kernel, name: string) {
    this.#name = name;
    if (name === READY) this.#found = kernel.ready;
    for (const { queue } of kernel.tasks) this.#consider(queue);
    for (const { device } of kernel.descriptors) this.#consider(device);
  }

  /** 0 as long as nothing of that name has been seen. */
  get now(): number {
    return this.#found?.length ?? 0;
  }

  trap(_task: Task, call: SystemCall<unknown>): void {
    if (this.#found === null) this.#consider(call.a);
  }

  block(_task: Task, queue: WaitQueue): void {
    if (this.#found === null) this.#consider(queue);
  }

  #consider(what: unknown): void {
    if (typeof what !== "object" || what === null) return;
    const { name, label, length } = what as Readonly<Record<string, unknown>>;
    if (typeof length !== "number") return;
    if (name === this.#name || label === this.#name) this.#found = what as { length: number };
  }
}
