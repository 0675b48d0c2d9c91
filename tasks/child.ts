// A task of a group, as those who started it hold it, and the calls to wait for it and to stop it.

import { blockingCall, kill, syscall, SystemError, waitQueue } from "../syscalls";
import type { Blocked, ExitStatus, Kernel, Pid, Program } from "../syscalls";
import type { Signal, SystemCall, Task, WaitQueue } from "../syscalls";
import { ChildError } from "./failures";
import { nameOf } from "./report";

/** What its group makes of its end. */
export interface Fate {
  /** Does the group end without waiting for it? Then it is stopped. Default false. */
  readonly daemon?: boolean;
  /** Told how it ended; true when a failure is thereby dealt with, and not the group's. */
  readonly ended?: (status: ExitStatus) => boolean;
}

/** A task of a group; `g.spawn` makes it. */
export class Child<out T = unknown> {
  readonly pid: Pid<T>;
  readonly name: string;
  /** @internal */
  readonly fate: Fate;
  /** How it ended; null before. */
  status: ExitStatus<T> | null = null;
  /** @internal Was it told to stop by its group? Then it is no failure that it was killed. */
  told = false;
  /** @internal Has its group drawn its conclusions from its end? */
  settled = false;
  /** @internal Who waits for its end. */
  joiners: WaitQueue | null = null;

  constructor(pid: Pid<T>, name: string, fate: Fate = {}) {
    this.pid = pid;
    this.name = name;
    this.fate = fate;
  }

  /**
   * Wait for its end and return its value. Blocks until then. If it fails, so does the group, and
   * whoever waits in the group is stopped. Fails with ChildError when it did not exit, EDEADLK when
   * it would wait for itself.
   */
  *join(): Program<T> {
    const status = (yield* ended(this)) as ExitStatus<T>;
    if (status.kind !== "exited") throw new ChildError(status);
    return status.value;
  }

  /**
   * Tell it, and it alone, to stop. Returns at once. The group goes on: only a kill that does not
   * come from here is a failure.
   */
  kill(reason = ""): SystemCall<void> {
    return signalAll([this], "TERM", reason);
  }

  toString(): string {
    return nameOf(this);
  }
}

/** Wait for the end of `child`, or until somebody unparks its joiners. Blocks until then. */
export const ended = blockingCall("join", (kernel, task, child: Child): ExitStatus | Blocked => {
  if (child.status !== null) return child.status;
  if (child.pid === task.pid) throw new SystemError("EDEADLK", "it would wait for itself");
  child.joiners ??= waitQueue(`${String(child)} to end`);
  return kernel.block(task, child.joiners);
});

/** Send `signal` to those of `children` that live, all in one step. Never blocks. */
export const signalAll = syscall(
  "kill",
  (kernel, task, children: Iterable<Child>, signal: Signal, reason: string): void => {
    for (const child of children) {
      if (kernel.tasks.find(child.pid)?.alive !== true) continue;
      child.told = true;
      inNameOf(kernel, task, kill(child.pid, signal, reason));
    }
  },
);

/** Service `call` as if `task` had made it. */
export function inNameOf<R>(kernel: Kernel, task: Task, call: SystemCall<R>): R {
  call.done = true; // It is made now, as if it had been yielded.
  // A handler is typed where its call is declared; the call carries that type as its own R.
  return call.definition.handler(kernel, task, call.a, call.b, call.c, call.d) as R;
}
