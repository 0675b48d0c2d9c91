// How tasks end: the exit status every death leaves, and the exceptions that bring it about.

import type { Program } from "./call";
import type { Task } from "./task";

/** TERM asks: it is an exception at the task's blocking call. KILL does not ask. */
export const signals = ["TERM", "KILL"] as const;
export type Signal = (typeof signals)[number];

/** A task's number. Carries, in the type only, what the task returns. */
export type Pid<T = unknown> = number & { readonly returns?: T };

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
    }
);

/**
 * Thrown in a task that is told to stop, at its blocking call. `catch` and `finally` run and may
 * make system calls. A task that catches it and does not throw it on has chosen to live; only KILL
 * ends it then.
 */
export class Killed extends Error {
  readonly signal: Signal;
  /** The pid of the sender; 0 is the system. */
  readonly by: number;
  readonly reason: string;

  constructor(signal: Signal, sender: Task | null, reason: string) {
    const who = sender === null ? "the system" : String(sender);
    super(`killed with ${signal} by ${who}${reason === "" ? "" : `: ${reason}`}`);
    this.name = "Killed";
    this.signal = signal;
    this.by = sender?.pid ?? 0;
    this.reason = reason;
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
