// Init, task 1: starts the program, adopts orphans and reaps them, and reports what nobody else
// heard of. When only daemons are left it stops them; when nobody is left the system halts.

import { kill, ps, spawn, stderr, SystemError, wait, write } from "../syscalls";
import type { ExitStatus, Program, Signal, TaskInfo } from "../syscalls";
import { describeCrash } from "./report";
import { timeout } from "./timeout";

/** What the system came to. */
export interface InitReport<T> {
  /** How the program ended. */
  readonly main: ExitStatus<T>;
  /** How many crashes nobody but init heard of: the program's own, and those of orphans. */
  readonly crashes: number;
}

/** How long daemons may take for their clean-up, in milliseconds. */
const GRACE = 5000;

/**
 * Run `main` as task 2 and everything it starts, until nothing but init is left. `awaited`: who
 * booted the system learns of a crash of `main`'s, so it needs no report.
 */
export function* init<T>(
  main: Program<T> | (() => Program<T>),
  name: string,
  awaited = false,
): Program<InitReport<T>> {
  const pid = yield* spawn(main, { name });
  let mainStatus: ExitStatus<T> | undefined;
  let crashes = 0;
  for (let dead = yield* waitAny(); dead !== undefined; dead = yield* waitAny()) {
    if (dead.pid === pid) mainStatus = dead as ExitStatus<T>;
    if (dead.kind === "crashed") {
      crashes += 1;
      if (!awaited || dead.pid !== pid) yield* complain(describeCrash(dead));
    }
  }
  yield* stopDaemons();
  return { main: mainStatus as ExitStatus<T>, crashes };
}

/** The next child to end, or undefined when none is left but daemons. */
function* waitAny(): Program<ExitStatus | undefined> {
  try {
    return yield* wait();
  } catch (error) {
    if (error instanceof SystemError && error.errno === "ECHILD") return undefined;
    throw error;
  }
}

/** Tell the daemons to stop and wait until they and all they started are gone. */
function* stopDaemons(): Program<void> {
  let [signal, reason]: [Signal, string] = ["TERM", "the program has ended"];
  for (let left = yield* others(); left.length > 0; left = yield* others()) {
    for (const task of left) yield* tell(task, signal, reason);
    yield* timeout(GRACE, seeOff(), { fallback: undefined });
    [signal, reason] = ["KILL", "it took too long"];
  }
}

/** Wait until nobody is left but init. */
function* seeOff(): Program<void> {
  for (let left = yield* others(); left.length > 0; left = yield* others()) {
    // Parents are older than their children, so when it is a task's turn, it is a child of init.
    // To list the tasks anew for each would take the square of their number.
    for (const { pid } of left) yield* reap(pid);
  }
}

/** Wait for a task that was listed, unless another has. */
function* reap(pid: number): Program<void> {
  try {
    const dead = yield* wait(pid);
    if (dead.kind === "crashed") yield* complain(describeCrash(dead));
  } catch (error) {
    if (!(error instanceof SystemError && error.errno === "ECHILD")) throw error;
  }
}

/** Kill a task that may have been reaped since it was listed. */
function* tell(task: TaskInfo, signal: Signal, reason: string): Program<void> {
  try {
    yield* kill(task.pid, signal, reason);
  } catch (error) {
    if (!(error instanceof SystemError && error.errno === "ESRCH")) throw error;
  }
}

function* others(): Program<readonly TaskInfo[]> {
  return (yield* ps()).filter(({ pid }) => pid !== 1);
}

/** To stderr; if that is gone there is nobody left to tell. */
export function* complain(text: string): Program<void> {
  try {
    yield* write(stderr, text);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}
