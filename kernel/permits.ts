// Permits: a counting semaphore (Dijkstra, "Cooperating Sequential Processes", 1965). A permit that
// is given back goes directly to the one who has waited longest, so nobody who comes later can
// overtake. With infinitely many it is a gate that stays open.

import type { Blocked } from "./call";
import { SystemError } from "./errno";
import { retry } from "./interrupt";
import type { Kernel } from "./kernel";
import type { Task } from "./task";
import { WaitQueue } from "./wait-queue";

/** Also the queue of those who want one; while anybody waits there, the count is 0. */
export class Permits extends WaitQueue {
  /** How many are free. */
  count: number;
  /** More than these there cannot be. */
  readonly limit: number;
  /** Who has borrowed how many: those come back when the borrower dies. */
  readonly holders = new Map<Task, number>();

  constructor(label: string, count: number, limit: number = Infinity) {
    super(label);
    this.count = count;
    this.limit = limit;
  }

  get name(): string {
    return this.label;
  }
}

/** Take a permit, or wait for one. `granted` is told of it, at once or in the end. */
export function take(
  kernel: Kernel,
  task: Task,
  permits: Permits,
  granted: () => void = () => undefined,
): void | Blocked {
  if (permits.count === 0) return kernel.block(task, permits, { retry: granted });
  permits.count -= 1;
  granted();
}

/** Give `n` permits to those who wait; the rest is free. */
export function give(kernel: Kernel, permits: Permits, n: number): void {
  if (permits.count + n - permits.length > permits.limit) {
    const fix = "release() only what was acquired";
    throw new SystemError("EOVERFLOW", `${permits.label} has all its ${permits.limit}; ${fix}`);
  }
  let left = n;
  while (left > 0 && retry(kernel, permits.first)) left -= 1;
  permits.count += left;
}

/** Take a permit that comes back when `task` dies. */
export function borrow(kernel: Kernel, task: Task, permits: Permits): void | Blocked {
  return take(kernel, task, permits, () => {
    permits.holders.set(task, (permits.holders.get(task) ?? 0) + 1);
    task.locks ??= new Set();
    task.locks.add(permits);
  });
}

/** Give back `n` of the permits that `task` has borrowed; by default all. */
export function giveBack(
  kernel: Kernel,
  task: Task,
  permits: Permits,
  n: number = permits.holders.get(task) ?? 0,
): void {
  const held = permits.holders.get(task) ?? 0;
  if (held < n) {
    throw new SystemError("EPERM", `it has borrowed none of ${permits.label}`);
  }
  if (held > n) permits.holders.set(task, held - n);
  else permits.holders.delete(task);
  if (held === n) task.locks?.delete(permits);
  give(kernel, permits, n);
}
