// A crash that no task of the program waits for: where it happened, for a debugger that stops there
// without being asked to.

import type { Stop } from "../../debugger";
import type { ExitStatus, Probe, Task } from "../../kernel";
import { isProgramFile } from "../copies";

/** What it waits for nobody else does. */
const INIT = 1;

/** A probe: told of an end before init has heard of it. */
export class Crash implements Probe {
  #reason: Stop["reason"] | null = null;

  exit({ parent }: Task, status: ExitStatus): void {
    if (status.kind !== "crashed" || parent?.pid !== INIT) return;
    const text = ["a crash that nobody waits for", ...stackOf(status.error)].join("\n");
    this.#reason = { kind: "breakpoint", id: 0, text };
  }

  /** Why to stop after this step, or null. */
  check(): Stop["reason"] | null {
    const reason = this.#reason;
    this.#reason = null;
    return reason;
  }
}

/** The program's lines of an error's stack. */
function stackOf(error: unknown): string[] {
  try {
    const lines = error instanceof Error ? String(error.stack).split("\n") : [];
    return lines.filter(isProgramLine).map((line) => `  ${line.trim()}`);
  } catch {
    return []; // The stack is the program's own.
  }
}

function isProgramLine(line: string): boolean {
  const file = /^\s+at .*?((?:file:\/\/)?\/[^()]*):\d+:\d+\)?$/.exec(line)?.[1];
  return file !== undefined && isProgramFile(file.replace(/^file:\/\//, ""));
}
