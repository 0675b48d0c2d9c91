// Shielded sections: work that must not be interrupted half way.

import { lowerShield, raiseShield } from "../syscalls";
import type { Program } from "../syscalls";

/**
 * Run `program` undisturbed: signals and time limits that come from outside it wait until it has
 * ended, and arrive at the caller's next blocking call. Time limits set inside it still count. KILL
 * and STOP do not wait. Shields nest. Blocks, returns and throws as `program` does.
 */
export function* shield<T>(program: Program<T>): Program<T> {
  yield* raiseShield();
  try {
    return yield* program;
  } finally {
    yield* lowerShield();
  }
}
