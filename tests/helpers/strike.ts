// Runs a program over and over and sends a signal to one of its tasks, each time a step later, so
// that no moment is left out in which it could hurt.

import { kill } from "../../kernel";
import type { Program, Signal } from "../../syscalls";
import { run, type Log, type Run } from "./run";

/** Calls `check` after every run; returns how many runs there were. */
export function strikeAtEveryStep<T>(
  main: (log: Log) => Program<T>,
  victim: string,
  signal: Signal,
  check: (run: Run<T>, step: number) => void,
): number {
  for (let at = 1; ; at++) {
    let steps = 0;
    const result = run(main, {
      prepare(kernel) {
        const step = kernel.step.bind(kernel);
        kernel.step = () => {
          const ran = step();
          if (ran && ++steps === at) {
            const target = [...kernel.tasks].find(({ name }) => name === victim);
            if (target !== undefined) kill(kernel, target, signal, null, "a strike");
          }
          return ran;
        };
      },
    });
    try {
      check(result, at);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      throw new Error(`${signal} to ${victim} after step ${at}: ${text}\n${result.log.join("\n")}`);
    }
    if (steps < at) return at;
  }
}

/** What follows `word` in the lines of a transcript that begin with it. */
export function after(word: string, log: readonly string[]): string[] {
  return log
    .filter((line) => line.startsWith(`${word} `))
    .map((line) => line.slice(word.length + 1));
}
