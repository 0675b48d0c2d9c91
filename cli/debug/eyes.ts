// What a debugger sees of the program's own state: where tasks stand, and what is in their
// variables. Asks the host's debugger interface, and only looks.

import type { Frame, Scope, Senses, Variable } from "../../debugger";
import type { Task } from "../../kernel";
import { Expression } from "../../machine/inspect/expression";
import { Inspector } from "../../machine/inspect/inspector";
import { preview } from "../../machine/inspect/preview";
import { Viewer } from "../../machine/inspect/viewer";
import type { Course } from "./course";
import type { Lines } from "./lines";

/** What a watched expression comes to when its frame has ended. */
const GONE = "(its frame has ended)";

/** A frame of which nothing is known. */
const HIDDEN: Frame = { name: "", file: "", line: 0, column: 0 };

export class Eyes {
  readonly #conditions = new Map<string, Expression>();
  #inspector: Inspector | null = null;
  #viewer: Viewer | null = null;

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
    return this.#values.evaluate(expression, generatorOf(task, frame));
  }

  /** The value of an expression that is seen from nowhere in the program. */
  value(expression: string): unknown {
    return this.#values.reference(expression, null);
  }

  /** Seen from the innermost frame. */
  isTrue(condition: string, task: Task): boolean {
    let known = this.#conditions.get(condition);
    if (known === undefined) {
      this.#conditions.set(condition, (known = new Expression(this.#position, condition)));
    }
    return Boolean(known.value(task.frame));
  }

  /** Its value as text, whenever the answer is called, in a frame that is this one now. */
  #watch(expression: string, task: Task, frame: number): () => string {
    const generator = generatorOf(task, frame);
    const watched = new Expression(this.#position, expression);
    return () => {
      if (!task.alive || !generatorsOf(task).includes(generator)) return GONE;
      return preview(watched.value(generator));
    };
  }

  /** What breakpoints need. `lines` knows where a step came to, if any of them asks for that. */
  senses(course: Course, lines: Lines | null): Senses {
    return {
      time: () => course.time(),
      standsAt: (task, file, line) => lines?.isAt(task, file, line) === true,
      isTrue: (expression, task) => this.isTrue(expression, task),
      watch: (expression, pid, frame) => {
        const task = course.kernel.tasks.find(pid);
        if (task === undefined) throw new Error(`there is no task ${pid}`);
        return this.#watch(expression, task, frame);
      },
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
