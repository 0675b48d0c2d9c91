// In which lines a task came to a yield in its last step. When `yield*` asks a call for what it
// yields, the native stack of the whole task is there to be seen: some 5 us, where a place takes
// 60 to ask for, and generators that others delegate to are left out.

import type { Breakpoint } from "../../debugger";
import type { Probe, Task } from "../../kernel";
import { standsAt } from "../../machine";
import { taskSites } from "../../machine/call-sites";
import { original, type Place } from "../../machine/place";
import { whenAsked } from "./asked";

/** A line and a column as one number. */
const COLUMNS = 100_000;

/** One generator of a task's, where it stands. */
interface Stand extends Place {
  /** In the script that runs, so that a later place has the higher number. */
  readonly at: number;
}

/** Takes note, as a probe, until `stop`. */
export class Lines implements Probe {
  readonly #files: ReadonlySet<string>;
  readonly #places = new Map<string, Map<number, Stand>>();
  /** Take no note any more. */
  readonly stop: () => void;
  #task: Task | null = null;
  /** Where it came to in this step, the outermost generator first; null if it made no call. */
  #path: readonly Stand[] | null = null;
  /** The same in the step before, of tasks that came to one of the files. */
  readonly #before = new WeakMap<Task, readonly Stand[]>();
  #previous: readonly Stand[] = [];

  /** Only lines in these files will be asked for: absolute paths. */
  constructor(files: Iterable<string>) {
    this.#files = new Set(files);
    this.stop = whenAsked((above) => this.#note(above));
  }

  resume(task: Task): void {
    this.#task = task;
    this.#path = null;
  }

  /**
   * Did `task`, in the step it has just made, come to a yield in this line? One that delegates to
   * a generator comes to its line once, when that begins.
   */
  isAt(task: Task, file: string, line: number): boolean {
    if (task !== this.#task) return false;
    const path = this.#path;
    // A bare `yield program()` asks nobody.
    if (path === null) return standsAt(task.frame) === `${file}:${line}`;
    return path.some((stand, depth) => {
      return stand.line === line && stand.file === file && !this.#stayed(path, depth);
    });
  }

  /** Did the generator at `depth` only wait while the one it delegates to went on? */
  #stayed(path: readonly Stand[], depth: number): boolean {
    const inner = path[depth + 1];
    const before = this.#previous[depth + 1];
    if (inner === undefined || before === undefined) return false;
    const same = path.slice(0, depth + 1).every((stand, i) => stand === this.#previous[i]);
    // One that began anew is not further on than it was.
    return same && inner.file === before.file && inner.at > before.at;
  }

  #note(above: CallableFunction): void {
    const task = this.#task;
    if (task === null || this.#path !== null) return;
    const path = this.#pathOf(taskSites(above));
    this.#path = path;
    this.#previous = this.#before.get(task) ?? [];
    if (path.length > 1) this.#before.set(task, path);
    else if (this.#previous.length > 0) this.#before.delete(task);
  }

  #pathOf(sites: readonly NodeJS.CallSite[]): readonly Stand[] {
    const path: Stand[] = [];
    for (const site of sites) {
      const script = site.getFileName();
      if (script) path.unshift(this.#standOf(site, script));
    }
    return path.some(({ file }) => this.#files.has(file)) ? path : [];
  }

  #standOf(site: NodeJS.CallSite, script: string): Stand {
    const line = (site.getLineNumber() ?? 1) - 1;
    const column = (site.getColumnNumber() ?? 1) - 1;
    const at = line * COLUMNS + column;
    let known = this.#places.get(script);
    if (known === undefined) this.#places.set(script, (known = new Map<number, Stand>()));
    let stand = known.get(at);
    if (stand === undefined) known.set(at, (stand = { ...original(script, line, column), at }));
    return stand;
  }
}

/** What breakpoints on lines need; null if there are none. */
export function linesOf(breakpoints: readonly Breakpoint[]): Lines | null {
  const files = breakpoints.flatMap(({ point }) => (point.on === "line" ? [point.file] : []));
  return files.length === 0 ? null : new Lines(files);
}
