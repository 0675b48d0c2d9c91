// Task-local storage: a value that each task has its own of, and its children inherit.

import { syscall } from "../kernel/call";
import type { SystemCall } from "../kernel";

const getLocal = syscall(
  "getLocal",
  <T>(
    _kernel: unknown,
    task: { readonly locals: ReadonlyMap<object, unknown> | null },
    local: TaskLocal<T>,
  ): T => (task.locals?.has(local) === true ? (task.locals.get(local) as T) : local.initial),
);

const setLocal = syscall("setLocal", (_kernel, task, local: TaskLocal<unknown>, value: unknown) => {
  // A copy: those who inherited the old values keep them.
  task.locals = new Map(task.locals).set(local, value);
});

/**
 * A value of which every task has its own. A child begins with its parent's as it is at the spawn;
 * what either sets later, the other does not see. `new TaskLocal("anonymous", "user")`.
 */
export class TaskLocal<T> {
  /** What a task has that never set it, nor did those it descends from. */
  readonly initial: T;
  readonly name: string;

  constructor(initial: T, name: string = "local") {
    this.initial = initial;
    this.name = name;
  }

  /** The caller's value. Never blocks, never fails. */
  get(): SystemCall<T> {
    return getLocal<T>(this);
  }

  /** Make `value` the caller's, and that of children it spawns from now on. Never blocks. */
  set(value: T): SystemCall<void> {
    return setLocal(this, value);
  }

  toString(): string {
    return this.name;
  }
}
