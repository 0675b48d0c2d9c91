// Reads a recording. What is damaged or cut off is said, and what is whole before it can still be
// played.

import { show } from "../../kernel";
import { isCount, isObject, wrongHeader, wrongInput } from "./check";
import { NOTHING, type TraceEntry } from "./trace-codes";
import { isArrival } from "./describe";
import { VERSION, type Header, type Input } from "./format";

export interface Recording {
  readonly header: Header;
  readonly inputs: readonly Input[];
  /** The code of each step's entry; that of step 1 first. */
  readonly trace: readonly number[];
  /** By code. */
  readonly entries: readonly (TraceEntry | undefined)[];
  /** How many steps can be played. */
  readonly steps: number;
  /** The exit code of the process, if it is known. */
  readonly exit: number | undefined;
  /** Where the process ended though its tasks had not; undefined if it did not. */
  readonly left: "in a step" | "between steps" | undefined;
  /** Why that is not all there was; undefined for a whole recording. */
  readonly problem: string | undefined;
}

/** What is no recording, or one that this genix cannot read. */
export class BadRecording extends Error {}

/**
 * The recording that has these lines. One by one, as all of it may be longer than a string can be.
 * Throws a BadRecording if not even its header is whole.
 */
export function parseRecording(lines: Iterable<string>): Recording {
  let header: Header | undefined;
  const body = new Body();
  let problem: string | undefined;
  let number = 0;
  for (const line of lines) {
    number += 1;
    if (header === undefined) header = readHeader(line);
    else if (!body.ended) problem = body.problemIn(line);
    else if (line !== "") problem = "it comes after the end";
    if (problem !== undefined) {
      problem = `line ${number} is damaged or cut off (${problem}: ${show(line)})`;
      break;
    }
  }
  if (header === undefined) throw new BadRecording(EMPTY);
  if (!body.ended) problem ??= "it has no end: whoever wrote it was stopped";
  return { header, ...body.contents(), problem };
}

const EMPTY = "it is empty: the program was not loaded, or was stopped before its first step";

function readHeader(line: string): Header {
  if (line === "") throw new BadRecording(EMPTY);
  let header: Partial<Header> | null;
  try {
    header = JSON.parse(line) as Partial<Header> | null;
  } catch {
    throw new BadRecording("it is no recording: its first line is no JSON");
  }
  if (header?.genix !== "recording") {
    throw new BadRecording(`it is no recording: its first line is ${show(line)}`);
  }
  if (header.version !== VERSION) {
    const fix = `this genix (which reads version ${VERSION}) cannot play it; record it anew`;
    const by =
      header.versions?.genix === undefined ? "" : `, made by genix ${header.versions.genix}`;
    throw new BadRecording(`it is a recording of version ${show(header.version)}${by}: ${fix}`);
  }
  const wrong = wrongHeader({ ...header });
  if (wrong !== null) throw new BadRecording(wrong);
  return header as Header;
}

/** The lines after the header. */
class Body {
  readonly #inputs: Input[] = [];
  readonly #trace: number[] = [];
  readonly #entries: (TraceEntry | undefined)[] = [];
  #end: number | undefined;
  #exit: number | undefined;
  #left: Recording["left"];

  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** Take the next line. Returns what is wrong with it; undefined for nothing. */
  problemIn(line: string): string | undefined {
    try {
      this.#add(JSON.parse(line) as unknown);
      return undefined;
    } catch (error) {
      return error instanceof BadRecording ? error.message : "it is no JSON";
    }
  }

  #add(entry: unknown): void {
    if (!isObject(entry)) throw new BadRecording("it is no object");
    if ("at" in entry) this.#addInput(entry);
    else if ("trace" in entry) this.#addTrace(entry);
    else if ("code" in entry) this.#define(entry);
    else if ("end" in entry) this.#finish(entry);
    else throw new BadRecording("nobody knows what it is");
  }

  #finish({ end, exit, left }: Readonly<Record<string, unknown>>): void {
    if (end !== this.#trace.length) {
      throw new BadRecording(`it is to end with step ${show(end)}, not ${this.#trace.length}`);
    }
    this.#end = end;
    this.#exit = isCount(exit) ? exit : undefined;
    if (left === "in a step" || left === "between steps") this.#left = left;
    const last = this.#inputs.at(-1)?.at ?? 0;
    if (last > end + (left === "in a step" ? 1 : 0)) {
      throw new BadRecording(
        `it is to end with step ${end}, and there is an input of step ${last}`,
      );
    }
  }

  #addInput(entry: Readonly<Record<string, unknown>>): void {
    const { at } = entry;
    if (!isCount(at) || at < (this.#inputs.at(-1)?.at ?? 0)) {
      throw new BadRecording("its step is out of order");
    }
    const wrong = wrongInput(entry);
    if (wrong !== null) throw new BadRecording(wrong);
    this.#inputs.push(entry as Input);
  }

  #addTrace({ from, trace }: Readonly<Record<string, unknown>>): void {
    if (from !== this.#trace.length + 1) throw new BadRecording("its steps are out of order");
    if (!Array.isArray(trace)) throw new BadRecording("its trace is no list");
    for (const code of trace as readonly unknown[]) {
      const known = isCount(code) && (code === NOTHING || this.#entries[code] !== undefined);
      if (!known) throw new BadRecording(`there is no code ${show(code)}`);
      this.#trace.push(code);
    }
  }

  #define({ code, pid, call, object }: Readonly<Record<string, unknown>>): void {
    const whole = isCount(code) && isCount(pid) && typeof call === "string";
    if (!whole || typeof object !== "string") throw new BadRecording("its code is not whole");
    this.#entries[code] = { pid, call, object };
  }

  contents() {
    const [inputs, trace, entries] = [this.#inputs, this.#trace, this.#entries];
    // All that came before the last input is there, even if the trace is behind.
    const last = inputs.at(-1);
    const known = Math.max(trace.length, (last?.at ?? 0) - (isWithin(last) ? 1 : 0));
    const [steps, exit, left] = [this.#end ?? known, this.#exit, this.#left];
    return { inputs, trace, entries, steps, exit, left };
  }
}

/** Did it come in the course of a step? The time is noted there, too, but for a step's own. */
function isWithin(input: Input | undefined): boolean {
  if (input === undefined) return false;
  return !isArrival(input) || "inside" in input || ("time" in input && !("lasted" in input));
}
