// The logical stack of an error: the calls it passed through, which the host's stack does not have
// because each frame is resumed by the kernel, and the task it ended, with who spawned that.
// Costs nothing until an error passes.

import type { Site } from "./life";
import type { Task } from "./task";

/** V8's own; other engines do without. */
const { captureStackTrace } = Error as {
  captureStackTrace?: (target: object, above: unknown) => void;
};

/** More frames than these are not kept: a recursion may be 100,000 deep. */
const MOST = 32;

/** The kernel's own part of a host stack begins here. */
const RUN = /^\s+at (Kernel\.)?(#run|#trap|resume) \(.*kernel[\\/]/;

/** Where an error came past, the innermost frame first. */
const passages = new WeakMap<object, { stack?: string }[]>();
/** Errors that carry their logical stack already. */
const told = new WeakSet<object>();
/** Where tasks were spawned, as far as anybody noted it. */
const births = new WeakMap<Task, Site>();

/** Where `above` was called from, as the host's stack. */
export function siteOf(above: unknown): { readonly stack?: string } {
  const site = {};
  captureStackTrace?.(site, above);
  return site;
}

/** `error` comes out of a `call`, here and now. */
export function pass(error: unknown): void {
  if (typeof error !== "object" || error === null) return;
  const past = passages.get(error) ?? [];
  if (past.length === 0) passages.set(error, past);
  if (past.length < MOST) past.push(siteOf(pass));
}

/** `task` was spawned at `site`. */
export function noteBirth(task: Task, site: Site): void {
  births.set(task, site);
}

/** The place where `task` was spawned; "" where nobody noted it. */
export function birthplace(task: Task): string {
  return placeOf(births.get(task) ?? null);
}

/** The folder of this package, as stacks name it: from this file's own line on one. */
const home = /(?:\(|at )([^(]*)kernel[\\/]trace\.[jt]s:/.exec(new Error().stack ?? "")?.[1] ?? "";

/** Is this line of a stack in one of these folders of the package? */
function isIn(line: string, folders: RegExp): boolean {
  const [, inside = ""] = home === "" ? [] : line.split(home);
  return folders.test(inside);
}

/** The line of the program that `site` is of: `main (prog.ts:3:5)`; "" where it is not known. */
export function placeOf(site: Site): string {
  const ours = /^(kernel|syscalls|tasks|debugger)[\\/]/;
  const theirs = linesOf(site).find((line) => !isIn(line, ours)) ?? "";
  return theirs.replace(/^\s+at /, "");
}

/** Add to the stack of `error`, which ended `task`, all that led to it. Never throws. */
export function addLogicalStack(error: unknown, task: Task): void {
  try {
    if (!(error instanceof Error) || told.has(error)) return;
    told.add(error);
    const calls = (passages.get(error) ?? []).flatMap(linesOf);
    const own = (error.stack ?? String(error)).split("\n");
    const kernel = own.findIndex((line) => RUN.test(line));
    // Below the kernel is the host, which has nothing to do with it.
    const top = kernel < 0 ? own : own.slice(0, kernel);
    error.stack = [...top, ...calls, ...lineage(task)].join("\n");
  } catch {
    // A frozen or hostile error keeps the stack it has.
  }
}

/** `    in task 3 "worker", spawned at main (prog.ts:3:5)`, and so on up to init. */
function lineage(task: Task): string[] {
  const lines: string[] = [];
  for (let it: Task | null = task; it !== null && lines.length < MOST; it = it.parent) {
    const place = birthplace(it);
    lines.push(`    in ${String(it)}${place === "" ? "" : `, spawned at ${place}`}`);
  }
  return lines;
}

/** The stack of an error or a site; "" where the program has it made into anything but text. */
export function stackOf(it: { readonly stack?: unknown } | null): string {
  try {
    const stack = it?.stack;
    return typeof stack === "string" ? stack : "";
  } catch {
    return "";
  }
}

/** The lines of one frame, with the subroutines it reached by a native `yield*`. */
function linesOf(site: Site): string[] {
  const lines = stackOf(site)
    .split("\n")
    .filter((line) => /^\s+at /.test(line));
  const kernel = lines.findIndex((line) => RUN.test(line));
  const own = kernel < 0 ? lines : lines.slice(0, kernel);
  return own.filter((line) => !(/ \(<anonymous>\)$/.test(line) || isIn(line, /^kernel[\\/]/)));
}
