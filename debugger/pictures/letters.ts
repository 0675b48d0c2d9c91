// What tasks did, in letters: a column each, and what they stand for.

import type { IntervalState } from "./intervals";
import { palette } from "./palette";

/** Colours `text` as what it stands for. */
export type PaintState = (state: IntervalState, text: string) => string;

/** A letter for each of `cells`, a blank for null. */
export function letters(cells: readonly (IntervalState | null)[], paint: PaintState): string {
  let line = "";
  for (let i = 0, end = 0; i < cells.length; i = end) {
    const state = cells[i] ?? null;
    while (end < cells.length && cells[end] === state) end += 1;
    const many = end - i;
    line += state === null ? " ".repeat(many) : paint(state, palette[state].letter.repeat(many));
  }
  return line.trimEnd();
}

/** What the letters of `states` mean. */
export function legend(states: Iterable<IntervalState | null>, paint: PaintState): string {
  const there = new Set(states);
  return (Object.keys(palette) as IntervalState[])
    .filter((state) => there.has(state))
    .map((state) => `${paint(state, palette[state].letter)} ${palette[state].word}`)
    .join("   ");
}
