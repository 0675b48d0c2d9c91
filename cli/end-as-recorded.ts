// The end of a replay.

import type { Kernel } from "../kernel";

/**
 * How the run has ended the recording says. What the host does for the program by itself, in its
 * own time, is no part of that: a timer that throws, a stream that nobody reads, a rejection, an
 * exit between two steps.
 */
export function endAsRecorded(kernel: Kernel): void {
  process.on("uncaughtException", () => {});
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    if (kernel.current !== null) exit(code);
    throw new Error("a replay ends where its recording does");
  };
}
