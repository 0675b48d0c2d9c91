// The keeper: the task under which the tasks of one group live. It is their parent, so that nobody
// else's `wait` takes their ends away, and it outlives whoever opened the group, so that they are
// seen off even if that one is killed with KILL. Knows nothing of what groups are good for: that is
// in group.ts and combine.ts.

import { getpid, getppid, kill, Killed, sleep, spawn, unpark, wait } from "../syscalls";
import { SystemError } from "../syscalls";
import type { ExitStatus, Program } from "../syscalls";
import { demand, DURATION, isDuration } from "./check";
import { Child, signalAll } from "./child";
import { ChildError } from "./failures";
import { deaths, enter, type Job, type Nursery } from "./nursery";
import { firstLine, nameOf } from "./report";

export interface GroupOptions {
  /** What `ps` and messages call the group's keeper. Default "group". */
  readonly name?: string;
  /**
   * How long tasks that are told to stop may take for their clean-up, in milliseconds; then they
   * are ended with KILL. Default: for ever.
   */
  readonly grace?: number;
}

/** What a keeper is to run, in order, and how many tasks at a time. */
export interface Agenda {
  readonly jobs: readonly Job[];
  readonly limit?: number;
}

/**
 * Run `agenda` under a keeper, with whatever enters `nursery` besides. Blocks until all of them
 * have ended, however that comes. Throws the one failure there was, an AggregateError of several,
 * or what interrupted the caller.
 */
export function* attend(nursery: Nursery, agenda: Agenda, options: GroupOptions): Program<void> {
  const { name = "group", grace = Infinity } = options;
  demand(isDuration(grace), "grace", grace, DURATION);
  yield* oversee(keep(nursery, agenda, grace), name);
}

/**
 * Run `keeper` in a task of its own and wait for it, whatever happens meanwhile: what interrupts
 * the caller is passed on to it as TERM, and thrown when it has ended. Throws what it crashed with.
 */
export function* oversee(keeper: Program<void>, name: string): Program<void> {
  const pid = yield* spawn(keeper, { name, bound: true });
  const interruptions: unknown[] = [];
  let status: ExitStatus | undefined;
  while (status === undefined) {
    try {
      status = yield* wait(pid);
    } catch (error) {
      if (error instanceof SystemError && error.errno === "ECHILD") throw error;
      interruptions.push(error);
      yield* kill(pid, "TERM", yield* why(error));
    }
  }
  if (status.kind === "crashed") throw status.error;
  // Of several, that which ends the caller; else the last one, which came from furthest out.
  const killed = interruptions.find((error) => error instanceof Killed);
  if (interruptions.length > 0) throw killed ?? interruptions.at(-1);
  if (status.kind === "killed") throw new ChildError(status);
}

/** The reason to give the keeper: what its parent says is passed down a tree of groups as it is. */
function* why(error: unknown): Program<string> {
  if (!(error instanceof Killed)) return firstLine(error);
  const fromParent = error.by === (yield* getppid());
  if (fromParent && error.reason !== "") return error.reason;
  const by = error.by === 0 ? "the system" : nameOf({ pid: error.by, name: error.sender });
  return `task ${yield* getpid()} was killed by ${by}${error.reason && `: ${error.reason}`}`;
}

function* keep(nursery: Nursery, { jobs, limit = Infinity }: Agenda, grace: number): Program<void> {
  nursery.keeper = yield* getpid();
  let next = 0;
  let clock: Child | null = null;
  let buried: readonly Child[] = [];
  for (;;) {
    while (nursery.going && nursery.busy < limit && next < jobs.length) {
      yield* open(nursery, jobs[next++] as Job);
    }
    const { due } = nursery;
    if (due !== null) clock = yield* stop(nursery, due, grace);
    // After the stop, so that who waits for one that failed is stopped, and not told of it.
    for (const child of buried) yield* wakeJoiners(child);
    if (nursery.others === 0) yield* unpark(nursery.lingering);
    if (nursery.children.size === 0) break;
    buried = yield* bury(nursery);
  }
  nursery.keeper = 0;
  if (clock !== null) yield* signalAll([clock], "KILL", "");
  if (nursery.failures.length > 0) throw nursery.failures.error;
  if (nursery.killed !== null) throw nursery.killed;
}

/** Start `job`; that this is not possible is a failure like any other. */
function* open(nursery: Nursery, job: Job): Program<void> {
  try {
    yield* enter(job, nursery);
  } catch (error) {
    if (error instanceof Killed) nursery.killed = error;
    else nursery.failures.add(error, firstLine(error));
  }
}

/** Tell all to stop. Returns who will insist on it, if somebody will. */
function* stop(nursery: Nursery, reason: string, grace: number): Program<Child | null> {
  nursery.stopping = reason;
  const { active } = nursery;
  yield* signalAll(active, "TERM", reason);
  if (grace === Infinity || active.length === 0) return null;
  const pid = yield* spawn(insist(nursery, grace), { name: "insist", bound: true });
  return new Child(pid, "insist");
}

function* insist(nursery: Nursery, grace: number): Program<void> {
  yield* sleep(grace);
  yield* signalAll(nursery.active, "KILL", `it did not end within ${grace} ms`);
}

/** Wait for ends, and take note of them. */
function* bury(nursery: Nursery): Program<readonly Child[]> {
  try {
    const statuses = yield* deaths();
    return statuses.map((status) => nursery.bury(status)).filter((child) => child !== undefined);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    nursery.killed = error;
    return [];
  }
}

function* wakeJoiners({ joiners, status }: Child): Program<void> {
  while (joiners !== null && (yield* unpark(joiners, status)) !== 0);
}
