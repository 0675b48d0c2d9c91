// Where tasks stand after each step, for pictures of whole runs. The host's debugger interface
// tells, but takes half a millisecond. The native stack is there to be seen whenever `yield*` asks
// a call for what it yields, 25 times as fast: it tells which `yield*` that is, and where each is
// has to be asked once.

import { readFileSync } from "node:fs";
import { findSourceMap } from "node:module";
import type { Kernel, Probe, SystemCall, Task } from "../kernel";
import { taskSites } from "../machine/call-sites";
import { Inspector } from "../machine/inspect/inspector";
import { Delegates } from "../machine/delegates";
import { original, type Place } from "../machine/place";
import { isProgramFile } from "./copies";
import { whenAsked } from "./debug/asked";

/** So many lines may be between a `yield*` and what it is about. */
const MOST_LINES = 5;

/** Takes note, as a probe, until `close`. */
export class Places implements Probe {
  readonly #kernel: Kernel;
  readonly #inspector = new Inspector();
  readonly #stop: () => void;
  /** Of the kernel's frames; null where whoever asks from there may stand anywhere. */
  readonly #frames = new BySite<string | null>();
  /** Of those that they have handed on to; null where they do not hand on. */
  readonly #inner = new BySite<string | null>();
  readonly #delegates: Delegates;
  /** Where generators begin, by what those of one function have in common. */
  readonly #starts = new WeakMap<object, string>();
  readonly #sources = new Map<string, readonly string[]>();
  /** Whose call was the last to be asked in this step, and from where. */
  #frame: object | null = null;
  /** The innermost first. */
  #sites: readonly NodeJS.CallSite[] = [];
  /** What it has called as a subroutine in this step. */
  #called: unknown = null;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#delegates = new Delegates(kernel, () => this.#inspector);
    this.#stop = whenAsked((above) => this.#note(above));
    kernel.attach(this);
  }

  close(): void {
    this.#stop();
    this.#kernel.detach(this);
    this.#delegates.stop();
    this.#inspector.close();
  }

  resume(): void {
    this.#frame = this.#called = null;
  }

  trap(_task: Task, call: SystemCall<unknown>): void {
    if (call.name === "call") this.#called = call.a;
  }

  /**
   * `/home/me/prog.ts:12`, of `task`, which has just made a step; "" if it cannot be told. Of the
   * generators that hand on one to the next it is the innermost of the program's own.
   */
  readonly of = (task: Task): string => {
    const { frame } = task;
    if (frame !== null && frame === this.#called) return this.#startOf(frame, task);
    // For a bare `yield` nobody asks a call.
    const known = frame === this.#frame ? this.#known(frame) : null;
    return known ?? this.#ask(task);
  };

  /** By the stack that was seen. */
  #known(frame: object | null): string | null {
    const outermost = this.#sites.at(-1);
    if (outermost === undefined) return null;
    let found = this.#frames.at(outermost, () => this.#learn(frame, outermost));
    for (let i = this.#sites.length - 2; i >= 0 && found !== null; i--) {
      const site = this.#sites[i] as NodeJS.CallSite;
      const place = this.#inner.at(site, () => this.#delegation(site));
      if (place !== "") found = place;
    }
    return found;
  }

  /** Of the generators that have handed on one to the next, the outermost is the kernel's frame. */
  #note(above: CallableFunction): void {
    this.#frame = this.#kernel.current?.frame ?? null;
    this.#sites = taskSites(above).filter((site) => Boolean(site.getFileName()));
  }

  /** A subroutine of `task` has not begun yet; unless the program did so by hand, to no good. */
  #startOf(frame: object, task: Task): string {
    const kind = Reflect.getPrototypeOf(frame) ?? frame;
    let place = this.#starts.get(kind);
    if (place === undefined) this.#starts.set(kind, (place = this.#ask(task)));
    return place;
  }

  #ask(task: Task): string {
    const stack = this.#inspector.positions(this.#delegates.chainOf(task));
    const at = stack.find((one) => one !== undefined && isProgramFile(one.file)) ?? stack.at(-1);
    return at === undefined ? "" : `${at.file}:${at.line}`;
  }

  #learn(frame: unknown, site: NodeJS.CallSite): string | null {
    const [start] = this.#inspector.positions([frame]);
    if (start === undefined || this.#delegation(site) === null) return null;
    // The debugger interface tells where the `yield*` begins, the stack where its operand does.
    const inside = placeIn(site);
    const near = inside.line - start.line;
    const behind = near > 0 || (near === 0 && inside.column >= start.column);
    if (inside.file !== start.file || !behind || near > MOST_LINES) return null;
    return `${start.file}:${start.line}`;
  }

  /** Where a generator hands on to another; "" if that is none of the program's, null if not. */
  #delegation(site: NodeJS.CallSite): string | null {
    const { file, line, column } = placeIn(site);
    const lines = this.#sourceOf(site.getFileName() ?? "", file);
    const [row = "", ...above] = lines.slice(Math.max(0, line - 1 - MOST_LINES), line).reverse();
    const before = [...above.reverse(), row.slice(0, column - 1)].join("\n");
    const up = handsOn(before, row.slice(column - 1));
    if (up === null) return null;
    return isProgramFile(file) ? `${file}:${line - up}` : "";
  }

  #sourceOf(script: string, file: string): readonly string[] {
    let lines = this.#sources.get(file);
    if (lines === undefined) this.#sources.set(file, (lines = linesIn(script, file)));
    return lines;
  }
}

/**
 * Is the place between the texts that of a `yield*`, or its operand? In how many lines above that
 * begins; null if not: whoever stands there resumes a generator by hand.
 */
function handsOn(before: string, after: string): number | null {
  const row = before.lastIndexOf("\n") + 1;
  if (/^yield\s*\*/.test(after) || /\byield\s*\*[^;]*$/.test(before.slice(row))) return 0;
  // Several statements may be without a semicolon between them, so nothing else is in between.
  const [found] = /\byield\s*\*[\s(]*$/.exec(before) ?? [];
  return found === undefined ? null : found.split("\n").length - 1;
}

/** What is known of the places in scripts that native stacks go through. */
class BySite<T> {
  readonly #scripts = new Map<string, Map<number, T>>();

  /** At `site`; where nothing is known yet, what `learn` finds out. */
  at(site: NodeJS.CallSite, learn: () => T): T {
    const script = site.getFileName() ?? "";
    let known = this.#scripts.get(script);
    if (known === undefined) this.#scripts.set(script, (known = new Map<number, T>()));
    const position = site.getPosition();
    if (!known.has(position)) known.set(position, learn());
    return known.get(position) as T;
  }
}

function placeIn(site: NodeJS.CallSite): Place {
  const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
  return original(site.getFileName() ?? "", line - 1, column - 1);
}

/** The lines of `file`, which `script` was made from. */
function linesIn(script: string, file: string): readonly string[] {
  try {
    const { sourcesContent = [] } = findSourceMap(script)?.payload ?? {};
    return (sourcesContent[0] ?? readFileSync(file, "utf8")).split("\n");
  } catch {
    return []; // It never was a file, or is gone.
  }
}
