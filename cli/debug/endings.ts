// How tasks have ended, and from where: once one has, there is no frame to be asked. So each call
// leaves where it was made, as a stack that nobody writes out unless its task ends there.

import { describeEnding, type Ending } from "../../debugger";
import {
  placeOf,
  stackOf,
  type ExitStatus,
  type Kernel,
  type Probe,
  type Task,
} from "../../kernel";
import { toPath } from "../../machine/place";
import { whenAsked } from "./asked";

/** V8's own. */
type Site = { readonly stack?: string };

/** Frames of a stack to keep: those of the toolbox come first. */
const FRAMES = 10;
/** Of so many tasks it is asked where they stand, after a time in which nobody took note. */
const ASKED = 200;
/** So many endings are remembered, at least. */
const MOST = 10_000;

interface Stand {
  /** How many steps its task had made. */
  steps: number;
  site: Site;
}

/** Takes note, as a probe, from the first step on. */
export class Endings implements Probe {
  readonly #kernel: Kernel;
  readonly #stands = new Map<number, Stand>();
  #paused = false;
  readonly #endings = new Map<number, () => Ending>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    whenAsked((above) => this.#note(above));
    kernel.attach(this);
  }

  /** How task `pid` has ended; null if it has not, or nobody remembers. */
  of(pid: number): Ending | null {
    return this.#endings.get(pid)?.() ?? null;
  }

  /** Take no note for a while: 2 us a step. */
  pause(): void {
    this.#paused = true;
    this.#stands.clear();
  }

  /** Take note again; `placeOf` asks where a task stands. */
  goOn(placeOf: (task: Task) => string): void {
    this.#paused = false;
    const { tasks } = this.#kernel;
    if (tasks.size > ASKED) return;
    for (const task of tasks) {
      const site = { stack: `Error\n    at ${placeOf(task)}:1` };
      if (task.alive) this.#stands.set(task.pid, { steps: task.steps, site });
    }
  }

  exit(task: Task, status: ExitStatus): void {
    const { pid, steps } = task;
    const step = this.#kernel.steps;
    const stand = this.#stands.get(pid);
    this.#stands.delete(pid);
    // It stood there if it was the last step that led there.
    const last = task === this.#kernel.current ? steps - 1 : steps;
    const site = stand?.steps === last ? stand.site : null;
    this.#endings.set(pid, () => endingOf(status, step, site));
    if (this.#endings.size < 2 * MOST) return;
    for (const old of [...this.#endings.keys()].slice(0, MOST)) this.#endings.delete(old);
  }

  #note(above: CallableFunction): void {
    const task = this.#kernel.current;
    if (task === null || this.#paused) return;
    const site = {};
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = FRAMES;
    Error.captureStackTrace(site, above);
    Error.stackTraceLimit = stackTraceLimit;
    const { pid, steps } = task;
    const stand = this.#stands.get(pid);
    if (stand === undefined) this.#stands.set(pid, { steps, site });
    else [stand.steps, stand.site] = [steps, site];
  }
}

function endingOf(status: ExitStatus, step: number, site: Site | null): Ending {
  const { name, kind } = status;
  const ending = { name, kind, step, text: describeEnding(status) };
  const from = site === null ? "" : lineOf(site);
  if (status.kind !== "crashed" || !(status.error instanceof Error)) {
    return { ...ending, from, stack: [] };
  }
  const lines = stackOf(status.error)
    .split("\n")
    .filter((line) => /^\s+(at|in) .*(?<!\(<anonymous>\))$/.test(line));
  const place = lineOf({ stack: lines.join("\n") });
  return { ...ending, from: place === "" ? from : place, stack: lines };
}

/** `/home/me/prog.ts:12`, the first of the program's lines in a stack. */
function lineOf(site: Site): string {
  const [, file, line] =
    /\(?((?:file:|[\\/]|\w:[\\/])[^()]*):(\d+):\d+\)?$/.exec(placeOf(site)) ?? [];
  return file === undefined ? "" : `${toPath(file)}:${line}`;
}
