// Init, task 1: starts the program, adopts orphans and reaps them, and reports what nobody else
// heard of. When only daemons are left it stops them; when nobody is left the system halts.

import { getpid, kill, ps, sleep, spawn, stderr, SystemError, wait, write } from "../syscalls";
import type { ExitStatus, Program, Signal, TaskInfo } from "../syscalls";
import { describeCrash } from "./report";

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
  const daemons = yield* others();
  if (daemons.length === 0) return;
  const insister = yield* spawn(insist(), { name: "insist", daemon: true });
  for (const daemon of daemons) yield* tell(daemon, "TERM", "the program has ended");
  for (let left = yield* others(insister); left.length > 0; left = yield* others(insister)) {
    // Whoever is left descends from a child of init, so there is one to wait for.
    const child = left.find((task) => task.ppid === 1) as TaskInfo;
    const dead = yield* wait(child.pid);
    if (dead.kind === "crashed") yield* complain(describeCrash(dead));
  }
  yield* kill(insister, "KILL");
  yield* wait(insister);
}

/** A daemon that does not end in time is ended. */
function* insist(): Program<void> {
  yield* sleep(GRACE);
  for (const task of yield* others(yield* getpid())) yield* tell(task, "KILL", "took too long");
}

/** Kill a task that may have been reaped since it was listed. */
function* tell(task: TaskInfo, signal: Signal, reason: string): Program<void> {
  try {
    yield* kill(task.pid, signal, reason);
  } catch (error) {
    if (!(error instanceof SystemError && error.errno === "ESRCH")) throw error;
  }
}

function* others(except?: number): Program<readonly TaskInfo[]> {
  return (yield* ps()).filter(({ pid }) => pid !== 1 && pid !== except);
}

/** To stderr; if that is gone there is nobody left to tell. */
export function* complain(text: string): Program<void> {
  try {
    yield* write(stderr, text);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}
