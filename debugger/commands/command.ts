// What a command of the debugger is, and how the one is found that a person means. Knows none.

import { Complaint, guess } from "./complaint";
import { adviceOn } from "./gdb";
import type { Shell } from "./shell";

export interface Command {
  readonly name: string;
  /** Short forms, which go before what they are a prefix of. */
  readonly short?: readonly string[];
  /** What comes after the name: `[N]`. */
  readonly usage: string;
  /** What it does, on one line. */
  readonly does: string;
  /** What else there is to know, for `help NAME`. */
  readonly more?: string;
  /** An empty line does it again; this is what is then done. */
  readonly again?: string;
  /** What may stand for the last of `words`, which come after the name. */
  readonly complete?: (
    shell: Shell,
    words: readonly string[],
  ) => readonly string[] | Promise<readonly string[]>;
  /** Throws a Complaint when it cannot be done. */
  readonly run: (shell: Shell, rest: string) => void | Promise<unknown>;
}

export interface Section {
  readonly title: string;
  readonly commands: readonly Command[];
}

/** A line's command and what comes after it. */
export function parseLine(
  line: string,
  commands: readonly Command[],
): { readonly command: Command; readonly rest: string } {
  const [, word = "", rest = ""] = /^(\?|[\w-]*)\s*([^]*)$/.exec(line) ?? [];
  if (word === "") throw new Complaint(`${line} is no command; help lists them`);
  if (/^\/[a-z\d]/.test(line.slice(word.length))) {
    throw new Complaint(`${word} has no formats; in JavaScript: print (255).toString(16)`);
  }
  return { command: findCommand(word, commands), rest: rest.trim() };
}

/** By its name, a short form, or what only its name begins with. */
export function findCommand(word: string, commands: readonly Command[]): Command {
  const exact = commands.find(({ name, short = [] }) => name === word || short.includes(word));
  if (exact !== undefined) return exact;
  const advice = adviceOn(word);
  if (advice !== undefined) throw new Complaint(`there is no command ${word}: ${advice}`);
  const all = commands.filter(({ name }) => name.startsWith(word));
  const [only] = all;
  if (all.length > 1) {
    const names = all.map(({ name }) => name).join(", ");
    throw new Complaint(`${word} could be ${names}; write more of it`);
  }
  if (only !== undefined) return only;
  const names = commands.map(({ name }) => name);
  throw new Complaint(`there is no command ${word}${guess(word, names) || "; help lists them"}`);
}

/** A whole number, or `fallback` when nothing is written. */
export function count(text: string, fallback: number, what = "how many"): number {
  if (text === "") return fallback;
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new Complaint(`${what}: ${text} is not a whole number`);
}

/** A time in milliseconds: `500`, `12.5 ms`. `usage` is a command with one, for who wrote none. */
export function timeOf(text: string, usage: string): number {
  const [, digits] = /^(\d+(?:\.\d+)?)(?:\s*ms)?$/.exec(text) ?? [];
  if (digits !== undefined) return Number(digits);
  throw new Complaint(`a time is a number of milliseconds: ${usage}`);
}
