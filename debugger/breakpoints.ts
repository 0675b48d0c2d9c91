// Breakpoints, made into one check after every step. Pure: what a step did it learns from probes,
// the rest it is told.

import { LastStep } from "./last-step";
import { checkFor, hit, type Check, type PointContext } from "./points";
import { QueueLength } from "./queue-length";
import type { Kernel, Probe, Task } from "../kernel";
import type { Breakpoint, BreakpointHit, Stop } from "./world";

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
  /** Those whose expression throws already. */
  #errors: BreakpointHit[] = [];

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
    const hits = this.#errors;
    this.#errors = [];
    if (task !== null) {
      for (const armed of this.#armed) this.#ask(armed, task, hits);
      this.#last.forget();
    }
    return together(hits);
  }

  /**
   * Nothing can happen any more, says `report`: the same for breakpoints on that, seen from `task`,
   * which has made the last step.
   */
  checkDeadlock(report: string, task: Task): Reason | null {
    const hits: BreakpointHit[] = [];
    for (const { breakpoint } of this.#armed) {
      if (breakpoint.point.on !== "deadlock") continue;
      this.#ask({ breakpoint, check: () => hit(report) }, task, hits);
    }
    return together(hits);
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
      this.#errors.push(this.#broken(breakpoint, error));
    }
  }

  #attach<P extends Probe>(probe: P): P {
    this.#probes.push(probe);
    this.#kernel.attach(probe);
    return probe;
  }

  #ask({ breakpoint, check }: Armed, task: Task, hits: BreakpointHit[]): void {
    const { id, point, condition } = breakpoint;
    if (this.#hitCounts.broken.has(keyOf(breakpoint))) return;
    try {
      const found = check(task);
      if (found === null) return;
      if (condition !== undefined && !this.#context.isTrue(condition, task, point)) return;
      if (this.#counts(breakpoint)) hits.push({ ...found, id });
    } catch (error) {
      hits.push(this.#broken(breakpoint, error));
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

  #broken(breakpoint: Breakpoint, error: unknown): BreakpointHit {
    const { id } = breakpoint;
    this.#hitCounts.broken.add(keyOf(breakpoint));
    return { kind: "error", id, text: `breakpoint ${id}: ${String(error).split("\n", 1)[0]}` };
  }
}

/** All that were hit in the step after which `stop` is. */
export function hitsOf({ reason }: Stop): readonly BreakpointHit[] {
  return "id" in reason ? [reason, ...(reason.also ?? [])] : [];
}

/** Of one step: the first is the reason to stop. */
function together([first, ...also]: readonly BreakpointHit[]): Reason | null {
  if (first === undefined) return null;
  return also.length === 0 ? first : { ...first, also };
}
