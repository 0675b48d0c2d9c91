// Runs a program again and again, and kills one of its tasks before another step each time: every
// place a signal can find it in.

import { kill, type Kernel } from "../../kernel";
import type { Program, Signal } from "../../syscalls";
import { run, type Log, type Run } from "./run";

/** A run in which `victim` was sent `signal` before the step `step`. */
export interface KilledRun<T> extends Run<T> {
  readonly victim: string;
  readonly signal: Signal;
  readonly step: number;
}

/**
 * Check the run of `main` with every one of `victims`, tasks by their names, killed before every
 * step, with TERM and with KILL. Nobody may be left waiting. Returns how many runs there were.
 */
export function killEverywhere<T>(
  main: (log: Log) => Program<T>,
  victims: readonly string[],
  check: (run: KilledRun<T>) => void,
): number {
  let runs = 0;
  for (const signal of ["TERM", "KILL"] as const) {
    for (const victim of victims) {
      for (let step = 1, found = true; found; step++) {
        found = false;
        const result = run(main, {
          prepare: (kernel) =>
            beforeStep(kernel, step, () => {
              found = true;
              const target = [...kernel.tasks].find(({ name }) => name === victim);
              if (target !== undefined) kill(kernel, target, signal, null, "a test");
            }),
        });
        try {
          expect(result.deadlock).toBeUndefined();
          check(Object.assign(Object.create(result) as Run<T>, { victim, signal, step }));
        } catch (error) {
          const where = `${victim} was sent ${signal} before step ${step}`;
          throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
        }
        runs += 1;
      }
    }
  }
  return runs;
}

function beforeStep(kernel: Kernel, count: number, act: () => void): void {
  const step = kernel.step.bind(kernel);
  let steps = 0;
  kernel.step = () => {
    steps += 1;
    if (steps === count) act();
    return step();
  };
}
