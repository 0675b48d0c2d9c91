// What the user has to put right: a wrong command line, a program that cannot be loaded.
// Such an error is one line on stderr and exit code 2; it never has a stack.

import { styleFor } from "./style";

/** Thrown with a message that says what was wrong and, where it can, what to write instead. */
export class Misuse extends Error {}

/** One line on stderr. */
export function complain(message: string): void {
  process.stderr.write(`${styleFor(process.stderr).red("genix:")} ${message}\n`);
}

/** What an error says, whoever threw it. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
