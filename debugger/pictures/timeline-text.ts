// A timeline for the terminal: a row a task, a character a column.

import type { IntervalState } from "./intervals";
import { legend, letters, type PaintState } from "./letters";
import type { Story } from "../story";
import { columnsOf, oneLine, padded } from "./text";
import { tickLabel, ticksOf, timelineOf, type Row, type Timeline } from "./timeline";

const plain: PaintState = (_state, text) => text;

const LONGEST_NAME = 20;

/** The timeline of `story` in lines of `width` columns, the legend last. */
export function timelineText(
  story: Story,
  width: number,
  steps: boolean = false,
  paint: PaintState = plain,
): string {
  const longest = Math.min(LONGEST_NAME, Math.floor(width / 2));
  const names = story.tasks.map(({ pid, name }) => oneLine(`${pid} ${name}`, longest));
  const left = names.reduce((most, name) => Math.max(most, columnsOf(name)), 0) + 1;
  const columns = Math.max(1, width - left);
  const timeline = timelineOf(story, columns, steps);
  const rows = timeline.rows.map((row) => {
    const name = oneLine(`${row.task.pid} ${row.task.name}`, longest);
    return `${padded(name, left)}${letters(cellsOf(row, columns), paint)}`;
  });
  const states = timeline.rows.flatMap(({ bars }) => bars.map(({ state }) => state));
  const below = [" ".repeat(left) + ruler(timeline, columns), legend(states, paint)];
  return [...rows, ...below, ""].join("\n");
}

/** What is in each column; a step is seen, however short. */
function cellsOf({ bars }: Row, columns: number): (IntervalState | null)[] {
  const cells = new Array<IntervalState | null>(columns).fill(null);
  const shares = new Array<number>(columns).fill(0);
  for (const { state, x, width, ran } of bars) {
    const last = Math.min(columns - 1, Math.ceil(x + width) - 1);
    for (let column = Math.floor(x); column <= last; column++) {
      const overlap = Math.min(x + width, column + 1) - Math.max(x, column);
      const share = overlap + (ran ? 1 : 0);
      if (share <= (shares[column] ?? 0)) continue;
      cells[column] = ran ? "running" : state;
      shares[column] = share;
    }
  }
  return cells;
}

function ruler({ axis }: Timeline, columns: number): string {
  let line = "";
  const unit = axis.unit === "steps" ? " steps" : "";
  for (const at of ticksOf(axis, columns / 14)) {
    const column = Math.floor((at / axis.length) * columns);
    const label = `|${tickLabel(axis, at)}`;
    if (column < line.length || column + label.length + unit.length > columns) continue;
    line = line.padEnd(column) + label;
  }
  return line + unit;
}
