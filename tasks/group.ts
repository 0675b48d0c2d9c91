// Groups: tasks that begin and end together. A group ends when all its tasks have ended, and the
// first failure of one stops the others, so that no task is left behind and no error is lost. After
// N. J. Smith, "Notes on structured concurrency, or: Go statement considered harmful" (2018).

import { call, Exit, getpid, Killed, SystemError, unpark } from "../syscalls";
import type { ExitStatus, Pid, Program, SystemCall } from "../syscalls";
import { ended, signalAll, type Child } from "./child";
import { ChildError } from "./failures";
import { attend, type GroupOptions } from "./keeper";
import { enter, linger, Nursery, type ChildOptions } from "./nursery";
import { describeExit, reasonOf } from "./report";
import { shield } from "./shield";
import type { Runnable } from "./work";

/** What `ready` of `g.start` is: a program that reports `value` to whoever called `g.start`. */
export type Ready<T> = (value: T) => Program<void>;

/**
 * Open a group and run `body(g)` as its first task: `g.spawn` adds tasks, from the body or from any
 * other task. Returns what the body returned.
 *
 * Blocks until all of them have ended. When one fails (crashes, or is killed by somebody else) the
 * others are sent TERM and seen off; then the group throws that error as it is, or an
 * AggregateError if there were several, the first one first. When the caller is interrupted they
 * are seen off likewise, and the caller goes on unwinding. What the body opened is closed after all
 * others have ended; open outside what is to outlive the group.
 */
export function* group<T>(body: (g: Group) => Program<T>, options: GroupOptions = {}): Program<T> {
  const nursery = new Nursery();
  const name = body.name || "body";
  let value: unknown;
  function* first(): Program<void> {
    const self = { pid: yield* getpid(), name };
    let status: ExitStatus = { ...self, kind: "exited", value };
    try {
      // In a frame of its own, so that a `become` in it replaces the body and not this.
      value = yield* call(body(new Group(nursery)));
    } catch (error) {
      // First of all, as a look at what was thrown may throw.
      status = { ...self, kind: "crashed", error };
      status = endOf(self, error);
      if (error instanceof Exit) value = error.value;
      throw error;
    } finally {
      yield* shield(linger(nursery, status));
    }
  }
  yield* attend(nursery, { jobs: [{ name, program: first() }] }, options);
  return value as T;
}

/** What comes of a task that throws `error`. */
function endOf(self: { pid: Pid; name: string }, error: unknown): ExitStatus {
  if (error instanceof Exit) return { ...self, kind: "exited", value: error.value };
  if (!(error instanceof Killed)) return { ...self, kind: "crashed", error };
  const { signal, by, reason } = error;
  return { ...self, kind: "killed", signal, by, reason, cause: error };
}

/** An open group, as its tasks see it. */
export class Group {
  readonly #nursery: Nursery;

  constructor(nursery: Nursery) {
    this.#nursery = nursery;
  }

  /**
   * Run `program` as a task of this group. Does not block. Fails as `spawn` does, and with ESRCH
   * when the group has ended. In a group that is being stopped it is told to stop, too.
   */
  spawn<T>(program: Runnable<T>, options: ChildOptions = {}): SystemCall<Child<T>> {
    // What the program returns is what the child's end brings.
    return enter({ ...options, program }, this.#nursery) as SystemCall<Child<T>>;
  }

  /**
   * Run `body(ready)` as a task of this group and return the value it gives to `ready`, which it
   * calls once: `yield* ready(value)`.
   *
   * Blocks until then. Fails with ChildError when the task ends before, with its crash as cause:
   * that is the caller's error then, and not the group's. When the caller is stopped meanwhile, so
   * is the task.
   */
  *start<T>(body: (ready: Ready<T>) => Program<unknown>, options: ChildOptions = {}): Program<T> {
    const handshake = new Handshake<T>();
    const program = body((value) => handshake.report(value));
    const job = { name: body.name, ...options, program, ended: () => handshake.fails };
    return yield* handshake.wait(yield* enter(job, this.#nursery));
  }
}

/** How a task tells its starter that it is ready. */
class Handshake<T> {
  #child: Child | null = null;
  #reported: { readonly value: T } | null = null;
  /** Has the starter been stopped while it waited? */
  #left = false;

  /** Is a failure of the task the starter's affair, and not the group's? */
  get fails(): boolean {
    const joiners = this.#child?.joiners ?? null;
    // One that was killed with KILL has left the queue without a word.
    const waits = !this.#left && (joiners === null || joiners.length > 0);
    return this.#reported === null && waits;
  }

  *report(value: T): Program<void> {
    if (this.#reported !== null) throw new SystemError("EINVAL", "it has reported ready before");
    this.#reported = { value };
    // Nobody else can wait for the task yet: only its starter knows of it.
    const joiners = this.#child?.joiners ?? null;
    if (joiners !== null) yield* unpark(joiners);
  }

  *wait(child: Child): Program<T> {
    this.#child = child;
    try {
      if (this.#reported === null) yield* ended(child);
    } catch (error) {
      this.#left = true;
      yield* signalAll([child], "TERM", reasonOf(error));
      if (child.told || child.status?.kind !== "crashed") throw error;
    }
    if (this.#reported !== null) return this.#reported.value;
    const status = child.status as ExitStatus;
    throw new ChildError(status, `${describeExit(status)} before it was ready`);
  }
}
