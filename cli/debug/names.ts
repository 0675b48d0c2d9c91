// Over which names an expression is evaluated: those that the selected frame sees; where there is
// none, or only one of the system's, those of a module.

import { realpathSync } from "node:fs";
import type { Ending, FrameExpression, Variable } from "../../debugger";
import type { Pid } from "../../kernel";
import { parked, type Course } from "./course";
import { isUnknown, type Eyes } from "./eyes";

/** The system's own task, whose frames see nothing of the program. */
const INIT = 1;

export class Names {
  readonly #course: Course;
  readonly #eyes: Eyes;
  readonly #endingOf: (pid: Pid) => Ending | null;
  /** The program's own module, if it can be looked into. */
  readonly #program: string | null;

  constructor(course: Course, eyes: Eyes, endingOf: (pid: Pid) => Ending | null) {
    this.#course = course;
    this.#eyes = eyes;
    this.#endingOf = endingOf;
    this.#program = this.#seen(realpathSync(course.program));
  }

  evaluate(expression: string, pid: Pid, frame: number): Variable {
    const ending = this.#endingOf(pid);
    if (ending !== null) return this.#evaluateAfter(ending, expression);
    const task = parked(this.#course.kernel, pid);
    try {
      return this.#eyes.evaluate(expression, task, frame);
    } catch (error) {
      if (pid !== INIT || !isUnknown(error)) throw error;
      return this.#eyes.evaluateIn(this.#program, expression);
    }
  }

  #evaluateAfter(ending: Ending, expression: string): Variable {
    try {
      return this.#eyes.evaluateIn(this.#moduleAfter(ending), expression);
    } catch (error) {
      if (!isUnknown(error)) throw error;
      const { message } = error as Error;
      throw new Error(`${message}; the task has ended, and only its module's variables are left`);
    }
  }

  /** The file of the module that an expression is about, if nothing of it is a frame's own. */
  moduleOf(about: FrameExpression): string | null {
    const ending = this.#endingOf(about.pid);
    if (ending !== null) return this.#moduleAfter(ending);
    const file = this.#eyes.moduleOf(about);
    if (file !== null || about.pid !== INIT) return file;
    return this.#eyes.isAbout(this.#program, about.expression) ? this.#program : null;
  }

  /** Where a task has ended; or the program's, if it did so in a file that nobody can look into. */
  #moduleAfter({ from }: Ending): string | null {
    return this.#seen(from.replace(/:\d+$/, "")) ?? this.#program;
  }

  #seen(file: string): string | null {
    return this.#eyes.seesInto(file) ? file : null;
  }
}
