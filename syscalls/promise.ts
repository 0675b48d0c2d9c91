// The bridge to the host's own asynchrony: fetch, databases, timers of other libraries.

import { blockingCall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { ask } from "../kernel/interrupt";
import { show } from "../kernel/show";
import type { Blocked, Kernel, Task } from "../kernel";

/** The host's AbortSignal type, wherever this is compiled; `unknown` where the host has none. */
export type HostAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer T } }
  ? T
  : unknown;

/**
 * Wait for a promise of the host's; returns what it resolves to, throws what it rejects with.
 *
 * Given a function instead, calls it with an AbortSignal that aborts when the caller is killed
 * meanwhile, with KILL too, and waits for the promise it returns: `yield* promise((signal) =>
 * fetch(url, { signal }))`. Blocks until the promise is settled. Fails with EINVAL for what is
 * neither.
 */
export const promise = blockingCall(
  "promise",
  <T>(
    kernel: Kernel,
    task: Task,
    source: PromiseLike<T> | ((signal: HostAbortSignal) => PromiseLike<T>),
  ): T | Blocked => {
    if (typeof source !== "function" && typeof source?.then !== "function") {
      throw new SystemError(
        "EINVAL",
        `${show(source)} is no promise, nor a function that makes one`,
      );
    }
    return ask(kernel, task, (answer) => kernel.machine.settle(source, answer));
  },
);
