// What is to be seen of a system at one moment of a story: its tasks, who is ready, who waits for
// what. How it is computed is in moments.ts. Pure; run in the page.

import type { Pid } from "../../kernel";

/** One task, at one moment. Never changed: a task that changes gets another. */
export interface TaskMoment {
  readonly pid: Pid;
  readonly name: string;
  /** Who waits for it now: an orphan's is init. Of one that was reaped, who it was then. */
  readonly parent: Pid;
  readonly state: "ready" | "blocked" | "exited" | "crashed" | "killed";
  /** Told to stop, and not yet to continue. */
  readonly stopped: boolean;
  /** Ended and waited for: no more in the process table. */
  readonly reaped: boolean;
  /** When blocked, its call and what it waits for; when it has ended, how. */
  readonly call: string;
  readonly detail: string;
  /** Where in its source it stands; "" where nobody asked, or it has not begun. */
  readonly place: string;
  /** The step in which it came into this state. */
  readonly since: number;
  /** When blocked: of two on the same queue, the one with the lower rank came first. */
  readonly rank: number;
  /** How often it was resumed. */
  readonly steps: number;
}

/** All tasks after `step` steps. True until the next moment is asked for. */
export interface Moment {
  readonly step: number;
  /** Those that have begun, in the order in which they did; they stay when they are reaped. */
  readonly tasks: ReadonlyMap<Pid, TaskMoment>;
  /** In the order in which they run, first come, first served. */
  readonly ready: readonly Pid[];
}

export type ShownState = TaskMoment["state"] | "stopped";

/** What a task is called to be, in a word. */
export function shownState({ state, stopped }: TaskMoment): ShownState {
  return stopped && isAlive(state) ? "stopped" : state;
}

export function isAlive(state: ShownState): boolean {
  return state === "ready" || state === "blocked" || state === "stopped";
}

export interface QueueMoment {
  /** What they wait for: `the lock fork 1`. */
  readonly name: string;
  /** Who has waited longest comes first. */
  readonly waiters: readonly Pid[];
}

/** Who waits for what. A task in a select is on the queue of each of its cases. */
export function queuesAt({ tasks }: Moment): readonly QueueMoment[] {
  const blocked = [...tasks.values()].filter(({ state }) => state === "blocked");
  const queues = new Map<string, Pid[]>();
  for (const task of blocked.sort((a, b) => a.rank - b.rank)) {
    for (const name of new Set(queueNames(task))) {
      const waiters = queues.get(name) ?? [];
      queues.set(name, waiters);
      waiters.push(task.pid);
    }
  }
  return [...queues].map(([name, waiters]) => ({ name, waiters }));
}

/** Without who held it then and the deadline, which differ between those that wait for the same. */
function queueNames({ call, detail }: TaskMoment): string[] {
  const cases = call.startsWith("select(") ? detail.split(/ or (?=[^:]*: )/) : [detail];
  return cases.map((one) => {
    const name = call.startsWith("select(") ? one.replace(/^[^:]*: /, "") : one;
    return name.replace(/ at \d+ ms$/, "").replace(/, held by .*$/, "");
  });
}
