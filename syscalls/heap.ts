// A queue in order of rank, the lowest first and equals in the order they came: what a channel with
// priorities holds its messages in. Knows no channel. (Binary heap: Cormen et al., Introduction to
// Algorithms, ch. 6.)

interface Item<T> {
  readonly value: T;
  readonly rank: number;
  readonly age: number;
}

export class Heap<T> {
  readonly #items: Item<T>[] = [];
  #newest = 0;
  #oldest = 0;

  get length(): number {
    return this.#items.length;
  }

  push(value: T, rank: number): void {
    this.#add({ value, rank, age: ++this.#newest });
  }

  /** Put `value` before all others. */
  unshift(value: T): void {
    this.#add({ value, rank: -Infinity, age: --this.#oldest });
  }

  /** Take the first item; null when there is none. */
  shift(): T | null {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (first === undefined || last === undefined) return null;
    if (this.length > 0) this.#down(last);
    return first.value;
  }

  /** Find `item` its place, from the end upwards. */
  #add(item: Item<T>): void {
    const items = this.#items;
    let index = items.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = items[above] as Item<T>;
      if (!before(item, parent)) break;
      items[index] = parent;
      index = above;
    }
    items[index] = item;
  }

  /** Find `item` its place, from the top downwards. */
  #down(item: Item<T>): void {
    const items = this.#items;
    let index = 0;
    for (let child = 1; child < items.length; child = 2 * index + 1) {
      const right = items[child + 1];
      if (right !== undefined && before(right, items[child] as Item<T>)) child += 1;
      const least = items[child] as Item<T>;
      if (!before(least, item)) break;
      items[index] = least;
      index = child;
    }
    items[index] = item;
  }
}

function before<T>(a: Item<T>, b: Item<T>): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.age < b.age);
}
