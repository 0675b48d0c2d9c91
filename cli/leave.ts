// The way out of the process.

import type { Writable } from "node:stream";

/**
 * End the process with `code` once all that was printed has left it. A timer or socket that a
 * program left behind would keep it alive for ever, so this does not wait for those.
 */
export async function leave(code: number): Promise<void> {
  process.exitCode = code;
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit();
}

/** Whoever reads may be slow, but that is for them to say. */
function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writable) stream.write("", () => resolve());
    else resolve();
  });
}
