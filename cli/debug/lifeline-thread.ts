// The thread that holds the lifeline of a world: a pipe to the debugger's process. It ends the
// world when the debugger's process has ended, and asks the program's thread what it does, also
// while that blocks. A program that `genix top` has started has one, too. Imports nothing but Node,
// so that it can run by itself.

import { Session, type Runtime } from "node:inspector";
import { Socket } from "node:net";
import { workerData } from "node:worker_threads";

export interface LifelineData {
  /** Of the pipe. */
  readonly fd: number;
  /** The global symbol under which the program's thread can be asked: returns a Doing. */
  readonly hook: string;
}

/** What the program's thread is at. */
export interface Doing {
  /** How many steps were made; the last may not have ended. */
  readonly step: number;
  /** `task 3 "worker"`; "" between two steps. */
  readonly task: string;
  /** `spin (frozen.ts:12)` */
  readonly place: string;
}

/** How long the program's thread may take to answer, in milliseconds. */
const PATIENCE = 500;

const { fd, hook } = workerData as LifelineData;
const pipe = new Socket({ fd, readable: true, writable: true });

pipe.on("data", ask);
for (const end of ["end", "error", "close"]) pipe.on(end, endWorld);

/** If it leads a group, with all that the program has started. */
function endWorld(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.kill(process.pid, "SIGKILL");
  }
}

function ask(): void {
  const session = new Session();
  const late = setTimeout(() => tell(null), PATIENCE);
  const expression = `globalThis[Symbol.for(${JSON.stringify(hook)})]()`;
  session.connectToMainThread();
  session.post("Runtime.evaluate", { expression, returnByValue: true }, (error, answer) => {
    clearTimeout(late);
    session.disconnect();
    tell(error === null ? valueOf(answer) : null);
  });
}

function valueOf({ result }: Runtime.EvaluateReturnType): Doing | null {
  return (result.value ?? null) as Doing | null;
}

/** Null: it waits in the host's own code, where it cannot be asked. */
function tell(doing: Doing | null): void {
  pipe.write(`${JSON.stringify({ doing })}\n`);
}
