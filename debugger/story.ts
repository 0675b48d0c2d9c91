// A story: what happened in a run, step by step, as plain data. Every picture (timeline, sequence,
// trace, page) is drawn from one, and nothing else. Pure: knows the kernel, no file and no screen.

import type { Pid } from "../kernel";

/** The system's own task: what it does is of no interest to who looks at a program. */
export const INIT: Pid = 1;

/** One step of the scheduler: a task was resumed, and ran to its next call or to its end. */
export interface StepEvent {
  /** Counts from 1. */
  readonly step: number;
  /** When it began, on the machine's clock, in milliseconds. */
  readonly time: number;
  /** How long it took, in milliseconds, if that was long; else it is not known. */
  readonly lasted?: number;
  readonly pid: Pid;
  /** What it was resumed with: `= 5`, `! EBADF …`; "" at its start. */
  readonly reply: string;
  /** The call it made: `receive([Channel "jobs"])`; "" when it ended. */
  readonly call: string;
  /** The call's name, and what it works on: `jobs`, `fd 4`, `task 3`; "" for nothing. */
  readonly name: string;
  readonly object: string;
  readonly outcome: "ready" | "blocked" | "exited" | "crashed" | "killed";
  /** When blocked, what it waits for; when it ended, how. */
  readonly detail: string;
  /** Where in its source it stands now: `/home/me/prog.ts:12`; "" where nobody asked. */
  readonly place: string;
  /** If it ended in the step, where it stood before; if it crashed, where that was thrown. */
  readonly from?: string;
  /** Tasks in the ready queue, after the step. */
  readonly ready: number;
}

/** What happened to a task, in a step of another's or between two steps (`by` is 0). */
export interface Happening {
  readonly kind: "spawn" | "wake" | "signal" | "exit" | "reap" | "move";
  /** In this step, or if `by` is 0, after it. */
  readonly step: number;
  readonly time: number;
  /** To whom. */
  readonly pid: Pid;
  /** Whose step it was; 0 for the timer and the world outside. */
  readonly by: Pid;
  /**
   * Of a spawn the child's name, of a wake what is delivered, the signal, the exit status; of a
   * move to another queue what it waits for now.
   */
  readonly text: string;
}

export interface TaskStory {
  readonly pid: Pid;
  readonly parent: Pid;
  readonly name: string;
}

export interface Story {
  readonly program: string;
  readonly args: readonly string[];
  readonly tasks: readonly TaskStory[];
  /** In order. */
  readonly steps: readonly StepEvent[];
  /** In the order in which it happened. */
  readonly happenings: readonly Happening[];
}
