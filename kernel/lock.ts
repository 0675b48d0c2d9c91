// A lock that the kernel knows the holders of: so it can be handed over directly, a task that dies
// with it can be found out, and a circle of tasks that wait for each other be named. Exclusive or
// shared, first come, first served: a reader that comes after a waiting writer waits behind it.

import { BLOCKED, type Blocked } from "./call";
import { SystemError } from "./errno";
import { retry } from "./interrupt";
import type { Kernel } from "./kernel";
import type { Task } from "./task";
import { WaitQueue, type Entry } from "./wait-queue";

export type LockMode = "exclusive" | "shared";

/** Also the queue of those who want it. */
export class Lock extends WaitQueue {
  readonly name: string;
  readonly holders = new Set<Task>();
  mode: LockMode = "exclusive";
  /** May its holder lock it again? It must then unlock it as often. */
  readonly reentrant: boolean;
  /** How often its holder did, beyond the first time. */
  depth = 0;
  /** Who died with it. What it protects may be half changed, so nobody gets it until `recover`. */
  abandonedBy: string | null = null;

  constructor(name: string, reentrant = false) {
    super(`the lock ${name}`);
    this.name = name;
    this.reentrant = reentrant;
  }
}

/** Give `task` the lock, or let it wait for it. */
export function acquire(kernel: Kernel, task: Task, lock: Lock, mode: LockMode): void | Blocked {
  if (lock.abandonedBy !== null) throw abandoned(lock);
  if (lock.holders.has(task)) {
    if (lock.reentrant) return void (lock.depth += 1);
    throw new SystemError("EDEADLK", `it holds the lock ${lock.name} already`);
  }
  if (lock.first === null && admits(lock, mode)) return grant(task, lock, mode);
  return kernel.block(task, lock, {
    retry: () => tryGrant(task, lock, mode, undefined),
    // A writer that gives up lets the readers behind it in.
    cancel: () => handOver(kernel, lock),
  });
}

function admits(lock: Lock, mode: LockMode): boolean {
  if (lock.abandonedBy !== null) return false;
  return lock.holders.size === 0 || (mode === "shared" && lock.mode === "shared");
}

function grant(task: Task, lock: Lock, mode: LockMode): void {
  lock.mode = mode;
  lock.holders.add(task);
  task.locks ??= new Set();
  task.locks.add(lock);
}

/** Give `task` the lock if it may have it, and then `reply`. */
function tryGrant(task: Task, lock: Lock, mode: LockMode, reply: unknown): unknown {
  if (!admits(lock, mode)) return BLOCKED;
  grant(task, lock, mode);
  return reply;
}

/** Take the lock from `task` and give it to those who wait for it. */
export function release(kernel: Kernel, task: Task, lock: Lock): void {
  if (!lock.holders.has(task)) {
    if (lock.abandonedBy !== null) throw abandoned(lock);
    const [holder] = lock.holders;
    const who = holder === undefined ? "nobody holds it" : `${String(holder)} holds it`;
    throw new SystemError("EPERM", `it does not hold the lock ${lock.name}: ${who}`);
  }
  if (lock.depth > 0) return void (lock.depth -= 1);
  lock.holders.delete(task);
  task.locks?.delete(lock);
  handOver(kernel, lock);
}

function handOver(kernel: Kernel, lock: Lock): void {
  while (retry(kernel, lock.first));
}

/**
 * Let `entry`, which waits elsewhere, wait for `lock` instead, behind those who do already. When it
 * has it, `reply` is the reply of its call; `lost` is called if it gives up before.
 */
export function requeue(
  kernel: Kernel,
  entry: Entry,
  lock: Lock,
  reply: unknown,
  lost: () => void,
): void {
  const { task } = entry;
  if (lock.abandonedBy !== null) return kernel.fail(entry, abandoned(lock));
  entry.queue?.remove(entry);
  lock.push(entry);
  entry.waiter = {
    retry: () => tryGrant(task, lock, "exclusive", reply),
    cancel() {
      handOver(kernel, lock);
      lost();
    },
  };
  if (entry === task && kernel.probes !== null) kernel.probes.block(task, lock);
  handOver(kernel, lock);
}

/** `task` died with `lock`: whoever waits for it is told, and whoever comes. */
export function abandon(kernel: Kernel, task: Task, lock: Lock): void {
  if (lock.mode === "shared") return release(kernel, task, lock);
  lock.holders.delete(task);
  lock.depth = 0;
  lock.abandonedBy = String(task);
  while (lock.first !== null) kernel.fail(lock.first, abandoned(lock));
}

/** Give `task` a lock whose holder died. */
export function recover(task: Task, lock: Lock): void {
  if (lock.abandonedBy === null) {
    throw new SystemError("EINVAL", `the lock ${lock.name} is in order: use lock()`);
  }
  lock.abandonedBy = null;
  grant(task, lock, "exclusive");
}

function abandoned(lock: Lock): SystemError {
  const fix = "put in order what it protects, then recover() it";
  return new SystemError("EOWNERDEAD", `${lock.abandonedBy} died with ${lock.label}; ${fix}`);
}
