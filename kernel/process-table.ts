// The process table: every task that has not been reaped, and who is whose child.
// Children are a list threaded through the tasks, so that a family costs no allocation.

import { SystemError } from "./errno";
import { PidTable } from "./pid-table";
import { Family, type Task } from "./task";

export class ProcessTable {
  readonly #tasks = new PidTable();
  /** Task 1, who adopts orphans. */
  init: Task | undefined = undefined;

  /** How many tasks there are, zombies included. */
  get size(): number {
    return this.#tasks.size;
  }

  nextPid(): number {
    return this.#tasks.next();
  }

  add(task: Task, parent: Task | null): void {
    this.init ??= task;
    this.#tasks.add(task);
    if (parent !== null) adopt(parent, task);
  }

  /** The task `pid`, or undefined when there is none, dead or alive. */
  find(pid: number): Task | undefined {
    return this.#tasks.get(pid);
  }

  /** The task `pid`. Throws EINVAL for what is no pid and ESRCH when there is no such task. */
  get(pid: number): Task {
    const task = this.#tasks.get(pid);
    if (task !== undefined) return task;
    if (!Number.isInteger(pid) || pid < 1) {
      throw new SystemError("EINVAL", "a pid is a whole number from 1 up");
    }
    const was = pid <= this.#tasks.last;
    throw new SystemError(
      "ESRCH",
      `task ${pid} ${was ? "has exited and was reaped" : "never existed"}`,
    );
  }

  /**
   * Note the death of `task`: it becomes a zombie of its parent, and its own children, living and
   * dead, become children of init. Init itself stays a zombie: nobody is left to reap it.
   */
  bury(task: Task): void {
    this.#orphan(task);
    const { parent } = task;
    if (parent === null) {
      task.state = "zombie";
      return;
    }
    disown(parent, task);
    entomb(parent, task);
  }

  /**
   * Take the zombie child `pid` of `parent`, or its oldest one, out of the table: the child, or
   * undefined when there is none.
   */
  remove(parent: Task, pid?: number): Task | undefined {
    const { family } = parent;
    if (family === null) return undefined;
    const zombie = pid === undefined ? family.zombies.first : this.#tasks.get(pid);
    if (zombie?.state !== "zombie" || zombie.parent !== parent) return undefined;
    family.zombies.remove(zombie);
    zombie.parent = null;
    zombie.state = "dead";
    this.#tasks.delete(zombie);
    return zombie;
  }

  /** The living children of `parent` that are to end with it, the youngest first. */
  boundTo(parent: Task): Task[] {
    const bound: Task[] = [];
    let child = parent.family?.youngest ?? null;
    for (; child !== null; child = child.olderSibling) if (child.bound) bound.push(child);
    return bound;
  }

  [Symbol.iterator](): Generator<Task, void> {
    return this.#tasks[Symbol.iterator]();
  }

  #orphan(task: Task): void {
    const heir = this.init;
    const { family } = task;
    if (family === null || heir === undefined || heir === task) return;
    for (let child = family.youngest; child !== null; child = family.youngest) {
      disown(task, child);
      adopt(heir, child);
    }
    const { zombies } = family;
    for (let zombie = zombies.first; zombie !== null; zombie = zombies.first) {
      zombies.remove(zombie);
      entomb(heir, zombie);
    }
  }
}

function adopt(parent: Task, child: Task): void {
  const family = (parent.family ??= new Family());
  child.parent = parent;
  child.olderSibling = family.youngest;
  if (family.youngest !== null) family.youngest.youngerSibling = child;
  family.youngest = child;
  if (isAwaited(child, parent)) family.living += 1;
}

function disown(parent: Task, child: Task): void {
  const family = parent.family as Family;
  if (child.youngerSibling === null) family.youngest = child.olderSibling;
  else child.youngerSibling.olderSibling = child.olderSibling;
  if (child.olderSibling !== null) child.olderSibling.youngerSibling = child.youngerSibling;
  child.youngerSibling = null;
  child.olderSibling = null;
  child.parent = null;
  if (isAwaited(child, parent)) family.living -= 1;
}

/** Does `wait` wait for it? Below a daemon all are daemons, which says nothing then. */
function isAwaited(child: Task, parent: Task): boolean {
  return !child.daemon || parent.daemon;
}

/** Keep the dead `zombie` for `parent` to wait for. */
function entomb(parent: Task, zombie: Task): void {
  zombie.state = "zombie";
  zombie.parent = parent;
  (parent.family ??= new Family()).zombies.push(zombie);
}
