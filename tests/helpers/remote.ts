// What tests of remote targets share, wherever the target runs.

import type { Program } from "../../syscalls";
import type { RemoteTarget } from "../../tasks";

/** What `work` throws; undefined if nothing. */
export function* attempt(work: Program): Program<unknown> {
  try {
    yield* work;
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Send until that fails; the window bounds how often it can succeed: less than `most` times. */
export function* sendUntilError(target: RemoteTarget, most: number): Program<unknown> {
  for (let i = 0; i < most; i++) {
    const error = yield* attempt(target.send("more"));
    if (error !== undefined) return error;
  }
  throw new Error(`${most} messages, and no error`);
}
