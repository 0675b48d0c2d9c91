// What a step does, as a number: which task made which call on what. The numbers are given as the
// deeds first come up, so two runs that do the same give them the same. Runs at every step, so it
// allocates nothing where a deed is known.

import { objectOf } from "../object";
import type { Pid, SystemCall, Task } from "../../kernel";

/** More calls of one task are not remembered: their arguments may be new each time. */
const MOST_KNOWN = 8;

/** The code of a step that made no call: a bare `yield program()`. */
export const NOTHING = 0;

/** What one code stands for. */
export interface Deed {
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

export class Deeds {
  readonly #define: (code: number, deed: Deed) => void;
  readonly #known: (Known | null)[] = [];
  readonly #codes = new Map<string, number>();

  /** `define` is told of every new code. */
  constructor(define: (code: number, deed: Deed) => void) {
    this.#define = define;
  }

  /** `task` makes `call`. */
  ofCall(task: Task, call: SystemCall<unknown>): number {
    const { definition, a } = call;
    let known = this.#known[task.pid] ?? null;
    while (known !== null) {
      if (known.definition === definition && (known.any || known.a === a)) return known.code;
      known = known.next;
    }
    return this.#learn(task, call);
  }

  /** `task` ends by itself. */
  ofEnd({ pid }: Task, kind: string): number {
    this.#known[pid] = null;
    return this.#codeFor({ pid, call: kind, object: "" });
  }

  #learn(task: Task, call: SystemCall<unknown>): number {
    const { name, definition, a } = call;
    const object = objectOf(call);
    const code = this.#codeFor({ pid: task.pid, call: name, object });
    const before = this.#known[task.pid] ?? null;
    const next = before === null || before.size === MOST_KNOWN ? null : before;
    const any = object === "";
    const size = (next?.size ?? 0) + 1;
    this.#known[task.pid] = { definition, a: any ? null : a, any, code, next, size };
    return code;
  }

  #codeFor(deed: Deed): number {
    const key = `${deed.pid} ${deed.call} ${deed.object}`;
    const known = this.#codes.get(key);
    if (known !== undefined) return known;
    const code = this.#codes.size + 1;
    this.#codes.set(key, code);
    this.#define(code, deed);
    return code;
  }
}

/** `task 3: receive on jobs`. */
export function describeDeed(deed: Deed | undefined): string {
  if (deed === undefined) return "no call";
  const { pid, call, object } = deed;
  return `task ${pid}: ${call}${object === "" ? "" : ` on ${object}`}`;
}
