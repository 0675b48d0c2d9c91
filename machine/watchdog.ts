// The watchdog: reports the step that runs longer than its budget, with its task and source line,
// and does so while it still runs: its thread (watchdog-thread.ts) watches this one. It is the
// kernel's CPU clock, which is read at both ends of a step; the kernel does not know of it.

import { readFileSync, writeSync } from "node:fs";
import { url as debuggerAddress } from "node:inspector";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { Worker, type WorkerOptions } from "node:worker_threads";
import type * as TypeScript from "typescript";
import type { Kernel, Task } from "../kernel";
import { callSites } from "./call-sites";
import { inspect } from "./inspect";
import { original, shown } from "./place";
import type { WatchdogData, WatchdogHook } from "./watchdog-thread";

export interface WatchdogOptions {
  /** How long a step may take, in milliseconds. */
  readonly budget: number;
  /** Called in a step that has taken a second, so that signals end the process by themselves. */
  readonly release?: () => void;
  /** Called when that step has ended after all. */
  readonly recapture?: () => void;
}

/** After so many milliseconds in one step, signals no longer wait for its end. */
export const STUCK = 1000;
/** A task that is slow again within so many milliseconds is not reported again. */
const QUIET = 5000;
/** The shared memory holds numbers up to this. */
const HIGHEST = 2 ** 31 - 1;

/** A step that takes so many milliseconds is reported even if it needed no CPU time for that. */
const SURE = 250;
/** Of the interrupted stack so many frames are looked at. */
const DEPTH = 50;

// A program may put another in its place.
const clock = performance.now.bind(performance);

let count = 0;

export class Watchdog {
  readonly #kernel: Kernel;
  readonly #options: WatchdogOptions;
  // Shared with the thread; WatchdogData says what they are.
  readonly #running = sharedNumber();
  readonly #pid = sharedNumber();
  readonly #reported = sharedNumber();
  readonly #cpu = new Float64Array(new SharedArrayBuffer(8));
  readonly #hook = `genix.watchdog.${++count}`;
  readonly #thread: Worker;
  readonly #told = new WeakMap<Task, number>();
  readonly #accounting: (() => number) | null;
  #step = 0;
  #began = 0;
  #released = false;

