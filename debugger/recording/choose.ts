// A choice made by hand: who runs next.

import type { Kernel } from "../../kernel";

/** Kernels in which a choice waits for the next step, with what chooses after that. */
const waiting = new WeakMap<Kernel, Kernel["choose"]>();

/** The task at this place of the ready queue runs next, and not one that was chosen before. */
export function chooseNext(kernel: Kernel, place: number): void {
  const after = waiting.has(kernel) ? (waiting.get(kernel) ?? null) : kernel.choose;
  waiting.set(kernel, after);
  kernel.choose = (n) => {
    waiting.delete(kernel);
    kernel.choose = after;
    return Math.min(place, n - 1);
  };
}
