// Places in sources: from where a script runs to where its author wrote it, and how they are shown.
// Asks Node's source maps; knows nothing of the kernel.

import { findSourceMap, type SourceMapping } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** A place in a program's source, as it was written: lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Where it is in the source that `script` was made from. Places count from 1, the arguments from 0.
 */
export function original(script: string, line: number, column: number): Place {
  const entry: Partial<SourceMapping> = findSourceMap(script)?.findEntry(line, column) ?? {};
  const { originalSource = script, originalLine = line, originalColumn = column } = entry;
  return { file: toPath(originalSource), line: originalLine + 1, column: originalColumn + 1 };
}

/** As a path, what may be an address. */
export function toPath(address: string): string {
  return address.startsWith("file:") ? fileURLToPath(address) : address;
}

/** `file` as the user would write it: from the current folder if it is in there. */
export function shown(file: string): string {
  const near = relative(process.cwd(), file);
  return near === "" || near.startsWith("..") ? file : near;
}
