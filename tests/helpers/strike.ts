// Runs a program over and over and sends a signal to one of its tasks, each time a step later, so
// that no moment is left out in which it could hurt.

import { kill, type Kernel } from "../../kernel";
import type { Program, Signal } from "../../syscalls";
import { run, type Log, type Run } from "./run";

/** A run in which `victim` was sent `signal` after so many steps. */
export interface StruckRun<T> extends Run<T> {
  readonly victim: string;
  readonly signal: Signal;
  readonly step: number;
}

/** Calls `check` after every run; returns how many runs there were. */
export function strikeAtEveryStep<T>(
  main: (log: Log) => Program<T>,
  victim: string,
  signal: Signal,
  check: (run: StruckRun<T>) => void,
): number {
  for (let step = 1; ; step++) {
    let struck = false;
    const prepare = (kernel: Kernel): void =>
      afterStep(kernel, step, () => {
        struck = true;
        const target = [...kernel.tasks].find(({ name }) => name === victim);
        if (target !== undefined) kill(kernel, target, signal, null, "a strike");
      });
    const result = run(main, { prepare });
    try {
      // Not a copy, as its value is a getter that may throw.
      check(Object.assign(Object.create(result) as Run<T>, { victim, signal, step }));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const where = `${signal} to ${victim} after step ${step}`;
      throw new Error(`${where}: ${text}\n${result.log.join("\n")}`, { cause: error });
    }
    if (!struck) return step;
  }
}

/** The same with each of `victims`, with TERM and with KILL. Nobody may be left waiting. */
export function killEverywhere<T>(
  main: (log: Log) => Program<T>,
  victims: readonly string[],
  check: (run: StruckRun<T>) => void,
): number {
  let runs = 0;
  for (const signal of ["TERM", "KILL"] as const) {
    for (const victim of victims) {
      runs += strikeAtEveryStep(main, victim, signal, (result) => {
        expect(result.deadlock).toBeUndefined();
        check(result);
      });
    }
  }
  return runs;
}

function afterStep(kernel: Kernel, count: number, act: () => void): void {
  const step = kernel.step.bind(kernel);
  let steps = 0;
  kernel.step = () => {
    const ran = step();
    if (ran && ++steps === count) act();
    return ran;
  };
}

/** What follows `word` in the lines of a transcript that begin with it. */
export function after(word: string, log: readonly string[]): string[] {
  return log
    .filter((line) => line.startsWith(`${word} `))
    .map((line) => line.slice(word.length + 1));
}
