// Compares what each step of a replay does with what it did in the recorded run.

import { TraceCodes, describeEntry, type TraceEntry } from "./trace-codes";
import type { SystemCall, Task } from "../../kernel";
import type { Recording } from "./reader";

/** Both sides of a difference, in words. */
export interface Difference {
  readonly recorded: string;
  readonly replayed: string;
}

/** What a replay did, and what its recording has in that place. */
export interface Divergence extends Difference {
  readonly step: number;
}

export class TraceCheck {
  readonly #recording: Recording;
  readonly #differ: (difference: Difference) => void;
  readonly #actual: TraceEntry[] = [];
  /** Codes that stand for something else than in the recording. */
  readonly #other = new Set<number>();
  readonly #codes = new TraceCodes((code, entry) => this.#learn(code, entry));
  /** The last step that was seen. */
  #step = 0;

  constructor(recording: Recording, differ: (difference: Difference) => void) {
    this.#recording = recording;
    this.#differ = differ;
  }

  /** In this step `task` makes `call`. */
  sawCall(step: number, task: Task, call: SystemCall<unknown>): void {
    this.#check(step, this.#codes.ofCall(task, call));
  }

  /** In this step `task` ends, unless that is by a call that was seen already. */
  sawEnd(step: number, task: Task, kind: string): void {
    if (this.#step !== step) this.#check(step, this.#codes.ofEnd(task, kind));
  }

  /** `task` has ended. */
  forget(task: Task): void {
    this.#codes.forget(task);
  }

  #learn(code: number, entry: TraceEntry): void {
    this.#actual[code] = entry;
    const recorded = this.#recording.entries[code];
    if (describeEntry(recorded) !== describeEntry(entry)) this.#other.add(code);
  }

  #check(step: number, code: number): void {
    this.#step = step;
    const recorded = this.#recording.trace[step - 1];
    if (recorded === undefined || (recorded === code && !this.#other.has(code))) return;
    this.#differ({ recorded: this.recorded(step), replayed: describeEntry(this.#actual[code]) });
  }

  /** What was done in this step, as far as it is known. */
  recorded(step: number): string {
    const { trace, entries } = this.#recording;
    const code = trace[step - 1];
    return code === undefined ? "a task ran" : describeEntry(entries[code]);
  }
}
