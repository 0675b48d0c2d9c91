// The moment of a run at which there is most to see of who waits for whom: the first circle of
// waits, or else the longest queue for a lock. A probe that looks only when a task has blocked.

import { Lock, Permits, type Kernel, type Probe, type Task, type WaitQueue } from "../../kernel";
import { lookAtWaits } from "../look";
import { circleOf } from "../circles";
import type { WaitPicture } from "../world";

export class WaitMoment implements Probe {
  readonly #kernel: Kernel;
  #blocked: Task | null = null;
  #longest = 0;
  #found: WaitPicture | null = null;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** What there was to see then; null if nobody waited for anybody. */
  get picture(): WaitPicture | null {
    return this.#found;
  }

  block(task: Task, queue: WaitQueue): void {
    const longer = (queue instanceof Lock || queue instanceof Permits) && queue.length;
    if (longer !== false && longer > this.#longest) this.#longest = longer;
    else if (circleOf(this.#kernel, task) === undefined) return;
    this.#blocked = task;
  }

  /** A step is over: what was blocked in it may be worth a look. */
  afterStep(): void {
    const task = this.#blocked;
    this.#blocked = null;
    if (task === null || (this.#found?.circles.length ?? 0) > 0) return;
    const kernel = this.#kernel;
    this.#found = lookAtWaits(kernel, kernel.machine.clock());
  }
}
