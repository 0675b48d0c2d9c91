// What `ps` shows: the state of every task at one moment, copied so that it stays true of that
// moment.

import type { Kernel } from "./kernel";
import type { ExitStatus } from "./status";
import type { Task } from "./task";

export interface TaskInfo {
  readonly pid: number;
  /** The parent's pid; 0 for init. */
  readonly ppid: number;
  readonly name: string;
  readonly state: "ready" | "running" | "blocked" | "zombie";
  readonly daemon: boolean;
  /** While blocked, the call it waits in: `read(4)`. */
  readonly call: string | undefined;
  /** While blocked, what it waits for: `fd 4 to be readable`. */
  readonly waitsFor: string | undefined;
  /** While asleep, the time at which it wakes, in milliseconds. */
  readonly deadline: number | undefined;
  /** Frames on its call stack. */
  readonly depth: number;
  /** How often it was resumed. */
  readonly steps: number;
  /** CPU time in milliseconds; 0 where the machine keeps no account. */
  readonly cpuTime: number;
  readonly descriptors: readonly number[];
  /** Of a zombie: how it ended. */
  readonly status: ExitStatus | undefined;
}

/** Every task, in the order of pids. */
export function snapshot(kernel: Kernel): readonly TaskInfo[] {
  return Object.freeze([...kernel.tasks].map(describe));
}

function describe(task: Task): TaskInfo {
  const blocked = task.state === "blocked";
  return Object.freeze({
    pid: task.pid,
    ppid: task.parent?.pid ?? 0,
    name: task.name,
    state: task.state === "yielded" ? "ready" : (task.state as TaskInfo["state"]),
    daemon: task.daemon,
    call: blocked ? task.call?.toString() : undefined,
    waitsFor: blocked ? task.queue?.label : undefined,
    deadline: task.timer?.deadline,
    depth: task.frame === null ? 0 : 1 + (task.callers?.length ?? 0),
    steps: task.steps,
    cpuTime: task.cpuTime,
    descriptors: Object.freeze([...(task.descriptors ?? [])].map(({ fd }) => fd)),
    status: task.status ?? undefined,
  });
}