  /** Watch the steps of `kernel`, until `stop`. */
  constructor(kernel: Kernel, options: WatchdogOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#accounting = kernel.cpuClock;
    kernel.cpuClock = this.#clock;
    const answers = { value: this.#answers, configurable: true };
    Object.defineProperty(globalThis, Symbol.for(this.#hook), answers);
    this.#cpu[0] = cpuTime();
    this.#thread = startThread({
      step: this.#running,
      pid: this.#pid,
      reported: this.#reported,
      cpu: this.#cpu,
      budget: options.budget,
      stuck: STUCK,
      hook: this.#hook,
    });
  }

  async stop(): Promise<void> {
    this.#kernel.cpuClock = this.#accounting;
    await this.#thread.terminate();
    Reflect.deleteProperty(globalThis, Symbol.for(this.#hook));
  }

  /** Called by the kernel at the beginning and at the end of each step. */
  readonly #clock = (): number => {
    const now = clock();
    if (this.#running[0] === 0) {
      this.#began = now;
      this.#step = (this.#step % HIGHEST) + 1;
      this.#pid[0] = this.#kernel.current?.pid ?? 0;
      this.#running[0] = this.#step;
    } else {
      this.#running[0] = 0;
      if (now - this.#began >= this.#options.budget) this.#ended(now - this.#began);
    }
    return this.#accounting === null ? 0 : now;
  };

  /** A step has ended that took too long. */
  #ended(took: number): void {
    if (this.#released) this.#options.recapture?.();
    this.#released = false;
    const task = this.#kernel.current;
    if (task === null || this.#reported[0] === this.#step || !this.#isNews(task)) return;
    if (!this.#computed(took)) return;
    this.#told.set(task, clock());
    this.#kernel.machine.report(
      `${String(task)} has run for ${Math.round(took)} ms without a yield${upTo(task)}; ` +
        "nothing else could run meanwhile",
    );
  }

  /** Was it the task that took so long, and not a host with too much to do? */
  #computed(took: number): boolean {
    // The thread looked at most half a budget after the beginning.
    const least = (took - this.#options.budget / 2) / 2;
    return cpuTime() - (this.#cpu[0] ?? 0) >= least;
  }

  /** Who steps through a program with a debugger knows that it stands still. */
  #isNews(task: Task): boolean {
    const last = this.#told.get(task) ?? -Infinity;
    return debuggerAddress() === undefined && clock() - last >= QUIET;
  }

  /** Called on this thread by the other one, on top of whatever the step does. */
  readonly #answers: WatchdogHook = {
    report: (step) => {
      const task = this.#taskIn(step);
      const age = clock() - this.#began;
      // Without an answer it is asked again, for as long as this may be the host's doing.
      if (task === null || (age < SURE && !this.#computed(age))) return;
      this.#reported[0] = step;
      if (!this.#isNews(task)) return;
      this.#told.set(task, clock());
      const took = Math.round(age);
      say(`${String(task)} has not yielded for ${took} ms: it runs at ${interruptedAt()}`);
    },
    release: (step) => {
      const { release } = this.#options;
      const task = this.#taskIn(step);
      if (task === null || release === undefined || debuggerAddress() !== undefined) return;
      this.#released = true;
      release();
      say(`${String(task)} runs on; until it yields, Ctrl-C ends the process without clean-ups`);
    },
  };

  /** The task that runs, if this is still its step. */
  #taskIn(step: number): Task | null {
    return this.#running[0] === step ? this.#kernel.current : null;
  }
}

/** Past the streams, which write when the host gets a turn: that may be never. */
function say(message: string): void {
  try {
    writeSync(2, `genix: ${message}\n`);
  } catch {
    // Nobody can be told.
  }
}

/** Of the whole process, in milliseconds. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function sharedNumber(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

function startThread(data: WatchdogData): Worker {
  const kind = extname(__filename);
  const file = join(__dirname, `watchdog-thread${kind}`);
  const options: WorkerOptions = {
    name: "watchdog",
    workerData: data,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  };
  const thread =
    kind === ".js"
      ? new Worker(file, options)
      : new Worker(compiled(file), { ...options, eval: true });
  thread.unref();
  // A watchdog that cannot run must not take the program with it.
  thread.on("error", () => {});
  return thread;
}

/** Run from the sources, the compiler is here already; the thread need not load one of its own. */
function compiled(file: string): string {
  const ts = createRequire(__filename)("typescript") as typeof TypeScript;
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(readFileSync(file, "utf8"), { compilerOptions }).outputText;
}

/** `spin (file.ts:12)`: where this thread was when it was asked. */
export function interruptedAt(): string {
  const sites = callSites(interruptedAt, DEPTH);
  // Ours are on top, below them the question itself, which is in no file.
  const question = sites.findIndex((site) => site.getFileName() === "");
  const site = sites.slice(question + 1).find((site) => isInSource(site.getFileName()));
  if (site === undefined) return "a place that cannot be seen";
  const script = site.getFileName() ?? "";
  const line = site.getLineNumber() ?? 1;
  const place = original(script, line - 1, (site.getColumnNumber() ?? 1) - 1);
  return `${site.getFunctionName() ?? "(anonymous)"} (${shown(place.file)}:${place.line})`;
}

function isInSource(script: string | null | undefined): boolean {
  return typeof script === "string" && script !== "" && !script.startsWith("node:");
}

/** Where a step ended that is over: at the yield its task has come to. */
function upTo({ frame }: Task): string {
  try {
    const [position] = frame === null ? [] : inspect([frame]);
    if (position === undefined) return "";
    return `, up to ${position.name || "(anonymous)"} (${shown(position.file)}:${position.line})`;
  } catch {
    return ""; // A host without a debugger interface.
  }
}
