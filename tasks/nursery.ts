// What a group's keeper knows of its tasks, and the system calls that change it. Each call changes
// the kernel's state and this one in the same trap, so that whoever makes it may be stopped at any
// time and nothing is half done. The keeper itself is in keeper.ts.

import { BLOCKED, blockingCall, resource, spawn, SystemError, wait, waitQueue } from "../syscalls";
import type { Blocked, ExitStatus, Kernel, Killed, Pid, Task } from "../syscalls";
import { Child, inNameOf, signalAll, type Fate } from "./child";
import { ChildError, Failures } from "./failures";
import { describeExit, reasonOf } from "./report";
import type { Runnable } from "./work";

/** How a task of a group is started. */
export interface ChildOptions {
  /** As in `spawn`: what `ps` and messages call it. */
  readonly name?: string;
  /** As in `spawn`: descriptors it shall own. */
  readonly give?: readonly number[];
  /** Ends with the group: it is stopped when all others have ended. Default false. */
  readonly daemon?: boolean;
}

/** One task that a keeper is to run. */
export interface Job extends ChildOptions, Fate {
  readonly program: Runnable;
}

export class Nursery {
  /** The keeper's pid; 0 before it runs and after the group has ended. */
  keeper: Pid = 0;
  readonly children = new Map<Pid, Child>();
  /** How many of them are no daemons. */
  busy = 0;
  /** Why its tasks were told to stop, once they were. */
  stopping: string | null = null;
  /** Why they need not go on, although none has failed. */
  done: string | null = null;
  readonly failures = new Failures();
  /** What told the keeper to stop. */
  killed: Killed | null = null;
  /** Where the body's task waits for all others to end, when it has come to its own end. */
  readonly lingering = waitQueue("the group to end");

  add(child: Child): void {
    this.children.set(child.pid, child);
    if (child.fate.daemon !== true) this.busy += 1;
  }

  /** Take note of a death. Returns whose it was; undefined for what is no task of the group. */
  bury(status: ExitStatus): Child | undefined {
    const child = this.children.get(status.pid);
    if (child === undefined) return undefined;
    this.children.delete(child.pid);
    child.status = status;
    this.settle(child, status);
    return child;
  }

  /** Draw the conclusions from the end of `child`, once. */
  settle(child: Child, status: ExitStatus): void {
    if (child.settled) return;
    child.settled = true;
    if (child.fate.daemon !== true) this.busy -= 1;
    this.#judge(child, status);
  }

  #judge({ told, fate }: Child, status: ExitStatus): void {
    if (status.kind === "killed" && (told || this.stopping !== null)) return;
    // One that was told to stop and crashed has failed in its clean-up: nobody expects that.
    const unexpected = status.kind === "crashed" && told;
    if (!unexpected && fate.ended?.(status) === true) return;
    if (status.kind === "crashed") this.failures.add(status.error, describeExit(status));
    if (status.kind === "killed") this.failures.add(new ChildError(status), describeExit(status));
  }

  /** Those that are still at work. */
  get active(): readonly Child[] {
    return [...this.children.values()].filter(({ settled }) => !settled);
  }

  /** How many there are, the body apart if it only waits for the others. */
  get others(): number {
    return this.children.size - this.lingering.length;
  }

  /** May tasks be started as if nothing had happened? */
  get going(): boolean {
    return this.stopping === null && this.due === null;
  }

  /** Why the tasks have to be told to stop now; null when they have not. */
  get due(): string | null {
    if (this.stopping !== null) return null;
    const { killed } = this;
    const idle = this.busy === 0 && this.others > 0 ? "the group has ended" : null;
    return this.failures.first ?? (killed && reasonOf(killed)) ?? this.done ?? idle;
  }
}

function enterGroup(kernel: Kernel, task: Task, job: Job, nursery: Nursery): Child {
  const keeper = kernel.tasks.find(nursery.keeper);
  // Its keeper may have been ended with KILL, and nobody is born to the dead.
  if (keeper?.alive !== true) throw new SystemError("ESRCH", "the group has ended");
  const { name, give = [] } = job;
  const options = { give, bound: true, ...(name === undefined ? {} : { name }) };
  const pid = inNameOf(kernel, keeper, spawn(job.program, options));
  const { daemon = false, ended } = job;
  const fate = ended === undefined ? { daemon } : { daemon, ended };
  const spawned = kernel.tasks.get(pid);
  // It lives with the keeper, but it is the caller who has started it.
  spawned.locals = task.locals;
  const child = new Child(pid, spawned.name, fate);
  nursery.add(child);
  if (nursery.stopping !== null) {
    inNameOf(kernel, keeper, signalAll([child], "TERM", nursery.stopping));
  }
  return child;
}

/**
 * Spawn `job` as a child of `nursery`'s keeper. One that comes when the group is stopping is told
 * to stop at once, so it gets no further than its first blocking call. Never blocks; who is told to
 * stop itself starts nothing. Fails as `spawn` does, and with ESRCH when the group has ended.
 */
export const enter = blockingCall("spawn", enterGroup, { selectable: false });

/**
 * The caller, a task of `nursery`, has come to the end of its work, with `status`: the group may
 * draw its conclusions. Blocks until all others have ended, so that what the caller opened stays
 * open for them.
 */
export const linger = blockingCall(
  "linger",
  (kernel, task, nursery: Nursery, status: ExitStatus): void | Blocked => {
    const child = nursery.children.get(task.pid);
    if (child !== undefined) nursery.settle(child, status);
    const keeper = kernel.tasks.find(nursery.keeper);
    if (keeper?.alive !== true) return; // Ended with KILL: there is no group to wait for.
    // So that it is let go of even then.
    const letGo = (): void => void kernel.wake(nursery.lingering, undefined);
    inNameOf(kernel, keeper, resource("the body of the group", letGo));
    // Nobody has died, but the keeper is to look again.
    if (keeper.queue === kernel.parents) kernel.resume(keeper, []);
    return kernel.block(task, nursery.lingering);
  },
);

/**
 * Reap all children that have ended, of which `wait` reaps one: a keeper that took one at a time
 * would fall behind tasks that start several. Daemons count. Blocks until there is one.
 */
export const deaths = blockingCall("wait", (kernel, task): readonly ExitStatus[] | Blocked => {
  const reap = (): readonly ExitStatus[] | Blocked => {
    const zombies = task.family?.zombies;
    if (zombies === undefined || zombies.length === 0) return BLOCKED;
    const statuses: ExitStatus[] = [];
    const next = wait();
    while (zombies.length > 0) statuses.push(inNameOf(kernel, task, next));
    return statuses;
  };
  const statuses = reap();
  return statuses === BLOCKED ? kernel.block(task, kernel.parents, { retry: reap }) : statuses;
});
