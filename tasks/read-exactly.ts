// Reading a known number of bytes: headers, records, files whose size is known.

import { read } from "../syscalls";
import type { Fd, Program } from "../syscalls";
import { demand, isWhole } from "./check";

/** The stream ended before all the bytes had come. */
export class IncompleteReadError extends Error {
  /** The bytes that did come. */
  readonly partial: Uint8Array;
  /** How many were wanted. */
  readonly expected: number;

  constructor(fd: Fd, partial: Uint8Array, expected: number) {
    super(`fd ${fd} ended after ${partial.length} of ${expected} bytes`);
    this.name = "IncompleteReadError";
    this.partial = partial;
    this.expected = expected;
  }
}

/**
 * Read exactly `count` bytes from `fd`; no more are taken from it. Throws an IncompleteReadError,
 * which has the bytes that came, when the stream ends before.
 *
 * Blocks until they are there. Fails as `read` does. A signal or time limit that cuts it short
 * takes with it what was read so far.
 */
export function* readExactly(fd: Fd, count: number): Program<Uint8Array> {
  const wanted = "number of bytes; give a whole number from 0 up";
  demand(isWhole(count, 0), "readExactly", count, wanted);
  const bytes = new Uint8Array(count);
  for (let filled = 0; filled < count;) {
    const chunk = yield* read(fd, count - filled);
    if (chunk.length === 0) throw new IncompleteReadError(fd, bytes.slice(0, filled), count);
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return bytes;
}
