// Who waits for whom: the wait-for graph of a kernel, and the circles in it. (Coffman, Elphick and
// Shoshani, "System Deadlocks", 1971.) Pure: looks at the kernel's state and changes nothing.

import { Lock, Permits, Selection, type Kernel, type Pid, type Task } from "../kernel";
import type { SystemCall, WaitQueue } from "../kernel";

/** Who has to do something before a task can go on: all of these, or `any` one of them. */
interface Blockers {
  readonly tasks: readonly Task[];
  readonly any: boolean;
}

/**
 * None when it does not wait, waits for the outside, for the first of several calls, or only up to
 * a time limit.
 */
function blockersOf(kernel: Kernel, task: Task): Blockers {
  const { state, queue, call } = task;
  if (state !== "blocked" || hasLimit(task)) return { tasks: [], any: false };
  return blockersIn(kernel, task, queue, call);
}

/** As long as `task` waits on `queue` in `call`. */
function blockersIn(
  kernel: Kernel,
  task: Task,
  queue: WaitQueue | null,
  call: SystemCall<unknown> | null,
): Blockers {
  if (queue instanceof Lock) return { tasks: [...queue.holders], any: false };
  // The calls of groups are user mode's, so they are known by their names.
  if (call?.name === "linger") return { tasks: siblingsOf(task), any: false };
  if (call?.name === "join") return { tasks: taskOf(kernel, call.a), any: false };
  if (queue !== kernel.parents) return { tasks: [], any: false };
  const pid = call?.a;
  if (pid === undefined) return { tasks: childrenOf(task), any: true };
  return { tasks: taskOf(kernel, { pid }), any: false };
}

/** Does a time limit end whatever `task` waits for? */
export function hasLimit({ signals }: Task): boolean {
  return signals !== null && [...signals.alarms].some(({ timer }) => timer !== null);
}

function taskOf(kernel: Kernel, who: unknown): readonly Task[] {
  const { pid } = (who ?? {}) as { readonly pid?: unknown };
  const task = typeof pid === "number" ? kernel.tasks.find(pid) : undefined;
  return task === undefined ? [] : [task];
}

function siblingsOf(task: Task): readonly Task[] {
  return task.parent === null ? [] : childrenOf(task.parent).filter((other) => other !== task);
}

function childrenOf({ family }: Task): readonly Task[] {
  const children: Task[] = [];
  let child = family?.youngest ?? null;
  for (; child !== null; child = child.olderSibling) children.push(child);
  return children;
}

/** One task waits for another, and for what. */
export interface Wait {
  readonly from: Pid;
  readonly to: Pid;
  readonly what: string;
}

/**
 * Who waits for whom in `kernel`, whether for ever or not: for the holders of a lock or of permits,
 * for a child, for the others of a group. By pids.
 */
export function waitGraph(kernel: Kernel): Wait[] {
  return [...kernel.tasks].flatMap((task) =>
    entriesOf(task).flatMap(([queue, call]) => {
      const holders = queue instanceof Permits ? [...queue.holders.keys()] : null;
      const blockers = holders ?? blockersIn(kernel, task, queue, call).tasks;
      const what = queue?.label ?? "";
      return blockers.map(({ pid }) => ({ from: task.pid, to: pid, what }));
    }),
  );
}

/** Where a task waits: in a select with each of its cases. */
function entriesOf(task: Task): (readonly [WaitQueue | null, SystemCall<unknown> | null])[] {
  const { state, waiter, queue, call } = task;
  if (state !== "blocked") return [];
  if (!(waiter instanceof Selection)) return [[queue, call]];
  return waiter.branches.map((branch) => [branch.queue, branch.call]);
}

type Graph = ReadonlyMap<Task, readonly Task[]>;

/**
 * `task` and whom it waits for, directly or not, as far as they will never go on; each with those
 * of them it waits for.
 */
function stuckWith(kernel: Kernel, task: Task): Graph {
  const stuck = new Map<Task, Blockers>();
  const found = [task];
  for (const at of found) {
    if (stuck.has(at)) continue;
    const blockers = blockersOf(kernel, at);
    stuck.set(at, blockers);
    found.push(...blockers.tasks);
  }
  // Take out who can go on once those go on who can.
  for (let before = Infinity; stuck.size < before;) {
    before = stuck.size;
    for (const [at, { tasks, any }] of stuck) {
      const holds = (other: Task): boolean => stuck.has(other);
      const waits = any ? tasks.length > 0 && tasks.every(holds) : tasks.some(holds);
      if (!waits) stuck.delete(at);
    }
  }
  return new Map([...stuck].map(([at, { tasks }]) => [at, tasks.filter((one) => stuck.has(one))]));
}

/** Tasks that wait for each other in a circle, from `task` on; undefined if it is in none. */
export function circleOf(kernel: Kernel, task: Task): Task[] | undefined {
  const graph = stuckWith(kernel, task);
  // Breadth first, so that it is a shortest circle; `waiter` leads back to the start.
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
