// A ring buffer: a queue both ends of which are O(1). The ready queue is one, of the tasks that can
// run, first come, first served. Tasks killed or stopped while ready stay in it until their turn
// comes and are passed over then: see Kernel.#pick.

export class Ring<T> {
  // The capacity is a power of two, so that `& mask` wraps an index.
  #slots: (T | null)[] = new Array<T | null>(16).fill(null);
  #mask = 15;
  #head = 0;
  length = 0;

  push(item: T): void {
    if (this.length > this.#mask) this.#grow();
    this.#slots[(this.#head + this.length) & this.#mask] = item;
    this.length += 1;
  }

  /** Put `item` before all others. */
  unshift(item: T): void {
    if (this.length > this.#mask) this.#grow();
    this.#head = (this.#head + this.#mask) & this.#mask;
    this.#slots[this.#head] = item;
    this.length += 1;
  }

  /** Take the first item; null when there is none. */
  shift(): T | null {
    if (this.length === 0) return null;
    const item = this.#slots[this.#head] as T;
    this.#slots[this.#head] = null;
    this.#head = (this.#head + 1) & this.#mask;
    this.length -= 1;
    return item;
  }

  /** The item at `index`, counted from the front; it must be there. */
  at(index: number): T {
    return this.#slots[(this.#head + index) & this.#mask] as T;
  }

  /** Take the item at `index`, counted from the front. O(index). */
  take(index: number): T | null {
    for (let i = index; i > 0; i--) {
      const at = (this.#head + i) & this.#mask;
      const before = (this.#head + i - 1) & this.#mask;
      const item = this.#slots[at] as T;
      this.#slots[at] = this.#slots[before] as T;
      this.#slots[before] = item;
    }
    return this.shift();
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  #grow(): void {
    const items: (T | null)[] = [...this];
    this.#slots = items.concat(new Array<T | null>(items.length).fill(null));
    this.#mask = this.#slots.length - 1;
    this.#head = 0;
  }
}
