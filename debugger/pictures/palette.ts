// How pictures show what a task is doing: the word, the colour and the letter, the same in all.

import type { IntervalState } from "./intervals";

export interface Style {
  readonly word: string;
  /** Told apart also by those who see red and green alike: they differ in lightness. */
  readonly colour: string;
  /** In the terminal, one character wide. */
  readonly letter: string;
}

/** In the order of the legend. */
export const palette: Readonly<Record<IntervalState, Style>> = {
  running: { word: "running", colour: "#1a7f37", letter: "█" },
  ready: { word: "ready", colour: "#f2cc60", letter: "▒" },
  time: { word: "waits for time", colour: "#c9d1d9", letter: "·" },
  message: { word: "for a message", colour: "#54aeff", letter: "m" },
  lock: { word: "for a lock", colour: "#cf222e", letter: "L" },
  child: { word: "for a task to end", colour: "#a475f9", letter: "w" },
  outside: { word: "for the outside", colour: "#1b7c83", letter: "o" },
  several: { word: "for the first of several", colour: "#fb8f44", letter: "s" },
  other: { word: "for something else", colour: "#bf8700", letter: "b" },
  stopped: { word: "stopped", colour: "#57606a", letter: "x" },
  zombie: { word: "zombie", colour: "#8c959f", letter: "z" },
};
