// A pane of source, with the line marked where a task stands.

import { INIT } from "../story";
import type { Paint } from "./paint";
import type { Shell } from "./shell";

/** A line of a source; 0 is none of them. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/**
 * Where the selected frame stands; undefined of a task that has ended. Before the first step only
 * init stands anywhere, and nobody means its file: the program's is at hand, and none of its lines.
 */
export async function standing(shell: Shell): Promise<Place | undefined> {
  if (shell.session.at.step === 0) return { file: shell.host.program, line: 0 };
  return (await shell.frames().catch(() => []))[shell.frame];
}

/** The file of a line that is written without one: of the selected frame, or the program's. */
export async function fileAtHand(shell: Shell): Promise<string> {
  const at = shell.pid === INIT ? undefined : await standing(shell);
  return at?.file ?? shell.host.program;
}

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
