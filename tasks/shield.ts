// Shielded sections: work that must not be interrupted half way.

import { lowerShield, raiseShield } from "../syscalls";
import type { Program, SystemCall } from "../syscalls";

/**
 * Run `work`, a program or a system call, undisturbed: signals, and time limits set outside it,
 * wait until it has ended, and arrive at the caller's next blocking call. Time limits set inside it
 * still count. KILL and STOP do not wait. Shields nest. Blocks, returns and throws as `work` does.
 */
export function* shield<T>(work: Program<T> | SystemCall<T>): Program<T> {
  yield* raiseShield();
  try {
    return yield* work;
  } finally {
    yield* lowerShield();
  }
}
