// Where blocked tasks wait, in order of arrival. The links are in the tasks themselves, so blocking
// allocates nothing and a killed task leaves in O(1). A task is on at most one wait queue.

import type { Task } from "./task";

export class WaitQueue {
  /** What its tasks wait for, in words: `fd 4 to be readable`. */
  readonly label: string;
  /**
   * Can something outside the kernel (a device, the host) wake who waits here? If not, only another
   * task can.
   */
  readonly external: boolean;
  first: Task | null = null;
  #last: Task | null = null;
  length = 0;

  constructor(label: string, external = false) {
    this.label = label;
    this.external = external;
  }

  push(task: Task): void {
    task.queue = this;
    task.previous = this.#last;
    if (this.#last === null) this.first = task;
    else this.#last.next = task;
    this.#last = task;
    this.length += 1;
  }

  remove(task: Task): void {
    if (task.previous === null) this.first = task.next;
    else task.previous.next = task.next;
    if (task.next === null) this.#last = task.previous;
    else task.next.previous = task.previous;
    task.next = null;
    task.previous = null;
    task.queue = null;
    this.length -= 1;
  }

  *[Symbol.iterator](): Generator<Task, void> {
    for (let task = this.first; task !== null; task = task.next) yield task;
  }
}
