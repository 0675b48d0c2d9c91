// A choice made by hand: who runs next.

import type { Kernel } from "../../kernel";

/** The task at this place of the ready queue runs next. */
export function chooseNext(kernel: Kernel, place: number): void {
  const { choose } = kernel;
  kernel.choose = (n) => {
    kernel.choose = choose;
    return Math.min(place, n - 1);
  };
}
