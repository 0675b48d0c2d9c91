// The trace of a run: the code of each step's entry, a few thousand steps in one line, so that a
// replay can be held against it.

import { TraceCodes, NOTHING, type TraceEntry } from "./trace-codes";
import type { Kernel, Probe, SystemCall, Task } from "../../kernel";

/** Steps in one line of a recording. */
const CHUNK = 4096;
/** Steps between two notes of the time. */
const STEPS_A_LOOK = 256;

export interface TraceSink {
  define(code: number, entry: TraceEntry): void;
  /** Many steps have been made. */
  look(): void;
  /** `codes` of the steps from `from` on: decimals with commas between. */
  steps(from: number, codes: string): void;
}

declare const TextDecoder: new (label: string) => { decode(bytes: Uint8Array): string };
const decoder = new TextDecoder("latin1");
/** A code has at most ten digits, and a comma. */
const digits = new Uint8Array(11 * CHUNK);
const [ZERO, COMMA] = [48, 44];

/** The first `length` codes as text. A fifth of the time that `join` takes (3 ns a code). */
function decimals(codes: Uint32Array, length: number): string {
  // From the back, as division gives the last digit first.
  let at = digits.length;
  for (let i = length - 1; i >= 0; i--) {
    let rest = codes[i] as number;
    do {
      digits[--at] = ZERO + (rest % 10);
      rest = (rest / 10) | 0;
    } while (rest > 0);
    if (i > 0) digits[--at] = COMMA;
  }
  return decoder.decode(digits.subarray(at));
}

/** Notes what each step does. `flush` hands over what is not a whole line yet. */
export class Tracer implements Probe {
  readonly #kernel: Kernel;
  readonly #sink: TraceSink;
  readonly #entries: TraceCodes;
  readonly #codes = new Uint32Array(CHUNK);
  /** The step of the first code in `#codes`. */
  #from = 1;
  #length = 0;

  constructor(kernel: Kernel, sink: TraceSink) {
    this.#kernel = kernel;
    this.#sink = sink;
    this.#entries = new TraceCodes((code, entry) => sink.define(code, entry));
  }

  trap(task: Task, call: SystemCall<unknown>): void {
    this.#note(this.#entries.ofCall(task, call));
  }

  exit(task: Task, { kind }: { readonly kind: string }): void {
    // A call that ends its task is noted as the call.
    const noted = this.#from + this.#length > this.#kernel.steps;
    if (task === this.#kernel.current && !noted) this.#note(this.#entries.ofEnd(task, kind));
    this.#entries.forget(task);
  }

  /** There will be no more steps. Returns how many were made: one under way may not come to it. */
  end(): number {
    const { current, steps } = this.#kernel;
    while (this.#from + this.#length < steps) this.#push(NOTHING);
    if (current === null && this.#from + this.#length === steps) this.#push(NOTHING);
    this.flush();
    return this.#from - 1;
  }

  flush(): void {
    if (this.#length === 0) return;
    this.#sink.steps(this.#from, decimals(this.#codes, this.#length));
    this.#from += this.#length;
    this.#length = 0;
  }

  /** This step did that. Steps that were not noted did nothing. */
  #note(code: number): void {
    const { steps } = this.#kernel;
    while (this.#from + this.#length < steps) this.#push(NOTHING);
    this.#push(code);
  }

  #push(code: number): void {
    // Only when the step after it has begun: a line holds no step whose inputs are still to come.
    if (this.#length === CHUNK) this.flush();
    this.#codes[this.#length++] = code;
    if (this.#length % STEPS_A_LOOK === 0) this.#sink.look();
  }
}
