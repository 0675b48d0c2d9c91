// What a source file says by itself, TypeScript or JavaScript: where its yields are, which names it
// assigns, imports and has not come to yet. Loads the compiler when the first file is asked for;
// knows nothing of running programs.

import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import type * as TypeScript from "typescript";
import { collect, pendingAt, type Facts } from "./source-facts";

/** A yield expression, by its lines from 1; one of several lines counts as its first. */
export interface Yield {
  readonly line: number;
  readonly endLine: number;
}

interface Parsed extends Facts {
  readonly ts: typeof TypeScript;
  readonly source: TypeScript.SourceFile;
}

/** A place in a file as `Place` has it: line and column count from 1. */
interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const parsed = new Map<string, Parsed | null>();

/** The yields of `file` as it is now, in their order; undefined if it cannot be read. */
export function yieldsOf(file: string): readonly Yield[] | undefined {
  // Not kept: breakpoints are set in sources that are being worked on.
  const now = read(file);
  return now?.yields.map((node) => linesOf(now.source, node));
}

/**
 * The one of `yields` that a breakpoint on `line` means: the first that begins in it or after it,
 * or the one of several lines that it is in. Undefined when there is none.
 */
export function nextYield(yields: readonly Yield[], line: number): Yield | undefined {
  const next = yields.find((one) => one.line >= line);
  const around = yields.filter((one) => one.line < line && one.endLine >= line).at(-1);
  if (around === undefined) return next;
  return next === undefined || next.line > around.endLine ? around : next;
}

/**
 * The variables of the function that stands at a place which it has declared and not come to: a
 * generator's registers may still hold what they had in the loop before.
 */
export function notYetAssigned({ file, line, column }: Spot): ReadonlySet<string> {
  const { ts, source } = parse(file) ?? {};
  if (ts === undefined || source === undefined) return new Set();
  const at = offsetOf(source, line, column);
  return at === undefined ? new Set() : pendingAt(ts, source, at);
}

/** Is the variable `name` of `file` never given another value after its declaration? */
export function isConstant(file: string, name: string): boolean {
  return parse(file)?.assigned.has(name) === false;
}

/**
 * Is each variable `name` of `file` assigned to by the function alone that declares it, and by none
 * inside that?
 */
export function isOwn(file: string, name: string): boolean {
  return parse(file)?.shared.has(name) === false;
}

/** Does `file` contain `name` as a word? What it does not is the compiler's. */
export function mentions(file: string, name: string): boolean {
  return parse(file)?.words.has(name) ?? true;
}

/** What `file` imports under `name`: the module, and what that calls it. */
export function importOf(file: string, name: string): { from: string; name: string } | undefined {
  return parse(file)?.imports.get(name);
}

/** The names that `file` imports. */
export function importsOf(file: string): readonly string[] {
  return [...(parse(file)?.imports.keys() ?? [])];
}

/** The names of the variables that `file` exports where it declares them. */
export function exportsOf(file: string): readonly string[] {
  return parse(file)?.exported ?? [];
}

function parse(file: string): Parsed | null {
  let known = parsed.get(file);
  if (known === undefined) parsed.set(file, (known = read(file)));
  return known;
}

function read(file: string): Parsed | null {
  let text: string;
  try {
    // A device or a pipe might never end.
    if (!statSync(file).isFile()) return null;
    text = readFileSync(file, "utf8");
  } catch {
    return null; // It is gone, or was never a file: `node:internal/…`.
  }
  const ts = createRequire(__filename)("typescript") as typeof TypeScript;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return { ts, source, ...collect(ts, source) };
}

function linesOf(source: TypeScript.SourceFile, node: TypeScript.Node): Yield {
  const lineAt = (at: number): number => source.getLineAndCharacterOfPosition(at).line + 1;
  return { line: lineAt(node.getStart(source)), endLine: lineAt(node.end) };
}

function offsetOf(source: TypeScript.SourceFile, line: number, column: number): number | undefined {
  const start = source.getLineStarts()[line - 1];
  return start === undefined ? undefined : start + column - 1;
}
