// What a debugger sees of the program's own state: where tasks stand, and what is in their
// variables. Asks the host's debugger interface, and only looks.

import type { Frame, FrameExpression, Point, PointContext, Scope } from "../../debugger";
import type { Variable } from "../../debugger";
import type { Pid, Task } from "../../kernel";
import { standsAt } from "../../machine";
import { Delegates } from "../../machine/delegates";
import { Expression, isPending, isUnknown, type Extra } from "../../machine/inspect/expression";
import { Inspector } from "../../machine/inspect/inspector";
import { standIn } from "../../machine/inspect/readers";
import {
  changeOf,
  missing,
  snapshotOf,
  type Change,
  type Snapshot,
} from "../../machine/inspect/snapshot";
import { Viewer } from "../../machine/inspect/viewer";
import { isProgramFile } from "../copies";
import type { Inferior } from "./inferior";
import type { Lines } from "./lines";

/** What a watched expression comes to before its frame has begun, and when it has ended. */
const NOT_THERE = "(not there)";

/** A frame of which nothing is known. */
const HIDDEN: Frame = { name: "", file: "", line: 0, column: 0, own: false };

export class StackInspector {
  readonly #inferior: Inferior;
  readonly #conditions = new Map<string, Expression>();
  readonly #delegates: Delegates;
  /** The stack of a task, as long as it stays where it is. */
  readonly #stacks = new WeakMap<Task, { readonly steps: number; readonly stack: object[] }>();
  #inspector: Inspector | null = null;
  #viewer: Viewer | null = null;

  /** Of an inferior before its first step. */
  constructor(inferior: Inferior) {
    this.#inferior = inferior;
    this.#delegates = new Delegates(inferior.kernel, () => this.#position);
  }

  // Both are opened when somebody looks: that takes 20 ms.

  get #position(): Inspector {
    return (this.#inspector ??= new Inspector());
  }

  get #values(): Viewer {
    return (this.#viewer ??= new Viewer(this.#position));
  }

  /** The program runs on: what was shown is no longer true. */
  forget(): void {
    this.#viewer?.forget();
  }

  /** `/home/me/prog.ts:12`, of the innermost frame of the program's own; "" if there is none. */
  placeOf(task: Task): string {
    const frames = this.frames(task);
    const at = frames.find(({ own }) => own) ?? frames.find(({ file }) => file !== "");
    return at === undefined ? "" : `${at.file}:${at.line}`;
  }

