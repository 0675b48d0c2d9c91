// Tasks that wait for each other in a circle, which will never go on. (Coffman, Elphick and
// Shoshani, "System Deadlocks", 1971.) Pure: looks at the kernel's state and changes nothing.

import type { Kernel, Task } from "../kernel";
import { blockersOf } from "./waits";

/** Tasks, each with those that it waits for. */
type Graph = ReadonlyMap<Task, readonly Task[]>;

/** A task and those around it, while it is found out which can go on. */
interface Node {
  readonly task: Task;
  readonly blockers: readonly Task[];
  readonly waiters: Node[];
  /** It can go on once so many of its blockers can. */
  left: number;
}

/** Tasks that wait for each other in a circle, from `task` on; undefined if it is in none. */
export function circleOf(kernel: Kernel, task: Task): Task[] | undefined {
  // Asked whenever a task blocks, and most of them wait for no other.
  if (blockersOf(kernel, task).tasks.length === 0) return undefined;
  return circleFrom(task, stuckFrom(kernel, [task]));
}

/** All circles there are, each once. */
export function circles(kernel: Kernel): Task[][] {
  const graph = awaited(stuckFrom(kernel, kernel.tasks));
  const found: Task[][] = [];
  const inOne = new Set<Task>();
  for (const task of graph.keys()) {
    const circle = inOne.has(task) ? undefined : circleFrom(task, graph);
    if (circle === undefined) continue;
    found.push(circle);
    for (const member of circle) inOne.add(member);
  }
  return found;
}

/** Of `tasks` and whom they wait for, directly or not: those that will never go on. */
function stuckFrom(kernel: Kernel, tasks: Iterable<Task>): Graph {
  const nodes = new Map<Task, Node>();
  const nodeOf = (task: Task): Node => {
    const known = nodes.get(task);
    if (known !== undefined) return known;
    const { tasks: blockers, any } = blockersOf(kernel, task);
    const node: Node = { task, blockers, waiters: [], left: any ? 1 : blockers.length };
    nodes.set(task, node);
    return node;
  };
  for (const task of tasks) nodeOf(task);
  // Those that are found meanwhile have their turn as well.
  for (const node of nodes.values()) {
    for (const blocker of node.blockers) nodeOf(blocker).waiters.push(node);
  }
  const free = [...nodes.values()].filter(({ blockers }) => blockers.length === 0);
  for (const { task, waiters } of free) {
    nodes.delete(task);
    for (const waiter of waiters) if (--waiter.left === 0) free.push(waiter);
  }
  const isStuck = (task: Task): boolean => nodes.has(task);
  return new Map([...nodes].map(([task, { blockers }]) => [task, blockers.filter(isStuck)]));
}

/** Without those for whom nobody waits, and then those for whom only they did. */
function awaited(graph: Graph): Graph {
  const waiters = new Map<Task, number>();
  for (const blockers of graph.values()) {
    for (const blocker of blockers) waiters.set(blocker, (waiters.get(blocker) ?? 0) + 1);
  }
  const left = new Map(graph);
  const outside = [...graph.keys()].filter((task) => !waiters.has(task));
  for (const task of outside) {
    left.delete(task);
    for (const blocker of graph.get(task) ?? []) {
      const more = (waiters.get(blocker) ?? 0) - 1;
      waiters.set(blocker, more);
      if (more === 0) outside.push(blocker);
    }
  }
  return left;
}

/** A shortest circle, as it is looked for breadth first. */
function circleFrom(task: Task, graph: Graph): Task[] | undefined {
  // Leads back to the start.
  const waiter = new Map<Task, Task>();
  const queue = [task];
  for (const at of queue) {
    for (const blocker of graph.get(at) ?? []) {
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
  for (let at: Task | undefined = end; at !== undefined; at = waiter.get(at)) path.push(at);
  return path.reverse();
}
