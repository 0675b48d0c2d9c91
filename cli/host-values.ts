// The clock and the chance of the host's own, as programs ask for them past the machine: Date,
// performance.now and Math.random. A recording needs to have their values, and a replay to give
// them again. In a step of a task, or while the program is loaded, and nowhere else.

import { format } from "node:util";
import type { Kernel } from "../kernel";
import { isProgramFile } from "./copies";

type Called = (...args: never[]) => unknown;

/** What to make of `real`, which says what the host itself would answer. */
export type HostSource = (name: string, real: () => number) => number;

/**
 * Let `source` answer when the program asks: in a step of a task of `kernel`'s, and before there is
 * one, from a file of its own, since it is being loaded then.
 */
export function interceptHost(kernel: () => Kernel | null, source: HostSource): void {
  const { random } = Math;
  const now = performance.now.bind(performance);
  const HostDate = Date;
  const hostTime = Date.now;
  const answer = (name: string, real: () => number): number => {
    const running = kernel();
    const isProgram = running === null ? loadsProgram(answer) : inTask(running, answer);
    return isProgram ? source(name, real) : real();
  };
  const date = (): number => answer("Date.now", hostTime);
  Math.random = () => answer("Math.random", random);
  performance.now = () => answer("performance.now", now);
  globalThis.Date = new Proxy(HostDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [date()] : args, newTarget) as object,
    apply: () => new HostDate(date()).toString(),
  });
  // A program may put a clock of its own there, and this one back.
  HostDate.now = date;
  HostDate.prototype.constructor = Date;
}

/** Let `hear` hear what the program says to the console in a step of a task, as plain text. */
export function interceptConsole(
  kernel: () => Kernel | null,
  hear: (name: string, text: string) => void,
): void {
  for (const method of ["debug", "error", "info", "log", "warn"] as const) {
    const say = console[method].bind(console);
    console[method] = (...args: unknown[]) => {
      if (kernel()?.current) hear(`console.${method}`, format(...args));
      say(...args);
    };
  }
}

/** Is `above` called, through one function, by a task, and not by the host for one? */
function inTask({ current }: Kernel, above: Called): boolean {
  return current !== null && !callerOf(above).includes("node:");
}

/** Is `above` called, through one function, by the program's own code? */
function loadsProgram(above: Called): boolean {
  const [, file] = /\(?(?:file:\/\/)?(\/[^()]*?):\d+:\d+\)?$/.exec(callerOf(above)) ?? [];
  return file !== undefined && isProgramFile(file);
}

/** The line of the stack, below those of this file. */
function callerOf(above: Called): string {
  const site: { stack?: string } = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 4;
  Error.captureStackTrace(site, above);
  Error.stackTraceLimit = stackTraceLimit;
  const lines = (site.stack ?? "").split("\n").slice(1);
  return lines.find((line) => !/[\\/]host-values\.[jt]s:/.test(line)) ?? "";
}
