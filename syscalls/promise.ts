// The bridge to the host's own asynchrony: fetch, databases, timers of other libraries.

import { ask, blockingCall, show, SystemError } from "../kernel";
import type { Blocked, Kernel, Task } from "../kernel";

/** The host's AbortSignal type, wherever this is compiled; `unknown` where the host has none. */
export type HostAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer T } }
  ? T
  : unknown;

/** What is used of an AbortSignal, the host's or a library's own. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

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

/**
 * Wait until `signal` is aborted; returns its reason.
 *
 * Blocks until then; replies at once if it is aborted already. Leaves no listener behind, however
 * the wait ends. Fails with EINVAL for what is no AbortSignal.
 */
export const aborted = blockingCall(
  "aborted",
  (kernel: Kernel, task: Task, signal: AbortSignalLike): unknown => {
    if (!isAbortSignal(signal)) {
      throw new SystemError("EINVAL", `${show(signal)} is no AbortSignal; pass controller.signal`);
    }
    if (signal.aborted) return signal.reason;
    return ask(kernel, task, (answer) => {
      // The machine's own signal says when the task does not wait any longer. The task is answered
      // at the abort itself, so that nothing comes between; the promise tells the machine.
      const abort = (unwanted: AbortSignalLike): Promise<unknown> =>
        new Promise((resolve) => {
          const listener = (): void => {
            signal.removeEventListener("abort", listener);
            unwanted.removeEventListener("abort", listener);
            if (!unwanted.aborted) answer.done(signal.reason);
            resolve(signal.reason);
          };
          signal.addEventListener("abort", listener);
          unwanted.addEventListener("abort", listener);
        });
      return kernel.machine.settle(abort, answer);
    });
  },
);

function isAbortSignal(value: unknown): value is AbortSignalLike {
  if (typeof value !== "object" || value === null) return false;
  const { aborted, addEventListener } = value as Partial<AbortSignalLike>;
  return typeof aborted === "boolean" && typeof addEventListener === "function";
}
