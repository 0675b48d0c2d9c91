// Where blocked tasks wait, in order of arrival. The links are in the entries themselves, so
// blocking allocates nothing and a killed task leaves in O(1). An entry is on at most one queue.

import type { Branch } from "./select";
import type { Task } from "./task";

/** What waits on a queue: a task, or one branch of a task that waits for the first of several. */
export type Entry = Task | Branch;

export class WaitQueue<E extends Entry = Entry> {
  /** What its tasks wait for, in words: `fd 4 to be readable`. */
  readonly label: string;
  /**
   * Can something outside the kernel (a device, the host) wake who waits here? If not, only another
   * task can.
   */
  readonly external: boolean;
  first: E | null = null;
  #last: E | null = null;
  length = 0;

  constructor(label: string, external = false) {
    this.label = label;
    this.external = external;
  }

  push(entry: E): void {
    entry.queue = this;
    entry.previous = this.#last;
    if (this.#last === null) this.first = entry;
    else this.#last.next = entry;
    this.#last = entry;
    this.length += 1;
  }

  remove(entry: E): void {
    if (entry.previous === null) this.first = entry.next as E | null;
    else entry.previous.next = entry.next;
    if (entry.next === null) this.#last = entry.previous as E | null;
    else entry.next.previous = entry.previous;
    entry.next = null;
    entry.previous = null;
    entry.queue = null;
    this.length -= 1;
  }

  *[Symbol.iterator](): Generator<E, void> {
    for (let entry = this.first; entry !== null; entry = entry.next as E | null) yield entry;
  }
}
