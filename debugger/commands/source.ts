// A pane of source, with the line marked where a task stands.

import type { Paint } from "./paint";

/** Lines `first` to `last` (from 1), as far as there are such; `mark` is the current one. */
export function sourcePane(
  lines: readonly string[],
  first: number,
  last: number,
  mark: number,
  paint: Paint,
): string[] {
  const from = Math.max(1, first);
  const to = Math.min(lines.length, last);
  const width = String(to).length;
  const pane: string[] = [];
  for (let number = from; number <= to; number++) {
    const text = lines[number - 1] ?? "";
    const digits = String(number).padStart(width);
    const line = `${digits}  ${text}`.trimEnd();
    pane.push(
      number === mark
        ? paint("mark", `> ${line}`)
        : `  ${paint("faint", digits)}${line.slice(width)}`,
    );
  }
  return pane;
}
