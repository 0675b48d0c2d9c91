// What tools that run something for you take.

import type { Program, SystemCall } from "../syscalls";

/** To be run as a task: a generator, or a generator function without parameters. */
export type Runnable<T = unknown> = Program<T> | (() => Program<T>);

/** To be run in place: a program, one system call, or a function that makes either. */
export type Work<T> = Program<T> | SystemCall<T> | (() => Program<T> | SystemCall<T>);

/** What `work` has to be yielded as. */
export function begin<T>(work: Work<T>): Program<T> | SystemCall<T> {
  return typeof work === "function" ? work() : work;
}
