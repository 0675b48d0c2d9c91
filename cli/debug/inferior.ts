// The inferior, as gdb calls the program that is debugged: a system with its machine, live or from
// a recording, and what only those who made it can tell of it.

import type { Halt } from "../../boot";
import type { Stop } from "../../debugger";
import { show, type ExitStatus, type Kernel, type Pid, type Task } from "../../kernel";
import { exitCode } from "../run";

export interface Inferior {
  /** The program's file. */
  readonly program: string;
  readonly kernel: Kernel;
  /** It was not run before, so a deadlock is news; and it can be changed. */
  readonly live: boolean;
  /** On the machine's clock, in milliseconds; nobody learns that it was asked. */
  time(): number;
  readonly halted: boolean;
  /** It is a replay that took another way than its recording: nothing else it does is news. */
  readonly diverged: boolean;
  /** Deliver what is due and run one task to its next trap; false when nobody is ready. */
  step(): boolean;
  /** Nobody is ready: resolves when somebody may be. */
  wait(): Promise<void>;
  /** Nobody will ever be: tell the tasks to stop. */
  giveUp(): void;
  /** Why it has halted. */
  end(): Stop["reason"];
  /** What development mode has found. */
  lints(): readonly string[];
  /** Store what was recorded so far. */
  flush(): void;
  /** Put `value` into a task's mailbox. */
  tell(pid: Pid, value: unknown): void;
  /** The task at this place in the ready queue runs next. */
  choose(place: number): void;
}

/** How the program has ended. */
export function endedWith(halt: Halt<unknown>): Stop["reason"] {
  return { kind: "end", text: describeEnd(halt.status), whole: true, code: exitCode(halt) };
}

function describeEnd(status: ExitStatus): string {
  switch (status.kind) {
    case "exited":
      return `the program has returned ${show(status.value)}`;
    case "crashed":
      return `the program has crashed: ${show(status.error)}`;
    case "killed": {
      const { signal, reason } = status;
      return `the program was killed with ${signal}${reason === "" ? "" : `: ${reason}`}`;
    }
  }
}

/** The living task `pid`. Throws when there is none. */
export function parked({ tasks }: Kernel, pid: Pid): Task {
  const task = tasks.find(pid);
  if (task?.alive === true) return task;
  const gone = `${String(task)} has ended; go back to where it had not`;
  throw new Error(task ? gone : `there is no task ${pid}`);
}

/** Throws when nothing of it can be changed by `what` any more. */
export function checkLive({ live }: Inferior, what: string): void {
  if (live) return;
  throw new Error(`${what} changes the run, and this one is a recording: go to the present first`);
}
