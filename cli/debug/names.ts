// Over which names an expression is evaluated: those that the selected frame sees; where there is
// none, or only one of the system's, those of a module.

import { realpathSync } from "node:fs";
import { INIT, type Ending, type FrameExpression, type Variable } from "../../debugger";
import type { Pid } from "../../kernel";
import { isUnknown } from "../../machine/inspect/expression";
import { parked, type Inferior } from "./inferior";
import type { StackInspector } from "./stack-inspector";

export class Names {
  readonly #inferior: Inferior;
  readonly #stacks: StackInspector;
  readonly #endingOf: (pid: Pid) => Ending | null;
  /** The program's own module, if it can be looked into. */
  readonly #program: string | null;

  constructor(inferior: Inferior, stacks: StackInspector, endingOf: (pid: Pid) => Ending | null) {
    this.#inferior = inferior;
    this.#stacks = stacks;
    this.#endingOf = endingOf;
    this.#program = this.#seen(realpathSync(inferior.program));
  }

  evaluate(expression: string, pid: Pid, frame: number): Variable {
    const ending = this.#endingOf(pid);
    if (ending !== null) return this.#evaluateAfter(ending, expression);
    const task = parked(this.#inferior.kernel, pid);
    try {
      return this.#stacks.evaluate(expression, task, frame);
    } catch (error) {
      // Init's own frames see nothing of the program.
      if (pid !== INIT || !isUnknown(error)) throw error;
      return this.#stacks.evaluateIn(this.#program, expression);
    }
  }

  #evaluateAfter(ending: Ending, expression: string): Variable {
    try {
      return this.#stacks.evaluateIn(this.#moduleAfter(ending), expression);
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
    const file = this.#stacks.moduleOf(about);
    if (file !== null || about.pid !== INIT) return file;
    return this.#stacks.isAbout(this.#program, about.expression) ? this.#program : null;
  }

  /** Where a task has ended; or the program's, if it did so in a file that nobody can look into. */
  #moduleAfter({ from }: Ending): string | null {
    return this.#seen(from.replace(/:\d+$/, "")) ?? this.#program;
  }

  #seen(file: string): string | null {
    return this.#stacks.seesInto(file) ? file : null;
  }
}
