// What the keys do in `genix top`: from one view of the table to the next. Pure: knows no terminal.

import { columns, defaults, type Column, type Query } from "./report";

/** How somebody looks at the table. */
export interface View extends Query {
  /** Between two looks, in milliseconds. */
  readonly interval: number;
  readonly paused: boolean;
  readonly help: boolean;
  /** Is what the program prints shown below the table? */
  readonly output: boolean;
  /** The filter that is being typed; null while none is. */
  readonly typed: string | null;
}

export const firstView: View = {
  ...defaults,
  ...{ interval: 1000, paused: false, help: false, output: true, typed: null },
};

/** A key: its name, or for one that prints, what it prints. */
export type Key = string;

const sorts: Readonly<Record<Key, Column>> = {
  p: "pid",
  n: "name",
  s: "state",
  x: "steps",
  c: "cpu",
  u: "percent",
  l: "longest",
  d: "fds",
  w: "waits",
};

const intervals = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];

export const helpLines: readonly string[] = [
  "p n s x c u l d w   sort by pid, name, state, steps, CPU ms, CPU %, longest, fds, wait",
  "< >   sort by the column to the left, to the right      r   the other way round",
  "t     as a tree: children below their parents           /   filter by words; Esc: all again",
  "up down PgUp PgDn Home End   move                       o   hide or show what is printed",
  "+ -   refresh more or less often                        space   pause, and go on",
  "? h   this help                                         q, Ctrl-C   quit",
  "Words of a filter are looked for in name, state and call. A key that changes the table while",
  "it is paused takes one new look. LONGEST is the longest step so far; below 0.05 ms it is 0.",
];

/** The view after `key`; `page` is how many tasks are on the screen. Null to quit. */
export function press(view: View, key: Key, page: number): View | null {
  if (key === "ctrl-c") return null;
  if (view.typed !== null) return type(view, view.typed, key);
  if (key === "q") return null;
  if (view.help) return { ...view, help: false };
  const sort = sorts[key];
  if (sort !== undefined) return { ...view, sort, reverse: false, offset: 0 };
  const offset = moved(view.offset, key, page);
  return offset === undefined ? command(view, key) : { ...view, offset };
}

function command(view: View, key: Key): View {
  switch (key) {
    case "<":
      return { ...view, ...neighbour(view.sort, -1) };
    case ">":
      return { ...view, ...neighbour(view.sort, 1) };
    case "r":
      return { ...view, reverse: !view.reverse };
    case "t":
      return { ...view, tree: !view.tree, offset: 0 };
    case "/":
      return { ...view, typed: view.filter };
    case "escape":
      return { ...view, filter: "", offset: 0 };
    case "o":
      return { ...view, output: !view.output };
    case "+":
    case "-":
      return { ...view, interval: nextInterval(view.interval, key) };
    case " ":
      return { ...view, paused: !view.paused };
    default:
      return key === "?" || key === "h" ? { ...view, help: true } : view;
  }
}

function nextInterval(interval: number, key: "+" | "-"): number {
  const next =
    key === "+"
      ? intervals.filter((one) => one < interval).at(-1)
      : intervals.find((one) => one > interval);
  return next ?? interval;
}

function type(view: View, typed: string, key: Key): View {
  if (key === "return") return { ...view, filter: typed.trim(), typed: null, offset: 0 };
  if (key === "escape") return { ...view, typed: null };
  if (key === "backspace") return { ...view, typed: [...typed].slice(0, -1).join("") };
  if (key === "ctrl-u") return { ...view, typed: "" };
  return [...key].length === 1 ? { ...view, typed: typed + key } : view;
}

function neighbour(column: Column, step: number): Pick<View, "sort" | "reverse"> {
  const sort = columns[columns.indexOf(column) + step] ?? column;
  return { sort, reverse: false };
}

function moved(offset: number, key: Key, page: number): number | undefined {
  const steps: Readonly<Record<Key, number>> = {
    up: -1,
    down: 1,
    pageup: -page,
    pagedown: page,
    home: -Infinity,
  };
  // Further than the last there is nothing: the program knows how many there are.
  if (key === "end") return Number.MAX_SAFE_INTEGER;
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, offset + step);
}
