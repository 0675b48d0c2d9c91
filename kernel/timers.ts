// The timer queue: a binary heap ordered by deadline, then by age, with cancellation in O(log n).
// Knows no clock: the machine says what time it is. (Heap: Cormen et al., Introduction to
// Algorithms, ch. 6.)

import type { Alarm } from "./signals";
import type { Entry } from "./wait-queue";

/** A deadline, and who is told. A timer is in the queue exactly while `index >= 0`. */
export class Timer {
  /** Milliseconds on the machine's clock. */
  readonly deadline: number;
  readonly target: Entry | Alarm;
  readonly age: number;
  index = -1;

  constructor(deadline: number, target: Entry | Alarm, age: number) {
    this.deadline = deadline;
    this.target = target;
    this.age = age;
  }
}

export class TimerQueue {
  readonly #heap: Timer[] = [];
  #count = 0;

  get length(): number {
    return this.#heap.length;
  }

  /** The earliest deadline, or Infinity. */
  get next(): number {
    return this.#heap[0]?.deadline ?? Infinity;
  }

  add(deadline: number, target: Entry | Alarm): Timer {
    const timer = new Timer(deadline, target, this.#count++);
    this.#heap.push(timer);
    this.#up(timer, this.#heap.length - 1);
    return timer;
  }

  cancel(timer: Timer): void {
    const { index } = timer;
    if (index < 0) return;
    timer.index = -1;
    const last = this.#heap.pop() as Timer;
    if (last === timer) return;
    this.#up(last, index);
    this.#down(last, last.index);
  }

  /** Take the first timer that is due at `now`, or null. */
  due(now: number): Timer | null {
    const first = this.#heap[0];
    if (first === undefined || first.deadline > now) return null;
    this.cancel(first);
    return first;
  }

  *[Symbol.iterator](): Generator<Timer, void> {
    yield* [...this.#heap].sort((a, b) => (before(a, b) ? -1 : 1));
  }

  #up(timer: Timer, from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#heap[parent] as Timer;
      if (!before(timer, above)) break;
      this.#put(above, index);
      index = parent;
    }
    this.#put(timer, index);
  }

  #down(timer: Timer, from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.#heap.length) break;
      const right = this.#heap[left + 1];
      let child = this.#heap[left] as Timer;
      if (right !== undefined && before(right, child)) child = right;
      if (!before(child, timer)) break;
      const hole = child.index;
      this.#put(child, index);
      index = hole;
    }
    this.#put(timer, index);
  }

  #put(timer: Timer, index: number): void {
    this.#heap[index] = timer;
    timer.index = index;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.deadline < b.deadline || (a.deadline === b.deadline && a.age < b.age);
}
