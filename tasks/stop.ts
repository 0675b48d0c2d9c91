// Stopping a child for good: ask, wait for its clean-up, and insist if that takes too long.

import { kill, wait } from "../syscalls";
import type { ExitStatus, Pid, Program, Signal } from "../syscalls";
import { shield } from "./shield";
import { timeout } from "./timeout";

export interface KillOptions {
  /** Default TERM. */
  readonly signal?: Signal;
  readonly reason?: string;
  /** How long the clean-up may take, in milliseconds, before KILL. Default: as long as it wants. */
  readonly grace?: number;
}

/**
 * Send the child `pid` a signal and wait until it has ended, its clean-up included; after `grace`
 * milliseconds with KILL. Returns its exit status.
 *
 * Blocks until then. Fails as `kill` and `wait` do (ESRCH, ECHILD), and with EINVAL for what is no
 * grace, before it sends anything.
 */
export function* killAndWait<T>(
  pid: Pid<T>,
  { signal = "TERM", reason = "", grace = Infinity }: KillOptions = {},
): Program<ExitStatus<T>> {
  const asked = ask(pid, signal, reason);
  const status = yield* timeout(grace, asked, { fallback: undefined });
  if (status !== undefined) return status;
  yield* kill(pid, "KILL", `${reason === "" ? "" : `${reason}; `}it took longer than ${grace} ms`);
  return yield* shield(wait<T>(pid));
}

function* ask<T>(pid: Pid<T>, signal: Signal, reason: string): Program<ExitStatus<T>> {
  yield* kill(pid, signal, reason);
  return yield* wait(pid);
}
