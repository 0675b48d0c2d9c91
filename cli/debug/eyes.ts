// What a debugger sees of the program's own state: where tasks stand, and what is in their
// variables. Asks the host's debugger interface, and only looks.

import type { Frame, Scope, Senses, Variable } from "../../debugger";
import type { Pid, Task } from "../../kernel";
import { Expression, type Extra } from "../../machine/inspect/expression";
import { Inspector } from "../../machine/inspect/inspector";
import { preview } from "../../machine/inspect/preview";
import { Viewer } from "../../machine/inspect/viewer";
import type { Course } from "./course";
import type { Lines } from "./lines";

/** What a watched expression comes to before its frame has begun, and when it has ended. */
const NOT_THERE = "(not there)";

/** A frame of which nothing is known. */
const HIDDEN: Frame = { name: "", file: "", line: 0, column: 0 };

export class Eyes {
  readonly #course: Course;
  readonly #conditions = new Map<string, Expression>();
  #inspector: Inspector | null = null;
  #viewer: Viewer | null = null;

  constructor(course: Course) {
    this.#course = course;
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

  /** `/home/me/prog.ts:12`; "" if it cannot be told. */
  placeOf(task: Task): string {
    const [at] = this.#position.positions([task.frame]);
    return at === undefined ? "" : `${at.file}:${at.line}`;
  }

  /** The innermost first. */
  frames(task: Task): Frame[] {
    return this.#position.positions(generatorsOf(task)).map((at) => at ?? HIDDEN);
  }

  scopes(task: Task, frame: number): Scope[] {
    return this.#values.scopes(generatorOf(task, frame));
  }

  expand(ref: number): Variable[] {
    return this.#values.expand(ref);
  }

  evaluate(expression: string, task: Task, frame: number): Variable {
    return this.#values.evaluate(expression, generatorOf(task, frame), this.#extra(task));
  }

  /** The value of an expression that is seen from nowhere in the program. */
  value(expression: string): unknown {
    return this.#values.reference(expression, null);
  }

  /**
   * Seen from the innermost frame. A condition is put to every task, and what it speaks of only
   * some of them know: of the others it is not true.
   */
  isTrue(condition: string, task: Task): boolean {
    let known = this.#conditions.get(condition);
    if (known === undefined) {
      this.#conditions.set(condition, (known = new Expression(this.#position, condition)));
    }
    try {
      return Boolean(known.value(task.frame, this.#extra(task)));
    } catch (error) {
      if (/: ReferenceError: /.test((error as Error).message)) return false;
      throw error;
    }
  }

  /**
   * Its value as text, whenever the answer is called. It is about a place on the stack, counted
   * from the outermost frame: so it is the same one whatever that calls, and in a run that begins
   * before the task does.
   */
  #watch(expression: string, pid: Pid, frame: number): () => string {
    const { tasks } = this.#course.kernel;
    const begin = tasks.find(pid);
    const place = frame < 0 ? -1 - frame : depthOf(begin) - 1 - frame;
    const watched = new Expression(this.#position, expression);
    return () => {
      const task = tasks.find(pid);
      const generator = task?.alive === true ? frameAt(task, place) : undefined;
      if (task === undefined || generator === undefined) return NOT_THERE;
      try {
        return preview(watched.value(generator, this.#extra(task)));
      } catch (error) {
        return `(${(error as Error).message})`; // What it is about may be there before it is.
      }
    };
  }

  /** Names that expressions have besides the program's. */
  #extra({ pid, name, call }: Task): Extra {
    const { kernel } = this.#course;
    return {
      $pid: pid,
      $name: name,
      $call: call?.name ?? "",
      $step: kernel.steps,
      $time: this.#course.time(),
      $ready: kernel.ready.length,
    };
  }

  /** What breakpoints need. `lines` knows where a step came to, if any of them asks for that. */
  senses(lines: Lines | null): Senses {
    const course = this.#course;
    return {
      time: () => course.time(),
      standsAt: (task, file, line) => lines?.isAt(task, file, line) === true,
      isTrue: (expression, task) => this.isTrue(expression, task),
      watch: (expression, pid, frame) => this.#watch(expression, pid, frame),
      lints: () => course.lints(),
    };
  }
}

/** The frames of a task as the host has them, the innermost first. */
function generatorsOf({ frame, callers }: Task): unknown[] {
  return frame === null ? [] : [frame, ...[...(callers ?? [])].reverse()];
}

function generatorOf(task: Task, frame: number): unknown {
  const generators = generatorsOf(task);
  if (frame in generators) return generators[frame];
  const there = generators.length === 1 ? "only frame 0" : `frames 0 to ${generators.length - 1}`;
  throw new Error(`${String(task)} has no frame ${frame}; it has ${there}`);
}

/** How many frames are on its stack. */
function depthOf(task: Task | undefined): number {
  return task === undefined || task.frame === null ? 0 : 1 + (task.callers?.length ?? 0);
}

/** The frame at this place on its stack, 0 being the outermost. */
function frameAt({ frame, callers }: Task, place: number): unknown {
  const below = callers?.length ?? 0;
  if (place === below) return frame ?? undefined;
  return callers?.[place];
}
