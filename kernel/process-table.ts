// The process table: every task that has not been reaped, and who is whose child.
// Children are a list threaded through the tasks, so that a family costs no allocation.

import { SystemError } from "./errno";
import { PidTable } from "./pid-table";
import type { ExitStatus } from "./status";
import type { Task } from "./task";
import { WaitQueue } from "./wait-queue";

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
    task.parent = parent;
    this.#entomb(parent, task);
  }

  /**
   * Reap the zombie child `pid` of `parent`, or its oldest one: its status, or undefined when there
   * is none.
   */
  reap(parent: Task, pid?: number): ExitStatus | undefined {
    const zombie = pid === undefined ? parent.zombies?.first : this.#tasks.get(pid);
    if (zombie?.state !== "zombie" || zombie.parent !== parent) return undefined;
    parent.zombies?.remove(zombie);
    zombie.parent = null;
    zombie.state = "dead";
    this.#tasks.delete(zombie);
    return zombie.status ?? undefined;
  }

  [Symbol.iterator](): Generator<Task, void> {
    return this.#tasks[Symbol.iterator]();
  }

  #entomb(parent: Task, zombie: Task): void {
    zombie.state = "zombie";
    parent.zombies ??= new WaitQueue("its parent to wait for it");
    parent.zombies.push(zombie);
  }

  #orphan(task: Task): void {
    const heir = this.init;
    if (heir === undefined || heir === task) return;
    for (let child = task.youngestChild; child !== null; child = task.youngestChild) {
      disown(task, child);
      adopt(heir, child);
    }
    for (let zombie = task.zombies?.first; zombie; zombie = task.zombies?.first) {
      task.zombies?.remove(zombie);
      zombie.parent = heir;
      this.#entomb(heir, zombie);
    }
  }
}

function adopt(parent: Task, child: Task): void {
  child.parent = parent;
  child.olderSibling = parent.youngestChild;
  if (parent.youngestChild !== null) parent.youngestChild.youngerSibling = child;
  parent.youngestChild = child;
  if (!child.daemon) parent.livingChildren += 1;
}

function disown(parent: Task, child: Task): void {
  if (child.youngerSibling === null) parent.youngestChild = child.olderSibling;
  else child.youngerSibling.olderSibling = child.olderSibling;
  if (child.olderSibling !== null) child.olderSibling.youngerSibling = child.youngerSibling;
  child.youngerSibling = null;
  child.olderSibling = null;
  child.parent = null;
  if (!child.daemon) parent.livingChildren -= 1;
}
