// What tools that run something for you take: a program, one system call, or a function that makes
// either.

import type { Program, SystemCall } from "../syscalls";

/** Something to run. */
export type Work<T> = Program<T> | SystemCall<T> | (() => Program<T> | SystemCall<T>);

/** What `work` has to be yielded as. */
export function begin<T>(work: Work<T>): Program<T> | SystemCall<T> {
  return typeof work === "function" ? work() : work;
}
