// Columns of plain text, and how numbers are written in them.

import { columnsOf, padded } from "./pictures/text";

/**
 * Rows below each other, their cells padded to the same width in a terminal; the first row is the
 * heading. Columns that are `right` are set to the right, and are at least so wide as `least` says.
 */
export function table(
  rows: readonly (readonly string[])[],
  right: readonly boolean[] = [],
  least: readonly number[] = [],
): string[] {
  const widths = [...least];
  for (const row of rows) {
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, columnsOf(cell))));
  }
  return rows.map((row) => {
    const cells = row.map((cell, i) => {
      const width = widths[i] ?? 0;
      return right[i] === true ? " ".repeat(width - columnsOf(cell)) + cell : padded(cell, width);
    });
    return cells.join("  ").trimEnd();
  });
}

/** A clock's time, without the noise of its last digits. */
export function milliseconds(time: number): string {
  return `${Math.round(time * 10) / 10} ms`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Less than this is too narrow for a column of words. */
const NARROW = 20;

/** `line` in lines of at most `columns`, those after the first below its last column. */
export function wrapped(line: string, columns: number): string[] {
  const indent = /^(?:.*\S {2,}| *)/.exec(line)?.[0].length ?? 0;
  const room = columns - indent;
  if (line.length <= columns || room < NARROW) return [line];
  const parts =
    line.slice(indent).match(new RegExp(`\\S.{0,${room - 1}}(?=\\s|$)|\\S+`, "g")) ?? [];
  return parts.map((part, i) => (i === 0 ? line.slice(0, indent) : " ".repeat(indent)) + part);
}
