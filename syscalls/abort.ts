// AbortSignals of the host's, as something to wait for.

import { blockingCall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { ask } from "../kernel/interrupt";
import { show } from "../kernel/show";
import type { Kernel, Task } from "../kernel";

/** What is used of an AbortSignal, the host's or a library's own. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

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
    return ask(kernel, task, (answer) =>
      kernel.machine.heed((done) => onAbort(signal, () => done(signal.reason)), answer),
    );
  },
);

function isAbortSignal(value: unknown): value is AbortSignalLike {
  if (typeof value !== "object" || value === null) return false;
  const { aborted, addEventListener } = value as Partial<AbortSignalLike>;
  return typeof aborted === "boolean" && typeof addEventListener === "function";
}

/** All that listen to one signal, as one: the host warns from the eleventh listener on. */
class Audience {
  readonly #signal: AbortSignalLike;
  readonly #listeners = new Set<() => void>();

  constructor(signal: AbortSignalLike) {
    this.#signal = signal;
  }

  readonly #tell = (): void => {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    this.#signal.removeEventListener("abort", this.#tell);
    for (const listener of listeners) listener();
  };

  add(listener: () => void): void {
    if (this.#listeners.size === 0) this.#signal.addEventListener("abort", this.#tell);
    this.#listeners.add(listener);
  }

  delete(listener: () => void): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    this.#signal.removeEventListener("abort", this.#tell);
  }
}

const audiences = new WeakMap<AbortSignalLike, Audience>();

/** Call `listener` when `signal` aborts. Returns how to stop listening. */
export function onAbort(signal: AbortSignalLike, listener: () => void): () => void {
  const audience = audiences.get(signal) ?? new Audience(signal);
  audiences.set(signal, audience);
  audience.add(listener);
  return () => audience.delete(listener);
}
