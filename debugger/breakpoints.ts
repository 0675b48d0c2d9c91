// Breakpoints, made into one check after every step. Pure: what a step did it learns from probes,
// the rest it is told.

import { LastStep } from "./last-step";
import { checkFor, hit, type Check, type PointContext } from "./points";
import { QueueLength } from "./queue-length";
import type { Kernel, Probe, Task } from "../kernel";
import type { Breakpoint, Stop } from "./world";

type Reason = Stop["reason"];

/** What is kept of breakpoints from one run to the next; one that is changed begins anew. */
export class HitCounts {
  /** How many hits each has let pass. */
  readonly passed = new Map<string, number>();
  /** Those that have thrown; once is enough to know. */
  readonly broken = new Set<string>();
}

function keyOf({ id, ignore, condition = "" }: Breakpoint): string {
  return `${id} ${ignore} ${condition}`;
}

interface Armed {
  readonly breakpoint: Breakpoint;
  readonly check: Check;
}

/** For one run: from when it is made until `stop`. */
export class ArmedBreakpoints {
  readonly #kernel: Kernel;
  readonly #context: PointContext;
  readonly #hitCounts: HitCounts;
  readonly #last: LastStep;
  readonly #probes: Probe[] = [];
  readonly #armed: Armed[] = [];
  /** One whose expression throws already. */
  #error: Reason | null = null;

  constructor(
    kernel: Kernel,
    all: readonly Breakpoint[],
    context: PointContext,
    hitCounts: HitCounts,
  ) {
    this.#kernel = kernel;
    this.#context = context;
    this.#hitCounts = hitCounts;
    this.#last = new LastStep(kernel);
    if (all.length > 0) this.#attach(this.#last);
    for (const breakpoint of all) this.#arm(breakpoint);
  }

  stop(): void {
    for (const probe of this.#probes) this.#kernel.detach(probe);
  }

  /** After a step: why to stop there, or null. */
  check(): Reason | null {
    const { task } = this.#last;
    let first = this.#error;
    this.#error = null;
    if (task === null) return first;
    // All are asked, for each counts its hits; the first is told.
    for (const armed of this.#armed) {
      const reason = this.#ask(armed, task);
      first ??= reason;
    }
    this.#last.forget();
    return first;
  }

  /**
   * Nothing can happen any more, says `report`: the same for breakpoints on that, seen from `task`,
   * which has made the last step.
   */
  checkDeadlock(report: string, task: Task): Reason | null {
    let first: Reason | null = null;
    for (const { breakpoint } of this.#armed) {
      if (breakpoint.point.on !== "deadlock") continue;
      const reason = this.#ask({ breakpoint, check: () => hit(report) }, task);
      first ??= reason;
    }
    return first;
  }

  #arm(breakpoint: Breakpoint): void {
    const { point } = breakpoint;
    if (this.#hitCounts.broken.has(keyOf(breakpoint))) return;
    try {
      const check = checkFor(point, {
        kernel: this.#kernel,
        last: this.#last,
        context: this.#context,
        queue: (name) => this.#attach(new QueueLength(this.#kernel, name)),
      });
      this.#armed.push({ breakpoint, check });
    } catch (error) {
      this.#error ??= this.#broken(breakpoint, error);
    }
  }

  #attach<P extends Probe>(probe: P): P {
    this.#probes.push(probe);
    this.#kernel.attach(probe);
    return probe;
  }

  #ask({ breakpoint, check }: Armed, task: Task): Reason | null {
    const { id, condition } = breakpoint;
    if (this.#hitCounts.broken.has(keyOf(breakpoint))) return null;
    try {
      const found = check(task);
      if (found === null) return null;
      if (condition !== undefined && !this.#context.isTrue(condition, task)) return null;
      return this.#counts(breakpoint) ? { ...found, id } : null;
    } catch (error) {
      return this.#broken(breakpoint, error);
    }
  }

  /** A hit: does it count, or is it one of those to let pass? */
  #counts(breakpoint: Breakpoint): boolean {
    const key = keyOf(breakpoint);
    const passed = this.#hitCounts.passed.get(key) ?? 0;
    if (passed >= breakpoint.ignore) return true;
    this.#hitCounts.passed.set(key, passed + 1);
    return false;
  }

  #broken(breakpoint: Breakpoint, error: unknown): Reason {
    const { id } = breakpoint;
    this.#hitCounts.broken.add(keyOf(breakpoint));
    return { kind: "error", id, text: `breakpoint ${id}: ${String(error).split("\n", 1)[0]}` };
  }
}
