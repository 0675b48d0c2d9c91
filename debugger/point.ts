// What a debugger stops at. Types alone: plain data, which passes from one process to another.

import type { Pid } from "../kernel";

/** What a breakpoint is on. Steps are checked after they were made. */
export type Point =
  /** A step of this task: a pid, or a name. */
  | { readonly on: "task"; readonly task: Pid | string }
  /** A system call: `sleep`. */
  | { readonly on: "call"; readonly call: string }
  /** A call that works on this: `fd 4`, or the label of a lock or channel, or `task 3`. */
  | { readonly on: "object"; readonly object: string }
  /** A task stands at the yield in this line. */
  | { readonly on: "line"; readonly file: string; readonly line: number }
  /** The clock has come to this, in milliseconds. */
  | { readonly on: "time"; readonly time: number }
  /** So many tasks are in the ready queue, or values in a channel, or waiters on a queue. */
  | { readonly on: "queue"; readonly queue: string; readonly length: number }
  /** That length has changed. */
  | { readonly on: "length"; readonly queue: string }
  | { readonly on: "spawn" | "signal" | "exit" | "crash" | "deadlock" | "lint" }
  /** The value of an expression has changed, seen from a frame of a task. */
  | ({ readonly on: "change" } & FrameExpression)
  /** The value of an expression over the variables of the module in this file has changed. */
  | { readonly on: "change"; readonly expression: string; readonly module: string };

/** An expression over what can be seen from a frame. */
export interface FrameExpression {
  readonly expression: string;
  readonly pid: Pid;
  /** From 0, the innermost; or from the outermost: -1, -2, … */
  readonly frame: number;
}

export interface Breakpoint {
  readonly id: number;
  readonly point: Point;
  /** An expression that has to be true as well, seen from the task that made the step. */
  readonly condition?: string;
  /** Let so many hits pass first. */
  readonly ignore: number;
}

/** How a watched value has changed. */
export interface Change {
  /** Which part of the value it is, where the whole does not tell: `[15]`. */
  readonly part?: string;
  readonly before: string;
  readonly after: string;
}
