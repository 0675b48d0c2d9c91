// A critical section: what runs between taking something and giving it back.

import { show, SystemError } from "../syscalls";
import type { Program, SystemCall } from "../syscalls";
import { begin, type Work } from "./work";

/**
 * Make `enter`, run `body`, and make `leave` however that ends. Blocks, returns and throws as they
 * do; when `enter` fails, neither of the others runs, and what `body` throws goes before what
 * `leave` does: a kill must arrive. Fails with EINVAL for what is no body.
 */
export function* section<T>(
  enter: SystemCall<void> | Program<void>,
  body: Work<T>,
  leave: () => SystemCall<void>,
): Program<T> {
  check(body);
  yield* enter;
  let result: T;
  try {
    result = yield* begin(body);
  } catch (error) {
    yield* attempt(leave());
    throw error;
  }
  yield* leave();
  return result;
}

function* attempt(call: SystemCall<void>): Program<void> {
  try {
    yield* call;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}

function check(body: unknown): void {
  if (typeof body === "function") return;
  if (typeof body === "object" && body !== null && Symbol.iterator in body) return;
  const fix = "pass a program or a generator function";
  throw new SystemError("EINVAL", `${show(body)} is nothing to run with a lock; ${fix}`);
}
