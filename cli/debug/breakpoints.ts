// The breakpoints of a session, by their numbers.

import { realpathSync } from "node:fs";
import { compileFunction } from "node:vm";
import { hitsOf } from "../../debugger";
import type { Breakpoint, BreakpointChange, KeptBreakpoint } from "../../debugger";
import type { BreakpointHit, Point, Stop, World } from "../../debugger";
import { shown } from "../../machine/place";
import { nextYield, yieldsOf, type Yield } from "../../machine/sources";
import { Misuse } from "../misuse";

export class Breakpoints {
  readonly #all = new Map<number, KeptBreakpoint>();
  /** Worlds count what a number has let pass, so one that was changed has another for them. */
  readonly #secret = new Map<number, number>();
  #last = 0;
  #lastSecret = 0;

  get all(): readonly KeptBreakpoint[] {
    return [...this.#all.values()];
  }

  /** Those that may stop a run, but for those numbered in `passing`. */
  active(passing: readonly number[] = []): readonly Breakpoint[] {
    return this.all
      .filter(({ id, enabled }) => enabled && !passing.includes(id))
      .map(({ id, point, condition, ignore }) => ({
        ...{ id: this.#secret.get(id) ?? id, point, ignore },
        ...(condition !== undefined && { condition }),
      }));
  }

  /** Throws a Misuse when it could never stop anything. */
  add(
    point: Point,
    condition: string | undefined,
    ignore: number,
  ): { readonly breakpoint: KeptBreakpoint; readonly moved: boolean } {
    checkCondition(condition);
    const settled = point.on === "line" ? atYield(point) : point;
    const id = (this.#last += 1);
    const breakpoint: KeptBreakpoint = {
      ...{ id, point: settled, ignore, enabled: true, hits: 0 },
      ...(condition !== undefined && { condition }),
    };
    this.#set(breakpoint);
    const moved = settled.on === "line" && point.on === "line" && settled.line !== point.line;
    return { breakpoint, moved };
  }

  /**
   * Do we stand somewhere because of just the change that `point` is about? `asked` has the number
   * 0.
   */
  tells(reason: Stop["reason"], point: Point, asked: Point | null): boolean {
    if (reason.kind !== "change") return false;
    const told = reason.id === 0 ? asked : this.#all.get(reason.id)?.point;
    return JSON.stringify(told) === JSON.stringify(point);
  }

  delete(id: number): boolean {
    return this.#all.delete(id);
  }

  /** False if there is none of that number; throws a Misuse as `add` does. */
  change(id: number, { condition, ...rest }: BreakpointChange): boolean {
    const before = this.#all.get(id);
    if (before === undefined) return false;
    checkCondition(condition);
    const { condition: old, ...others } = { ...before, ...rest };
    const next = condition ?? old;
    this.#set({ ...others, ...(next !== undefined && next !== "" && { condition: next }) });
    return true;
  }

  #set(breakpoint: KeptBreakpoint): void {
    this.#all.set(breakpoint.id, breakpoint);
    this.#secret.set(breakpoint.id, (this.#lastSecret += 1));
  }

  /** A stop of a world's, with the number that the breakpoint has here. */
  named(stop: Stop): Stop {
    const { reason } = stop;
    if (!("id" in reason)) return stop;
    const { also, ...first } = reason;
    const others = also?.map((hit) => this.#called(hit));
    return { ...stop, reason: { ...this.#called(first), ...(others && { also: others }) } };
  }

  #called<H extends BreakpointHit>(hit: H): H {
    const [id = 0] = [...this.#secret].find(([, secret]) => secret === hit.id) ?? [];
    return { ...hit, id };
  }

  /** Counts the hits that `stop` is made of. What they had to let pass has passed. */
  hit(stop: Stop): void {
    for (const { kind, id } of hitsOf(stop)) {
      const breakpoint = this.#all.get(id);
      if (kind === "error" || breakpoint === undefined) continue;
      this.#all.set(id, { ...breakpoint, hits: breakpoint.hits + 1, ignore: 0 });
    }
  }
}

/** Whether it could ever be true is seen where it is asked; but it has to be an expression. */
export function checkCondition(condition = ""): void {
  if (condition === "") return;
  try {
    compileFunction(`return (${condition}\n)`);
  } catch (error) {
    const { message } = error as Error;
    throw new Misuse(`the condition ${condition} is no expression: ${message}`);
  }
}

/** The yields of `file`, in their order. Throws a Misuse when it cannot be read. */
export function yieldsIn(file: string): readonly Yield[] {
  const yields = yieldsOf(file);
  if (yields === undefined) throw new Misuse(`${shown(file)} cannot be read`);
  return yields;
}

type OnLine = Extract<Point, { on: "line" }>;

/** Where a task could stand, in the file by the name that Node knows it by, which has no links. */
function atYield(point: OnLine): OnLine {
  const { file, line } = point;
  const yields = yieldsIn(file);
  const found = nextYield(yields, line);
  if (found !== undefined) return { ...point, file: realpathSync(file), line: found.line };
  const last = yields.at(-1);
  const why = last === undefined ? "it has none" : `the last is in line ${last.line}`;
  throw new Misuse(`${shown(file)}:${line}: there is no yield from here on; ${why}`);
}

/** What is about a module alone is there before, and after, the task that is looked at. */
export async function settled(point: Point, world: World): Promise<Point> {
  if (point.on !== "change" || "module" in point) return point;
  const { on, expression } = point;
  const module = await world.moduleOf(point).catch(() => null);
  return module === null ? point : { on, expression, module };
}
