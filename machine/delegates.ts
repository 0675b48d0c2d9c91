// The generators that a task has reached by a native `yield*`. The kernel knows its frames, but
// `yield* inner()` hands on to a generator that no variable holds. It asks that one for its
// iterator, though, which is noted here with how deep on the stack it was asked.

import type { Kernel, Task } from "../kernel";
import { callSites, isKernel } from "./call-sites";
import type { Inspector, Site } from "./inspect/inspector";
import { toPath } from "./place";

interface Note {
  readonly generator: object;
  /** Who asked it for its iterator, and where: by `yield*`, or by a loop. */
  readonly asker: NodeJS.CallSite;
}

/** What all generators have their methods of. */
const prototype = function* () {}.prototype as object;
const shared = Reflect.getPrototypeOf(prototype) as { [Symbol.iterator]?: unknown };

/** So many frames of the stack are looked at first, and at most. */
const [FIRST, MOST] = [16, 4096];

export class Delegates {
  readonly #kernel: Kernel;
  readonly #inspector: () => Inspector;
  /** Of a kernel's frame, whom it has handed on to, and whom that has, and so on. */
  readonly #notes = new WeakMap<object, Note[]>();
  readonly #before = Object.getOwnPropertyDescriptor(shared, Symbol.iterator);

  /**
   * Watch the tasks of `kernel`, from their first step, until `stop`. 8 us for each `yield*`. The
   * inspector is opened when somebody looks.
   */
  constructor(kernel: Kernel, inspector: () => Inspector) {
    this.#kernel = kernel;
    this.#inspector = inspector;
    const note = (generator: object): void => this.#note(generator, iterator);
    const iterator = function (this: object): object {
      note(this);
      return this;
    };
    Object.defineProperty(shared, Symbol.iterator, {
      value: iterator,
      configurable: true,
      writable: true,
    });
  }

  stop(): void {
    Reflect.deleteProperty(shared, Symbol.iterator);
    if (this.#before !== undefined) Object.defineProperty(shared, Symbol.iterator, this.#before);
  }

  /** The generators on the stack of `task`, which does not run; the innermost first. */
  chainOf({ frame, callers }: Task): object[] {
    if (frame === null) return [];
    return [...(callers ?? []), frame].flatMap((one) => this.#chain(one)).reverse();
  }

  /** `frame`, and whom it has handed on to, the innermost last. */
  #chain(frame: object): object[] {
    const notes = this.#notes.get(frame) ?? [];
    if (notes.length === 0) return [frame];
    const sites = this.#inspector().sites([frame, ...notes.map(({ generator }) => generator)]);
    // A generator that has ended has no site any more; one in a loop was not asked where the loop's
    // generator stands.
    const end = notes.findIndex(({ asker }, index) => {
      const [above, own] = [sites[index], sites[index + 1]];
      return above === undefined || own === undefined || !standsIn(above, asker);
    });
    const live = end < 0 ? notes : notes.slice(0, end);
    return [frame, ...live.map(({ generator }) => generator)];
  }

  #note(generator: object, above: CallableFunction): void {
    const frame = this.#kernel.current?.frame ?? null;
    if (frame === null) return;
    const { depth, asker } = depthBelow(above);
    if (asker === undefined || depth < 0) return;
    let notes = this.#notes.get(frame);
    if (notes === undefined) this.#notes.set(frame, (notes = []));
    // Who asks runs, so whom it and those below had handed on to before have ended.
    notes.length = Math.min(notes.length, depth);
    if (notes.length === depth) notes.push({ generator, asker });
  }
}

/**
 * How many generators have handed on, one to the next, down to the one that runs: 0 if that is the
 * kernel's frame. Below 0 if it is not a task that runs, but the kernel.
 */
function depthBelow(above: CallableFunction): {
  depth: number;
  asker: NodeJS.CallSite | undefined;
} {
  for (let limit = FIRST; limit <= MOST; limit *= 4) {
    const sites = callSites(above, limit);
    const kernel = sites.findIndex(isRun);
    if (kernel < 0 && sites.length === limit) continue;
    // Each generator has two frames: its own, and the `next` or `throw` that resumed it.
    const resumes = sites[kernel - 1]?.getFunctionName() === "resume" ? 1 : 0;
    const resumed = kernel - resumes;
    const byGenerator = /^(next|throw)$/.test(sites[resumed - 1]?.getFunctionName() ?? "");
    return { depth: byGenerator && resumed % 2 === 0 ? resumed / 2 - 1 : -1, asker: sites[0] };
  }
  return { depth: -1, asker: undefined };
}

/** Is it the kernel, which runs a task? A program may have a method of that name. */
function isRun(site: NodeJS.CallSite): boolean {
  return site.getFunctionName() === "#run" && isKernel(site);
}

/**
 * Did the generator that stands at `site` ask there? It stands where its `yield*` begins, and asked
 * a little further on; the head of a loop comes before what is in it.
 */
function standsIn(site: Site, asker: NodeJS.CallSite): boolean {
  const [line, column] = [(asker.getLineNumber() ?? 0) - 1, (asker.getColumnNumber() ?? 0) - 1];
  if (site.name !== "" && site.name !== asker.getFunctionName()) return false;
  if (toPath(site.script) !== toPath(asker.getFileName() ?? "")) return false;
  return line > site.line || (line === site.line && column >= site.column);
}
