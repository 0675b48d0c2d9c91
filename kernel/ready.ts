// The ready queue: a ring buffer of the tasks that can run, first come, first served. Tasks killed
// while ready stay in it until their turn comes and are passed over then: see Kernel.#pick.

import type { Task } from "./task";

export class ReadyQueue {
  // The capacity is a power of two, so that `& mask` wraps an index.
  #slots: (Task | null)[] = new Array<Task | null>(16).fill(null);
  #mask = 15;
  #head = 0;
  length = 0;

  push(task: Task): void {
    if (this.length > this.#mask) this.#grow();
    this.#slots[(this.#head + this.length) & this.#mask] = task;
    this.length += 1;
  }

  shift(): Task | null {
    if (this.length === 0) return null;
    const task = this.#slots[this.#head] as Task;
    this.#slots[this.#head] = null;
    this.#head = (this.#head + 1) & this.#mask;
    this.length -= 1;
    return task;
  }

  /** Take the task at `index`, counted from the front. O(index). */
  take(index: number): Task | null {
    for (let i = index; i > 0; i--) {
      const at = (this.#head + i) & this.#mask;
      const before = (this.#head + i - 1) & this.#mask;
      const task = this.#slots[at] as Task;
      this.#slots[at] = this.#slots[before] as Task;
      this.#slots[before] = task;
    }
    return this.shift();
  }

  *[Symbol.iterator](): Generator<Task, void> {
    for (let i = 0; i < this.length; i++) {
      yield this.#slots[(this.#head + i) & this.#mask] as Task;
    }
  }

  #grow(): void {
    const tasks = [...this];
    this.#slots = tasks.concat(new Array(tasks.length).fill(null));
    this.#mask = this.#slots.length - 1;
    this.#head = 0;
  }
}
