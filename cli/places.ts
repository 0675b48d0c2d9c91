// Where tasks stand after each step, for pictures of whole runs. The host's debugger interface
// tells, but takes half a millisecond. The native stack is there to be seen whenever `yield*` asks
// a call for what it yields, 25 times as fast: it tells which `yield*` that is, and where each is
// has to be asked once.

import { readFileSync } from "node:fs";
import { findSourceMap } from "node:module";
import type { Kernel, Probe, SystemCall, Task } from "../kernel";
import { taskSites } from "../machine/call-sites";
import { Inspector } from "../machine/inspect/inspector";
import { original, type Place } from "../machine/place";
import { whenAsked } from "./debug/asked";

/** Takes note, as a probe, until `close`. */
export class Places implements Probe {
  readonly #kernel: Kernel;
  readonly #inspector = new Inspector();
  readonly #stop: () => void;
  /** By script and position in it; null where whoever asks from there may stand anywhere. */
  readonly #known = new Map<string, Map<number, string | null>>();
  /** Where generators begin, by what those of one function have in common. */
  readonly #starts = new WeakMap<object, string>();
  readonly #sources = new Map<string, readonly string[]>();
  /** Whose call was the last to be asked in this step, and from where. */
  #frame: object | null = null;
  #site: NodeJS.CallSite | undefined;
  /** What it has called as a subroutine in this step. */
  #called: unknown = null;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#stop = whenAsked((above) => this.#note(above));
    kernel.attach(this);
  }

  close(): void {
    this.#stop();
    this.#kernel.detach(this);
    this.#inspector.close();
  }

  resume(): void {
    this.#frame = this.#called = null;
  }

  trap(_task: Task, call: SystemCall<unknown>): void {
    if (call.name === "call") this.#called = call.a;
  }

  /**
   * `/home/me/prog.ts:12`, of `task`, which has just made a step; "" if it cannot be told.
   */
  readonly of = ({ frame }: Task): string => {
    if (frame !== null && frame === this.#called) return this.#startOf(frame);
    const site = this.#site;
    // For a bare `yield` nobody asks a call.
    if (site === undefined || frame !== this.#frame) return this.#ask(frame);
    const script = site.getFileName() ?? "";
    let known = this.#known.get(script);
    if (known === undefined) this.#known.set(script, (known = new Map<number, string | null>()));
    const position = site.getPosition();
    let place = known.get(position);
    if (place === undefined) known.set(position, (place = this.#learn(frame, site)));
    return place ?? this.#ask(frame);
  };

  /** Of the generators that have handed on one to the next, the outermost is the kernel's frame. */
  #note(above: CallableFunction): void {
    this.#frame = this.#kernel.current?.frame ?? null;
    this.#site = taskSites(above)
      .filter((site) => Boolean(site.getFileName()))
      .at(-1);
  }

  /** A subroutine has not begun yet; unless the program did so by hand, to no good. */
  #startOf(frame: object): string {
    const kind = Reflect.getPrototypeOf(frame) ?? frame;
    let place = this.#starts.get(kind);
    if (place === undefined) this.#starts.set(kind, (place = this.#ask(frame)));
    return place;
  }

  #ask(frame: unknown): string {
    const [at] = this.#inspector.positions([frame]);
    return at === undefined ? "" : `${at.file}:${at.line}`;
  }

  #learn(frame: unknown, site: NodeJS.CallSite): string | null {
    const [start] = this.#inspector.positions([frame]);
    if (start === undefined) return null;
    const script = site.getFileName() ?? "";
    const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
    const inside = original(script, line - 1, column - 1);
    const source = this.#sourceOf(script, start.file);
    return isDelegation(source, start, inside) ? `${start.file}:${start.line}` : null;
  }

  #sourceOf(script: string, file: string): readonly string[] {
    let lines = this.#sources.get(file);
    if (lines === undefined) this.#sources.set(file, (lines = linesIn(script, file)));
    return lines;
  }
}

/**
 * Does a `yield*` begin at `start`, with `inside` in it? Else the generator resumes another by
 * hand, at `inside`, and may stand anywhere then. One of several lines is not recognized.
 */
function isDelegation(
  source: readonly string[],
  { file, line, column }: Place,
  inside: Place,
): boolean {
  if (inside.file !== file || inside.line !== line) return false;
  const text = source[line - 1]?.slice(column - 1, inside.column - 1) ?? "";
  return /^yield\s*\*[^;]*$/.test(text);
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
