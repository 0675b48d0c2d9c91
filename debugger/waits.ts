// Who waits for whom: the wait-for graph of a kernel. Pure: looks at the kernel's state and changes
// nothing. What follows from it is in circles.ts.

import { Lock, Permits, Selection, type Kernel, type Pid, type Task } from "../kernel";
import type { SystemCall, WaitQueue } from "../kernel";

/** Who has to do something before a task can go on: all of these, or `any` one of them. */
export interface Blockers {
  readonly tasks: readonly Task[];
  readonly any: boolean;
}

const NOBODY: Blockers = { tasks: [], any: false };

/**
 * None when it does not wait, waits for the outside, for the first of several calls, or only up to
 * a time limit; nor when it waits for any of several children and one of them depends on nobody.
 */
export function blockersOf(kernel: Kernel, task: Task): Blockers {
  if (!dependsOnTasks(kernel, task)) return NOBODY;
  const { tasks, any } = blockersIn(kernel, task, task.queue, task.call);
  const blockers: Task[] = [];
  for (const one of tasks) {
    // A parent of thousands waits anew after each death: mostly the first child tells.
    if (any && !dependsOnTasks(kernel, one)) return NOBODY;
    blockers.push(one);
  }
  return { tasks: blockers, any };
}

function dependsOnTasks(kernel: Kernel, task: Task): boolean {
  const { state, queue, call } = task;
  if (state !== "blocked" || hasLimit(task)) return false;
  return queue instanceof Lock || queue === kernel.parents || isGroups(call);
}

/** The calls of groups are user mode's, so they are known by their names. */
function isGroups(call: SystemCall<unknown> | null): boolean {
  return call?.name === "linger" || call?.name === "join";
}

/** As long as `task` waits on `queue` in `call`. */
function blockersIn(
  kernel: Kernel,
  task: Task,
  queue: WaitQueue | null,
  call: SystemCall<unknown> | null,
): { readonly tasks: Iterable<Task>; readonly any: boolean } {
  if (queue instanceof Lock) return { tasks: queue.holders, any: false };
  if (call?.name === "linger") return { tasks: siblingsOf(task), any: false };
  if (call?.name === "join") return { tasks: taskOf(kernel, call.a), any: false };
  if (queue !== kernel.parents) return NOBODY;
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
  const { parent } = task;
  return parent === null ? [] : [...childrenOf(parent)].filter((other) => other !== task);
}

function* childrenOf({ family }: Task): Generator<Task, void> {
  let child = family?.youngest ?? null;
  for (; child !== null; child = child.olderSibling) yield child;
}

/** A task waits for others, for all or any of them, and for what. */
export interface Wait {
  readonly from: Pid;
  readonly to: readonly Pid[];
  readonly what: string;
}

/**
 * Who waits for whom in `kernel`, whether for ever or not: for the holders of a lock or of permits,
 * for a child, for the others of a group. By pids.
 */
export function waitGraph(kernel: Kernel): Wait[] {
  // Those who wait on one queue share the list of its holders: together they are as many as both.
  const holders = new Map<Lock | Permits, readonly Pid[]>();
  const holdersOf = (queue: Lock | Permits): readonly Pid[] => {
    const known = holders.get(queue) ?? pidsOf(queue.holders.keys());
    holders.set(queue, known);
    return known;
  };
  const waits: Wait[] = [];
  for (const task of kernel.tasks) {
    for (const [queue, call] of entriesOf(task)) {
      const held = queue instanceof Lock || queue instanceof Permits;
      const to = held ? holdersOf(queue) : pidsOf(blockersIn(kernel, task, queue, call).tasks);
      if (to.length > 0) waits.push({ from: task.pid, to, what: queue?.label ?? "" });
    }
  }
  return waits;
}

function pidsOf(tasks: Iterable<Task>): readonly Pid[] {
  return Array.from(tasks, ({ pid }) => pid);
}

/** Where a task waits: in a select with each of its cases. */
function entriesOf(task: Task): (readonly [WaitQueue | null, SystemCall<unknown> | null])[] {
  const { state, waiter, queue, call } = task;
  if (state !== "blocked") return [];
  if (!(waiter instanceof Selection)) return [[queue, call]];
  return waiter.branches.map((branch) => [branch.queue, branch.call]);
}
