// Breakpoints as a client writes them, in the debugger's words: names of function breakpoints,
// exception filters, hit conditions. Pure.

import type { Point } from "../../debugger/world";
import { Refusal } from "./fields";

/** What can be named in a function breakpoint. */
const FORMS = "task:NAME, task:PID, sys:CALL or on:OBJECT";

/** What a function breakpoint is on: `task:worker`, `task:3`, `sys:sleep`, `on:jobs`. */
export function pointNamed(name: string): Point {
  const [, kind, rest = ""] = /^(\w+):\s*(.+?)\s*$/.exec(name) ?? [];
  if (kind === "task") return { on: "task", task: /^\d+$/.test(rest) ? Number(rest) : rest };
  if (kind === "sys") return { on: "call", call: rest };
  if (kind === "on") return { on: "object", object: rest };
  throw new Refusal(`"${name}" names nothing to stop at; write ${FORMS}`);
}

interface Filter {
  readonly filter: string;
  readonly label: string;
  readonly description: string;
  readonly default: boolean;
  readonly supportsCondition: boolean;
}

const filter = (id: string, label: string, description: string, on: boolean): Filter => {
  return { filter: id, label, description, default: on, supportsCondition: true };
};

/** What clients show beside a box to tick. */
export const FILTERS: readonly Filter[] = [
  filter("uncaught", "Uncaught Errors", "Stop when a task ends with an error.", true),
  filter("deadlock", "Deadlocks", "Stop when nothing is left that could wake a task.", true),
  filter("lint", "Lints", "Stop when a mistake is found, such as tasks in a circle.", false),
];

/** What the box of `filter` is on. */
export function pointOfFilter(filter: string): Point {
  if (filter === "uncaught") return { on: "crash" };
  if (filter === "deadlock" || filter === "lint") return { on: filter };
  const known = FILTERS.map(({ filter }) => filter).join(", ");
  throw new Refusal(`there is no exception filter "${filter}"; there are ${known}`);
}

/** How many hits a hit condition lets pass: `3` and `>= 3` let two, `> 3` three. */
export function passes(hitCondition: string): number {
  if (hitCondition.trim() === "") return 0;
  const [, sign, digits] = /^\s*(>=?|)\s*(\d+)\s*$/.exec(hitCondition) ?? [];
  if (digits === undefined)
    throw new Refusal(`the hit condition "${hitCondition}" is not one of N, >= N and > N`);
  return Math.max(0, Number(digits) - (sign === ">" ? 0 : 1));
}
