// What the tasks did in the last steps, as lines of text: a row a task, a column a step.

import type { IntervalState } from "../pictures/intervals";
import { legend, letters, type PaintState } from "../pictures/letters";
import type { Recent } from "../pictures/recent";
import { columnsOf, oneLine, padded } from "../pictures/text";
import type { Paint, Role } from "./paint";
import { plural } from "../tables";

/** So many steps fit beside the names on a screen of 80 columns. */
export const COLUMNS = 56;

const LONGEST_NAME = 20;
/** Steps from one label of the ruler to the next. */
const TICK = 10;

const roles: Readonly<Partial<Record<IntervalState, Role>>> = {
  running: "heading",
  ready: "call",
  lock: "bad",
  time: "faint",
  zombie: "faint",
};

/** The rows, a ruler with the numbers of the steps, and what the letters mean. */
export function timelineLines({ first, rows, others }: Recent, paint: Paint): string[] {
  if (rows.length === 0) return ["nothing has run yet"];
  const names = rows.map(({ task }) => oneLine(`${task.pid} ${task.name}`, LONGEST_NAME));
  const left = Math.max(...names.map(columnsOf)) + 2;
  const inRole: PaintState = (state, text) => paint(roles[state] ?? "value", text);
  const lines = rows.map(({ states }, i) => {
    return padded(names[i] ?? "", left) + letters(states, inRole);
  });
  const all = rows.flatMap(({ states }) => states);
  const width = rows[0]?.states.length ?? 0;
  return [
    ...lines,
    ...(others === 0 ? [] : [`… ${plural(others, "more task")}`]),
    `${"step".padEnd(left)}${ruler(first, width)}`,
    legend(all, inRole),
  ];
}

/** `|1       |10       |20`: a label stands at its step. */
function ruler(first: number, width: number): string {
  let line = `|${first}`;
  for (let i = 0; i < width; i++) {
    const label = `|${first + i}`;
    if ((first + i) % TICK !== 0 || i <= line.length || i + label.length > width) continue;
    line = line.padEnd(i) + label;
  }
  return line;
}
