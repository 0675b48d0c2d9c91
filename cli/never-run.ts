// Generators that a program made and never ran: what is left in the notes that the transformer
// (instrument.ts) has its tasks take.

import type { Kernel, Task } from "../kernel";
import { shown } from "../machine/place";
import { NOTES } from "./instrument";

/** Of one function, the first so many generators are noted: a note takes a microsecond. */
const MOST_NOTES = 1000;
/** More lines than this nobody reads. */
const MOST_LINES = 10;
/** The frames above the one that made it: the note's, two of those who take it, the generator's. */
const ABOVE = 4;
/** `array.map(worker)`: a few frames of the host's may stand between. */
const DEPTH = ABOVE + 4;

/** A generator that was made. */
class Note {
  readonly name: string;
  readonly maker: Task | null;
  /** Its stack is read only if it comes to that: to write one out takes long. */
  readonly place: Error;

  constructor(name: string, maker: Task | null) {
    this.name = name;
    this.maker = maker;
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = DEPTH;
    this.place = new Error();
    Error.stackTraceLimit = stackTraceLimit;
  }
}

export class NeverRun {
  /** Whose tasks make them, as soon as there is one. */
  kernel: Kernel | null = null;
  readonly #open = new Set<Note>();
  readonly #made = new Map<string, number>();

  /** Take notes from here on, until the end of the process. */
  constructor() {
    const notes = {
      made: (name: string) => this.#take(name),
      // What came in the parameter's place may be an argument that nobody expected.
      runs: (note: unknown) => void this.#open.delete(note as Note),
    };
    Object.defineProperty(globalThis, Symbol.for(NOTES), { value: notes, configurable: true });
  }

  /** A line for each place that made generators which have not run. */
  report(): string[] {
    const lines = new Map<string, number>();
    for (const note of this.#open) {
      const line = describe(note);
      lines.set(line, (lines.get(line) ?? 0) + 1);
    }
    return [...lines]
      .slice(0, MOST_LINES)
      .map(([line, times]) => (times > 1 ? `${line} (${times} times)` : line));
  }

  #take(name: string): Note | undefined {
    const made = (this.#made.get(name) ?? 0) + 1;
    this.#made.set(name, made);
    if (made > MOST_NOTES) return undefined;
    const note = new Note(name, this.kernel?.current ?? null);
    this.#open.add(note);
    return note;
  }
}

/** `worker() was made at hello.ts:12 and never run; write yield* worker(), or spawn(worker())` */
function describe({ name, maker, place }: Note): string {
  const made = `${name}() was made at ${placeIn(place.stack ?? "")}`;
  const by = maker === null ? "" : ` by ${String(maker)}`;
  return `${made}${by} and never run; write yield* ${name}(…), or yield* spawn(${name}(…))`;
}

/** The first place below the generator's own frame. */
function placeIn(stack: string): string {
  const frames = stack.split("\n").slice(1 + ABOVE);
  const inFile = /\(?((?:\/|file:|[A-Za-z]:[\\/])[^()]*):(\d+):\d+\)?$/;
  const [, file, line] = frames.map((frame) => inFile.exec(frame)).find((at) => at !== null) ?? [];
  return file === undefined ? "a place unknown" : `${shown(file)}:${line}`;
}
