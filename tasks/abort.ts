// AbortSignals for the host's functions, with the lifetime of a scope.

import { close, resource } from "../syscalls";
import type { HostAbortSignal, Program } from "../syscalls";

// Wherever there are promises there is one of these.
declare const AbortController: new () => {
  readonly signal: HostAbortSignal;
  abort(): void;
};

/**
 * Run `scope` with an AbortSignal for any number of calls of the host's, and return what it
 * returns. The signal aborts when the scope is left: by a return, an error, or the end of its task
 * in any way, KILL included.
 *
 * Blocks and fails as `scope` does.
 */
export function* withAbortSignal<T>(scope: (signal: HostAbortSignal) => Program<T>): Program<T> {
  const controller = new AbortController();
  const fd = yield* resource("abort signal", () => controller.abort());
  try {
    return yield* scope(controller.signal);
  } finally {
    yield* close(fd);
  }
}
