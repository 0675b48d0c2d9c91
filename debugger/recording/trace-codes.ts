// What a step does, as a number: which task made which call on what. The numbers are given as
// entries first come up, so two runs that do the same give them the same. Runs at every step, so it
// allocates nothing where an entry is known.

import { objectOf } from "../object";
import type { Pid, SystemCall, Task } from "../../kernel";

/** More calls of one task are not looked through: their arguments may be new each time. */
const MOST_KNOWN = 8;
/** After so many codes of one task all are forgotten, as each may be on something new. */
const MOST_CODES = 1000;

/** So many tasks are found without hashing. A power of two. */
const RECENT = 1024;

/** The code of a step that made no call: a bare `yield program()`. */
export const NOTHING = 0;

/** What one code stands for. */
export interface TraceEntry {
  readonly pid: Pid;
  /** The call's name, or how the task ended: `exited`. */
  readonly call: string;
  /** What it works on; "" for nothing. */
  readonly object: string;
}

/** A call that a task has made before. */
interface Known {
  readonly definition: unknown;
  /** Its first argument, unless any will do. */
  readonly a: unknown;
  readonly any: boolean;
  readonly code: number;
  readonly next: Known | null;
  /** How many there are from this one on. */
  readonly size: number;
}

/** What is remembered of a task while it lives. */
interface Memory {
  readonly pid: Pid;
  /** The call that was learned last. */
  known: Known | null;
  /** By call and object. */
  readonly codes: Map<string, number>;
}

export class TraceCodes {
  readonly #define: (code: number, entry: TraceEntry) => void;
  readonly #memories = new Map<Pid, Memory>();
  /** Some of them by the low bits of their pid: to ask the map costs 4 ns a step. */
  readonly #recent = new Array<Memory | undefined>(RECENT).fill(undefined);
  #last = NOTHING;

  /** `define` is told of every new code. */
  constructor(define: (code: number, entry: TraceEntry) => void) {
    this.#define = define;
  }

  /** `task` makes `call`. */
  ofCall(task: Task, call: SystemCall<unknown>): number {
    const { definition, a } = call;
    const memory = this.#memoryOf(task);
    let { known } = memory;
    while (known !== null) {
      if (known.definition === definition && (known.any || known.a === a)) return known.code;
      known = known.next;
    }
    return this.#learn(memory, call);
  }

  /** `task` ends by itself. */
  ofEnd({ pid }: Task, kind: string): number {
    return this.#new({ pid, call: kind, object: "" });
  }

  /** `task` has ended, so it does nothing more. */
  forget({ pid }: Task): void {
    this.#memories.delete(pid);
    if (this.#recent[pid % RECENT]?.pid === pid) this.#recent[pid % RECENT] = undefined;
  }

  #learn(memory: Memory, call: SystemCall<unknown>): number {
    const { name, definition, a } = call;
    const object = objectOf(call);
    const code = this.#codeFor({ pid: memory.pid, call: name, object }, memory);
    const before = memory.known;
    const next = before === null || before.size === MOST_KNOWN ? null : before;
    const any = object === "";
    const size = (next?.size ?? 0) + 1;
    memory.known = { definition, a: any ? null : a, any, code, next, size };
    return code;
  }

  #memoryOf({ pid }: Task): Memory {
    const slot = pid % RECENT;
    const recent = this.#recent[slot];
    if (recent?.pid === pid) return recent;
    const memory = this.#memories.get(pid) ?? { pid, known: null, codes: new Map() };
    this.#memories.set(pid, memory);
    this.#recent[slot] = memory;
    return memory;
  }

  #codeFor(entry: TraceEntry, { codes }: Memory): number {
    const key = `${entry.call} ${entry.object}`;
    const known = codes.get(key);
    if (known !== undefined) return known;
    if (codes.size === MOST_CODES) codes.clear();
    const code = this.#new(entry);
    codes.set(key, code);
    return code;
  }

  #new(entry: TraceEntry): number {
    this.#last += 1;
    this.#define(this.#last, entry);
    return this.#last;
  }
}

/** `task 3: receive on jobs`. */
export function describeEntry(entry: TraceEntry | undefined): string {
  if (entry === undefined) return "no call";
  const { pid, call, object } = entry;
  return `task ${pid}: ${call}${object === "" ? "" : ` on ${object}`}`;
}
