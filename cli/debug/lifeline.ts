// The end of a lifeline that ends its process: starts the thread that holds it, and leaves a
// world's last words on it when the process ends.

import { writeSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { show, type Kernel } from "../../kernel";
import { interruptedAt } from "../../machine/watchdog";
import { compile } from "../compile";
import { extension } from "../copies";
import type { Doing, LifelineData } from "./lifeline-thread";

/** In the process that is to end, the pipe to the other's. */
export const LIFELINE = 4;

const HOOK = "genix.lifeline";

/** Hold it until the process ends. `kernel` is asked for when there may be one. */
export function holdLifeline(kernel: () => Kernel | undefined): void {
  const doing = (): Doing => ({
    step: kernel()?.steps ?? 0,
    task: String(kernel()?.current ?? ""),
    place: interruptedAt(),
  });
  Object.defineProperty(globalThis, Symbol.for(HOOK), { value: doing, configurable: true });
  endWithOther();
  let uncaught: unknown = null;
  process.on("uncaughtExceptionMonitor", (error) => {
    if (process.listenerCount("uncaughtException") === 0) uncaught = error;
  });
  process.on("exit", (code) => leaveWords(lastWords(code, uncaught, kernel())));
}

/** End this process, whatever it does, when the one that holds the other end has ended. */
export function endWithOther(): void {
  startThread({ fd: LIFELINE, hook: HOOK });
}

function startThread(workerData: LifelineData): void {
  const file = join(__dirname, `lifeline-thread${extension}`);
  const options = { name: "lifeline", workerData, execArgv: [], env: {} };
  const thread =
    extension === ".js"
      ? new Worker(file, options)
      : new Worker(compile(file), { ...options, eval: true });
  thread.unref();
}

function lastWords(code: number, uncaught: unknown, kernel: Kernel | undefined): string {
  const { current, steps = 0 } = kernel ?? {};
  const when = current ? `in step ${steps}, of ${String(current)}` : `after step ${steps}`;
  if (uncaught === null) return `the program called process.exit(${code}) ${when}`;
  return `an error that nobody caught ended the program's process ${when}: ${show(uncaught)}`;
}

function leaveWords(words: string): void {
  try {
    writeSync(LIFELINE, `${JSON.stringify({ words })}\n`);
  } catch {
    // Nobody can be told.
  }
}
