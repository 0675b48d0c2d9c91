// How a task's end reads: the text for a crash nobody waited for, and for anyone who prints an exit
// status.

import { Killed, type ExitStatus } from "../syscalls";

/** `task 3 "worker"` */
export function nameOf({ pid, name }: { readonly pid: number; readonly name: string }): string {
  return name === "" ? `task ${pid}` : `task ${pid} "${name}"`;
}

/** One line: `task 3 "worker" was killed with TERM by task 2: enough`. */
export function describeExit(status: ExitStatus): string {
  const who = nameOf(status);
  switch (status.kind) {
    case "exited":
      return `${who} exited`;
    case "crashed":
      return `${who} crashed: ${firstLine(status.error)}`;
    case "killed": {
      const by =
        status.by === 0 ? "the system" : nameOf({ pid: status.by, name: status.cause.sender });
      return `${who} was killed with ${status.signal} by ${by}${status.reason && `: ${status.reason}`}`;
    }
  }
}

/** The crash with its stack, without the lines inside genix itself, and with its causes. */
export function describeCrash(status: ExitStatus & { readonly kind: "crashed" }): string {
  return [`${nameOf(status)} crashed`, ...stackOf(status.error)].join("\n") + "\n";
}

/** Telling of a crash must not crash: what a program throws may throw when it is looked at. */
function safely<T>(tell: () => T, otherwise: T): T {
  try {
    return tell();
  } catch {
    return otherwise;
  }
}

const UNTELLABLE = "something that cannot be shown";

/** How many errors of an AggregateError are shown, and how deep causes are followed. */
const SHOWN = 5;
const DEPTH = 3;

function stackOf(error: unknown, depth = 0, role = ""): string[] {
  return safely(() => linesOf(error, depth, role), [`  thrown: ${UNTELLABLE}`]);
}

function linesOf(error: unknown, depth: number, role: string): string[] {
  if (!(error instanceof Error)) return [`  thrown: ${String(error)}`];
  const stack = String(error.stack)
    .split("\n")
    .filter((line) => /^\s+(at|in) /.test(line));
  const lines = [`  ${role}${error.name}: ${error.message}`];
  lines.push(...stack.filter(outside).map((line) => `  ${line}`));
  if (depth === DEPTH) return lines;
  if (error.cause !== undefined) lines.push(...stackOf(error.cause, depth + 1, "caused by "));
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [];
  for (const one of errors.slice(0, SHOWN)) lines.push(...stackOf(one, depth + 1, "namely "));
  return lines;
}

/** The folder of this package, as stacks name it: from this file's own line on one. */
const home = /(?:\(|at )([^(]*)tasks[\\/]report\.[jt]s:/.exec(new Error().stack ?? "")?.[1] ?? "";

/** Is this line of a stack the program's, not the kernel's or the host's? */
function outside(line: string): boolean {
  if (/\(node:|at node:|\.next \(<anonymous>\)|\.throw \(<anonymous>\)/.test(line)) return false;
  const [, inside = ""] = home === "" ? [] : line.split(home);
  return !/^(kernel|syscalls|machine)[\\/]/.test(inside);
}

/** Why something stops because of `error`, as it is passed on to others. */
export function reasonOf(error: unknown): string {
  const given = error instanceof Killed ? error.reason : "";
  return given === "" ? firstLine(error) : given;
}

/** What was thrown, on one line: `Error: boom`. Never throws. */
export function firstLine(error: unknown): string {
  const text = (): string =>
    error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return safely(text, UNTELLABLE).split("\n", 1)[0] as string;
}
