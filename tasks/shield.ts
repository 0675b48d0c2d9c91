// Shielded sections: work that must not be interrupted half way.

import { lowerShield, raiseShield } from "../syscalls";
import type { Program } from "../syscalls";
import { begin, type Work } from "./work";

/**
 * Run `work` undisturbed: signals and time limits that come from outside it wait until it has
 * ended, and arrive at the caller's next blocking call. Time limits set inside it still count. KILL
 * and STOP do not wait. Shields nest. Blocks, returns and throws as `work` does.
 */
export function* shield<T>(work: Work<T>): Program<T> {
  yield* raiseShield();
  try {
    return yield* begin(work);
  } finally {
    yield* lowerShield();
  }
}
