// What a debugger sees of the program's own state: where tasks stand, and what is in their
// variables. Asks the host's debugger interface, and only looks.

import type { Frame, Scope, Senses, Variable } from "../../debugger";
import type { Task } from "../../kernel";
import { Inspector } from "../../machine/inspect/inspector";
import type { Course } from "./course";
import type { Lines } from "./lines";

export class Eyes {
  #opened: Inspector | null = null;

  /** Opened when somebody looks: that takes 20 ms. */
  get #inspector(): Inspector {
    return (this.#opened ??= new Inspector());
  }

  /** The program runs on: what was shown is no longer true. */
  forget(): void {}

  /** `/home/me/prog.ts:12`; "" if it cannot be told. */
  placeOf(task: Task): string {
    const [at] = this.#inspector.positions([task.frame]);
    return at === undefined ? "" : `${at.file}:${at.line}`;
  }

  /** The innermost first. */
  frames(task: Task): Frame[] {
    const unknown: Frame = { name: "", file: "", line: 0, column: 0 };
    return this.#inspector.positions(generatorsOf(task)).map((at) => at ?? unknown);
  }

  scopes(_task: Task, _frame: number): Scope[] {
    throw new Error("not yet");
  }

  expand(_ref: number): Variable[] {
    throw new Error("not yet");
  }

  evaluate(_expression: string, _task: Task, _frame: number): Variable {
    throw new Error("not yet");
  }

  /** The value of an expression that is seen from nowhere in the program. */
  value(_expression: string): unknown {
    throw new Error("not yet");
  }

  /** Seen from the innermost frame. */
  isTrue(_expression: string, _task: Task): boolean {
    throw new Error("not yet");
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
        return () => this.evaluate(expression, task, frame).value;
      },
      lints: () => course.lints(),
    };
  }
}

/** The frames of a task as the host has them, the innermost first. */
function generatorsOf({ frame, callers }: Task): unknown[] {
  return frame === null ? [] : [frame, ...[...(callers ?? [])].reverse()];
}