  /** The innermost first. */
  frames(task: Task): Frame[] {
    return this.#position.positions(this.#stackOf(task)).map((at) => {
      return at === undefined ? HIDDEN : { ...at, own: isProgramFile(at.file) };
    });
  }

  scopes(task: Task, frame: number): Scope[] {
    return this.#values.scopes(this.#generatorOf(task, frame));
  }

  expand(ref: number): Variable[] {
    return this.#values.expand(ref);
  }

  evaluate(expression: string, task: Task, frame: number): Variable {
    return this.#values.evaluate(expression, this.#generatorOf(task, frame), this.#extra(task));
  }

  /** Over what the module in `file` declares; null: over nothing of the program's. */
  evaluateIn(file: string | null, expression: string): Variable {
    return this.#values.evaluate(expression, standOf(file), this.#common());
  }

  /** Is it about variables of the module in `file`? */
  isAbout(file: string | null, expression: string): boolean {
    const parsed = new Expression(this.#position, expression);
    return parsed.moduleOf(standOf(file), this.#common()) !== null;
  }

  /** The file of the module that an expression is about, if nothing of it is a frame's own. */
  moduleOf({ expression, pid, frame }: FrameExpression): string | null {
    const task = this.#inferior.kernel.tasks.find(pid);
    if (task?.alive !== true) return null;
    const stack = this.#stackOf(task);
    const generator = stack[frame < 0 ? stack.length + frame : frame];
    const file = new Expression(this.#position, expression).moduleOf(generator, this.#common());
    return file !== null && this.seesInto(file) ? file : null;
  }

  /** Can what this module declares be seen from outside? */
  seesInto(file: string): boolean {
    return standIn(file) !== null;
  }

  /** The value of an expression that is seen from nowhere in the program. */
  value(expression: string): unknown {
    return this.#values.reference(expression, null);
  }

  /**
   * Seen from the innermost frame, or from that which stands in the line of `point`. A condition is
   * put to every task, and what it speaks of only some of them know: of the others it is not true.
   * In a line the names are always the same: there, one that it has not is a slip.
   */
  isTrue(condition: string, task: Task, point?: Point): boolean {
    let known = this.#conditions.get(condition);
    if (known === undefined) {
      this.#conditions.set(condition, (known = new Expression(this.#position, condition)));
    }
    const extra = this.#extra(task);
    const inLine = known.asksNothing(extra) ? undefined : this.#frameIn(task, point);
    const frame = known.asksNothing(extra) ? null : (inLine ?? this.#stackOf(task)[0]);
    try {
      return Boolean(known.value(frame, extra, task.steps));
    } catch (error) {
      if (inLine === undefined ? isUnknown(error) : isPending(error)) return false;
      throw error;
    }
  }

  #watchModule(expression: string, file: string): () => Change | null {
    const watched = new Expression(this.#position, expression);
    return this.#changes(() => watched.value(standIn(file), this.#common()));
  }

  /**
   * It is about a place on the stack, counted from the outermost frame: so it is the same one
   * whatever that calls, and in a run that begins before the task does.
   */
  #watchFrame({ expression, pid, frame }: FrameExpression): () => Change | null {
    const { tasks } = this.#inferior.kernel;
    const begin = tasks.find(pid);
    const place =
      frame < 0 ? -1 - frame : (begin === undefined ? 0 : this.#stackOf(begin).length) - 1 - frame;
    const watched = new Expression(this.#position, expression);
    return this.#changes(() => {
      const task = tasks.find(pid);
      const generator = task?.alive === true ? this.#frameAt(task, place) : undefined;
      if (task === undefined || generator === undefined) throw new NotThere();
      return watched.value(generator, this.#extra(task), task.steps);
    });
  }

  /** How a value has changed since this was asked last, or now. */
  #changes(value: () => unknown): () => Change | null {
    let before = this.#snapshot(value);
    return () => {
      const after = this.#snapshot(value);
      const change = changeOf(before, after);
      before = after;
      return change;
    };
  }

  #snapshot(value: () => unknown): Snapshot {
    try {
      return snapshotOf(this.#position, value());
    } catch (error) {
      // What it is about may be there before it is.
      if (error instanceof NotThere || isUnknown(error)) return missing(NOT_THERE);
      return missing(`(${(error as Error).message})`);
    }
  }

  /** Names that expressions have besides the program's. */
  #extra({ pid, name, call }: Task): Extra {
    return { $pid: pid, $name: name, $call: call?.name ?? "", ...this.#common() };
  }

  /** Those that mean the same wherever one stands. */
  #common(): Extra {
    const { kernel } = this.#inferior;
    return { $step: kernel.steps, $time: this.#inferior.time(), $ready: kernel.ready.length };
  }

  /** What breakpoints need. `lines` knows where a step came to, if any of them asks for that. */
  context(lines: Lines | null): PointContext {
    const inferior = this.#inferior;
    return {
      time: () => inferior.time(),
      standsAt: (task, file, line) => lines?.isAt(task, file, line) === true,
      isTrue: (expression, task, point) => this.isTrue(expression, task, point),
      watch: (point) =>
        "module" in point
          ? this.#watchModule(point.expression, point.module)
          : this.#watchFrame(point),
      lints: () => inferior.lints(),
    };
  }

  /** The innermost that stands in the line that `point` is on, if it is on one. */
  #frameIn(task: Task, point: Point | undefined): object | undefined {
    if (point?.on !== "line") return undefined;
    const place = `${point.file}:${point.line}`;
    return this.#stackOf(task).find((generator) => standsAt(generator) === place);
  }

  /** The generator that is so deep on the stack of a task, the outermost being 1; or null. */
  frameAt({ pid, depth }: { readonly pid: Pid; readonly depth: number }): object | null {
    const task = this.#inferior.kernel.tasks.find(pid);
    return (task?.alive === true ? this.#stackOf(task).at(-depth) : undefined) ?? null;
  }

  /** The generators of a task that does not run, the innermost first. */
  #stackOf(task: Task): readonly object[] {
    const known = this.#stacks.get(task);
    if (known?.steps === task.steps && task.alive) return known.stack;
    const stack = this.#delegates.chainOf(task);
    this.#stacks.set(task, { steps: task.steps, stack });
    return stack;
  }

  #generatorOf(task: Task, frame: number): object {
    const stack = this.#stackOf(task);
    const generator = stack[frame];
    if (generator !== undefined) return generator;
    const there = stack.length === 1 ? "only frame 0" : `frames 0 to ${stack.length - 1}`;
    throw new Error(`${String(task)} has no frame ${frame}; it has ${there}`);
  }

  /** The frame at this place on its stack, 0 being the outermost: that one costs nothing. */
  #frameAt(task: Task, place: number): object | undefined {
    if (place === 0) return task.callers?.[0] ?? task.frame ?? undefined;
    return this.#stackOf(task).at(-1 - place);
  }
}

function standOf(file: string | null): object | null {
  return file === null ? null : standIn(file);
}

/** The frame of a watched expression has not begun, or has ended. */
class NotThere extends Error {}
