// Circles of waits: all are found, and nobody is looked at more than a few times for it.

import fc from "../helpers/chance";
import { System } from "../../boot";
import { circleOf, circles } from "../../debugger/circles";
import type { Kernel, Task } from "../../kernel";
import { VirtualMachine } from "../../machine";
import { sleep, spawn, wait, type Program } from "../../syscalls";
import { Mutex } from "../../tasks";

/** A kernel in which nobody is ready, a millisecond after `main` began. */
function standstill(main: () => Program<unknown>): Kernel {
  const machine = new VirtualMachine();
  new System(machine, main, "main");
  while (machine.step());
  machine.jump(1);
  while (machine.step());
  return machine.kernel;
}

/** Tasks 3, 4, …: the one that is the i-th, from 0, waits for the `next[i]`-th, if that is one. */
function waiting(next: readonly number[]): () => Program<void> {
  return function* main() {
    const locks = next.map((_, i) => new Mutex(`lock ${i}`));
    function* one(own: Mutex | undefined, other: Mutex | undefined): Program<void> {
      yield* own!.lock();
      yield* sleep(1);
      if (other !== undefined && other !== own) yield* other.lock();
      yield* sleep(100);
    }
    for (const [i, to] of next.entries()) yield* spawn(one(locks[i], locks[to]));
    while (true) yield* wait();
  };
}

function* sleeper(): Program<void> {
  yield* sleep(100);
}

/** How often the state of any task is asked for meanwhile. */
function looks(kernel: Kernel, work: () => void): number {
  let count = 0;
  for (const task of kernel.tasks) {
    const { state } = task;
    Object.defineProperty(task, "state", { get: () => (count++, state) });
  }
  work();
  return count;
}

/** From its first member on, so that it is the same whoever began. */
function turned(circle: readonly number[]): string {
  const at = circle.indexOf(Math.min(...circle));
  return [...circle.slice(at), ...circle.slice(0, at)].join(" ");
}

test("each circle is found once, and nothing that only leads into one", () => {
  const nexts = fc.array(fc.integer({ min: -1, max: 11 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(nexts, (next) => {
      const expected = new Set<string>();
      for (const start of next.keys()) {
        const path = [start];
        let at = next[start] ?? -1;
        for (; !path.includes(at) && next[at] !== undefined; at = next[at] ?? -1) path.push(at);
        if (at === start && path.length > 1) expected.add(turned(path.map((i) => i + 3)));
      }
      const found = circles(standstill(waiting(next)));
      expect(found.map((circle) => turned(circle.map(({ pid }) => pid))).sort()).toEqual(
        [...expected].sort(),
      );
    }),
  );
});

test("a long chain of locks is looked through once, not once for each of its tasks", () => {
  const count = 2000;
  const ends = Array.from({ length: count }, (_, i) => (i + 1 < count ? i + 1 : -1));
  const free = standstill(waiting(ends));
  expect(looks(free, () => expect(circles(free)).toEqual([]))).toBeLessThan(10 * count);
  const stuck = standstill(waiting([...ends.slice(0, -1), count - 2]));
  const pids = (): number[][] => circles(stuck).map((circle) => circle.map(({ pid }) => pid));
  expect(looks(stuck, () => expect(pids()).toEqual([[count + 1, count + 2]]))).toBeLessThan(
    10 * count,
  );
});

test("who waits for any of thousands of children is known to be in no circle at a look", () => {
  const kernel = standstill(function* main() {
    for (let i = 0; i < 1000; i++) yield* spawn(sleeper);
    while (true) yield* wait();
  });
  const main = kernel.tasks.find(2) as Task;
  expect(looks(kernel, () => expect(circleOf(kernel, main)).toBe(undefined))).toBeLessThan(10);
});
