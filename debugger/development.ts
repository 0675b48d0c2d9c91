// Development mode: everything that watches a program for mistakes. What will not get better by
// itself (a circle of waits) is reported at once, the rest is in `lints`.

import { noteBirth, placeOf, siteOf, workshop } from "../kernel";
import type { Kernel, Probe, Site, SystemCall, Task } from "../kernel";
import { partialDeadlocks } from "./deadlock";
import { Forgotten } from "./forgotten";
import { growing, unreaped } from "./lints";
import { lockOrder } from "./lock-order";

/**
 * To note where a call is built takes 3 µs. So it is done for these calls always, and for others
 * the first times and then now and then: what a program forgets it mostly forgets again.
 */
const placed: readonly string[] = ["spawn", "lock", "wait"];
const FIRST = 200;
const EVERY = 64;

/** Watches `kernel` from now until `stop`. */
export class Development {
  readonly #found = new Map<string, { readonly text: string; more: number }>();
  readonly #sites = new WeakMap<SystemCall<unknown>, Site>();
  readonly #counts = new Map<string, number>();
  readonly #forgotten: Forgotten;
  readonly #stop: () => void;

  /** `report` is told at once of what will not get better. */
  constructor(kernel: Kernel, report: (text: string) => void) {
    const siteOfCall = (call: SystemCall<unknown>): Site => this.#sites.get(call) ?? null;
    this.#forgotten = new Forgotten((call, text) => {
      const place = placeOf(siteOfCall(call));
      this.#note(`${call.name} ${place}`, place === "" ? text : `${text}, at ${place}`);
    });
    const note = (text: string): void => this.#note(text, text);
    const probes: Probe[] = [
      this.#forgotten,
      partialDeadlocks(kernel, report, (task) => this.placeOf(task)),
      lockOrder(note, siteOfCall),
      lineage(siteOfCall),
      unreaped(note),
      growing(kernel, note),
    ];
    for (const probe of probes) kernel.attach(probe);
    const before = workshop.built;
    const built = (call: SystemCall<unknown>): void => {
      before?.(call);
      if (kernel.current === null) return;
      if (this.#isPlaced(call)) this.#sites.set(call, siteOf(built));
      this.#forgotten.built(kernel.current, call);
    };
    workshop.built = built;
    this.#stop = () => {
      if (workshop.built === built) workshop.built = before;
      for (const probe of probes) kernel.detach(probe);
    };
  }

  /** Where in its source `task` waits, if that was noted: `main (prog.ts:3:5)`. */
  placeOf({ call }: Task): string {
    return call === null ? "" : placeOf(this.#sites.get(call) ?? null);
  }

  /** What was found so far, oldest first. */
  get lints(): string[] {
    return [...this.#found.values()].map(({ text, more }) => {
      return more === 0 ? text : `${text} (and ${more} more like it)`;
    });
  }

  /** No more; what it still had to say is in `lints` then. */
  stop(): void {
    this.#forgotten.finish();
    this.#stop();
  }

  /** What has the same `key` is told once, and counted. */
  #note(key: string, text: string): void {
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, { text, more: 0 });
    else known.more += 1;
  }

  #isPlaced({ name }: SystemCall<unknown>): boolean {
    if (placed.includes(name)) return true;
    const count = this.#counts.get(name) ?? 0;
    this.#counts.set(name, count + 1);
    return count < FIRST || count % EVERY === 0;
  }
}

/** Notes where each task was spawned, for the stacks of errors. */
function lineage(siteOfCall: (call: SystemCall<unknown>) => Site): Probe {
  let last: SystemCall<unknown> | null = null;
  return {
    trap(_task, call) {
      last = call;
    },
    spawn(task) {
      if (last?.name === "spawn") noteBirth(task, siteOfCall(last));
    },
  };
}
