// Waiting for the first of several: a task in `select` has a branch on each queue it waits on, and
// is itself on Kernel.selectors. The first branch that gets a reply or an error takes the others
// with it, in the same moment, so exactly one case is committed. (Concurrent ML's choice: Reppy,
// "CML: A Higher-Order Concurrent Language", 1991.)

import { BLOCKED, type Blocked, type SystemCall } from "./call";
import { SystemError } from "./errno";
import type { Kernel } from "./kernel";
import type { Task, Waiter } from "./task";
import type { Timer } from "./timers";
import type { Entry, WaitQueue } from "./wait-queue";

/** The reply of a select: which case it was, and what that call replied. */
export interface Selected {
  readonly which: string;
  readonly value: unknown;
}

/** One case of a select that waits: its entry in a wait queue. */
export class Branch {
  readonly selection: Selection;
  readonly which: string;
  /** The call that is this case. */
  readonly call: SystemCall<unknown>;
  queue: WaitQueue | null = null;
  next: Entry | null = null;
  previous: Entry | null = null;
  waiter: Waiter | null = null;
  timer: Timer | null = null;

  constructor(selection: Selection, which: string, call: SystemCall<unknown>) {
    this.selection = selection;
    this.which = which;
    this.call = call;
  }

  get task(): Task {
    return this.selection.task;
  }
}

/** A task's select, from its first case to the one that is committed. */
export class Selection implements Waiter {
  readonly task: Task;
  readonly branches: Branch[] = [];
  /** What it came to, if that was before the task could block. */
  #outcome: { readonly reply: unknown; readonly throws: boolean } | null = null;

  constructor(task: Task) {
    this.task = task;
  }

  /** Make each of `cases` wait; if one has its reply at once, that is the one. */
  begin(
    kernel: Kernel,
    cases: readonly (readonly [string, SystemCall<unknown>])[],
  ): Selected | Blocked {
    const { task } = this;
    for (const [which, call] of cases) {
      const branch = new Branch(this, which, call);
      const { handler } = call.definition;
      kernel.branch = branch;
      try {
        const value = handler(kernel, task, call.a, call.b, call.c, call.d);
        if (value !== BLOCKED) this.#decide(kernel, null, { which, value }, false);
      } catch (error) {
        if (SystemError.is(error)) error.locate(task, call);
        this.#decide(kernel, null, error, true);
      } finally {
        kernel.branch = null;
      }
      const outcome = this.#outcome;
      if (outcome === null) continue;
      // A case that completes one before it may itself have come to wait.
      this.#leave(kernel, null);
      if (outcome.throws) throw outcome.reply;
      return outcome.reply as Selected;
    }
    return kernel.block(task, kernel.selectors, this);
  }

  /** `branch` has its reply, or its error: this is the one. */
  commit(kernel: Kernel, branch: Branch, reply: unknown, throws: boolean): void {
    this.#decide(kernel, branch, throws ? reply : { which: branch.which, value: reply }, throws);
  }

  /** The task will not wait any longer: no branch may be left behind. */
  cancel(kernel: Kernel): void {
    this.#leave(kernel, null);
  }

  /** Those of its branches that wait on `queue`. */
  on(queue: WaitQueue): Branch[] {
    return this.branches.filter((branch) => branch.queue === queue);
  }

  #decide(kernel: Kernel, winner: Branch | null, reply: unknown, throws: boolean): void {
    this.#leave(kernel, winner);
    const { task } = this;
    if (task.waiter !== this) this.#outcome = { reply, throws };
    else if (throws) kernel.fail(task, reply);
    else kernel.resume(task, reply);
  }

  /** All branches leave their queues before any is told so: none may win after all. */
  #leave(kernel: Kernel, winner: Branch | null): void {
    const waiters = this.branches.map((branch) => [branch, kernel.leave(branch)] as const);
    this.branches.length = 0;
    for (const [branch, waiter] of waiters) if (branch !== winner) waiter?.cancel?.(kernel);
  }
}
