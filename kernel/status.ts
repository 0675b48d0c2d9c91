// How tasks end: the exit status every death leaves, and the exceptions that bring it about.

import type { Program } from "./call";
import type { Task } from "./task";
import { placeOf } from "./trace";

/**
 * What can be sent to a task.
 * - TERM, INT, USR1, USR2, ALRM end it: Killed is thrown at its blocking call.
 * - KILL ends it without asking. STOP keeps it from running until CONT.
 * - CHLD (a child has ended) is ignored.
 *
 * All but KILL, STOP and CONT can be kept for `sigwait` instead: see `sigmask`.
 */
export const signals = [
  "TERM",
  "KILL",
  "INT",
  "STOP",
  "CONT",
  "CHLD",
  "USR1",
  "USR2",
  "ALRM",
] as const;
export type Signal = (typeof signals)[number];

/** A task's number. Carries, in the type only, what the task returns. */
export type Pid<T = unknown> = number & { readonly returns?: T };

/** A signal, who sent it, why, and from where. */
export interface SignalInfo {
  readonly signal: Signal;
  /** The pid of the sender; 0 is the system. */
  readonly by: number;
  /** The name of the sender, which may be "". */
  readonly sender: string;
  readonly reason: string;
  /** The place in the program from which it was sent; "" where it is not known. */
  readonly from: string;
}

/** What `wait` returns: whose end it was, and how it came. `kind` tells which. */
export type ExitStatus<T = unknown> = { readonly pid: Pid<T>; readonly name: string } & (
  | { readonly kind: "exited"; readonly value: T }
  | { readonly kind: "crashed"; readonly error: unknown }
  | {
      readonly kind: "killed";
      readonly signal: Signal;
      /** Who sent it; 0 is the system. */
      readonly by: number;
      readonly reason: string;
      /** The signal with all that is known of it. */
      readonly cause: Killed;
    }
);

/**
 * Thrown in a task that is told to stop, at its blocking call. `catch` and `finally` run and may
 * make system calls. A task that catches it and does not throw it on has chosen to live; only KILL
 * ends it then.
 */
export class Killed extends Error implements SignalInfo {
  readonly signal: Signal;
  readonly by: number;
  readonly sender: string;
  readonly reason: string;
  readonly #site: { readonly stack?: string } | null;

  constructor(
    signal: Signal,
    sender: Task | null,
    reason: string,
    site: { readonly stack?: string } | null,
  ) {
    const who = sender === null ? "the system" : String(sender);
    // Its own stack would show the kernel; taking it would be most of the cost of a kill.
    const limit: unknown = Reflect.get(Error, "stackTraceLimit");
    Reflect.set(Error, "stackTraceLimit", 0);
    super(`killed with ${signal} by ${who}${reason === "" ? "" : `: ${reason}`}`);
    Reflect.set(Error, "stackTraceLimit", limit);
    this.name = "Killed";
    this.signal = signal;
    this.by = sender?.pid ?? 0;
    this.sender = sender?.name ?? "";
    this.reason = reason;
    this.#site = site;
  }

  get from(): string {
    return placeOf(this.#site);
  }
}

/** Unwinds a task's frames on their way to `exit`. Not an Error: nothing went wrong. */
export class Exit {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Unwinds one frame, which `program` then replaces. */
export class Become {
  readonly frame: Program;
  readonly program: Program;

  constructor(frame: Program, program: Program) {
    this.frame = frame;
    this.program = program;
  }
}
