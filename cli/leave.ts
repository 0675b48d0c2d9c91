// The way out of the process, and what becomes of the output on it.

import type { Writable } from "node:stream";
import { complain } from "./misuse";

// A program that is run again puts another in its place.
const exit = process.exit.bind(process);
let failed = false;

/**
 * Let a reader go away before the end, as `head` does, without a word. An output that fails in any
 * other way makes the exit code 1.
 */
export function watchOutput(): void {
  process.stderr.on("error", () => {});
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") return;
    if (!failed) complain(`cannot write to stdout: ${message}`);
    failed = true;
  });
}

/**
 * End the process with `code` once all that was printed has left it. A timer or socket that a
 * program left behind would keep it alive for ever, so this does not wait for those.
 */
export async function leave(code: number): Promise<void> {
  process.exitCode = code;
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  exit(code === 0 && failed ? 1 : code);
}

/** Whoever reads may be slow, but that is for them to say. */
function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writable) stream.write("", () => resolve());
    else resolve();
  });
}
