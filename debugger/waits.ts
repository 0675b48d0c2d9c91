// Who waits for whom: the wait-for graph of a kernel, and the circles in it. (Coffman, Elphick and
// Shoshani, "System Deadlocks", 1971.) Pure: looks at the kernel's state and changes nothing.

import { Lock, type Kernel, type Task } from "../kernel";

/**
 * The tasks all of which have to do something before `task` can go on. None when it does not wait,
 * waits for the outside, for any of several, or only up to a time limit.
 */
export function blockersOf(kernel: Kernel, task: Task): Task[] {
  if (task.state !== "blocked" || hasLimit(task)) return [];
  if (task.queue instanceof Lock) return [...task.queue.holders];
  const pid = task.queue === kernel.parents ? task.call?.a : undefined;
  const child = typeof pid === "number" ? kernel.tasks.find(pid) : undefined;
  return child === undefined ? [] : [child];
}

/** Does a time limit end whatever `task` waits for? */
export function hasLimit({ signals }: Task): boolean {
  return signals !== null && [...signals.alarms].some(({ timer }) => timer !== null);
}

/** Tasks that wait for each other in a circle, from `task` on; undefined if it is in none. */
export function circleOf(kernel: Kernel, task: Task): Task[] | undefined {
  // Breadth first, so that it is a shortest circle; `waiter` leads back to the start.
  const waiter = new Map<Task, Task>();
  const queue = [task];
  for (const at of queue) {
    for (const blocker of blockersOf(kernel, at)) {
      if (blocker === task) return pathTo(at, waiter);
      if (waiter.has(blocker)) continue;
      waiter.set(blocker, at);
      queue.push(blocker);
    }
  }
  return undefined;
}

function pathTo(end: Task, waiter: ReadonlyMap<Task, Task>): Task[] {
  const path: Task[] = [];
  for (let at: Task | undefined = end; at !== undefined; at = waiter.get(at)) path.unshift(at);
  return path;
}

/** All circles there are, each once. */
export function circles(kernel: Kernel): Task[][] {
  const found: Task[][] = [];
  const inOne = new Set<Task>();
  for (const task of kernel.tasks) {
    const circle = inOne.has(task) ? undefined : circleOf(kernel, task);
    if (circle === undefined) continue;
    found.push(circle);
    for (const member of circle) inOne.add(member);
  }
  return found;
}
