// What `ps` shows: the state of every task at one moment, copied so that it stays true of that
// moment.

import type { Kernel } from "./kernel";
import { Lock } from "./lock";
import { Permits } from "./permits";
import { Selection } from "./select";
import type { ExitStatus } from "./status";
import type { Task } from "./task";
import type { WaitQueue } from "./wait-queue";

export interface TaskInfo {
  readonly pid: number;
  /** The parent's pid; 0 for init. */
  readonly ppid: number;
  readonly name: string;
  readonly state: "ready" | "running" | "blocked" | "stopped" | "zombie";
  readonly daemon: boolean;
  /** The process group: the pid of the task that began it. */
  readonly group: number;
  /** While blocked, the call it waits in: `read(4)`. */
  readonly call: string | undefined;
  /** While blocked, what it waits for: `fd 4 to be readable`. */
  readonly waitsFor: string | undefined;
  /** While asleep, the time at which it wakes, in milliseconds. */
  readonly deadline: number | undefined;
  /** The earliest time limit on what it does, in milliseconds: see `timeout`. */
  readonly expires: number | undefined;
  /** Frames on its call stack. */
  readonly depth: number;
  /** How often it was resumed. */
  readonly steps: number;
  /** CPU time in milliseconds; 0 where the machine keeps no account. */
  readonly cpuTime: number;
  readonly descriptors: readonly number[];
  /** The locks it holds, and what it has borrowed permits of. */
  readonly locks: readonly string[];
  /** Of a zombie: how it ended. */
  readonly status: ExitStatus | undefined;
}

/** Every task, in the order of pids. */
export function snapshot(kernel: Kernel): readonly TaskInfo[] {
  return Object.freeze([...kernel.tasks].map(infoOf));
}

/** The state of a task in one word. */
export function stateOf(task: Task): TaskInfo["state"] {
  if (task.stopped && task.alive) return "stopped";
  if (task.state === "yielded" || task.state === "granted") return "ready";
  return task.state === "dead" ? "zombie" : task.state;
}

/** What a blocked task waits for; a select waits for any of its cases. */
export function waitsFor({ queue, waiter }: Task): string {
  if (!(waiter instanceof Selection)) return describeQueue(queue);
  return waiter.branches
    .map((branch) => `${branch.which}: ${describeQueue(branch.queue)}`)
    .join(" or ");
}

/** Of a lock or permits so many holders are named: thousands may wait for what thousands hold. */
const MOST_HOLDERS = 12;

function describeQueue(queue: WaitQueue | null): string {
  if (!(queue instanceof Lock || queue instanceof Permits)) return queue?.label ?? "";
  const named: string[] = [];
  for (const holder of queue.holders.keys()) {
    if (named.push(String(holder)) === MOST_HOLDERS) break;
  }
  if (named.length === 0) return queue.label;
  const more = queue.holders.size - named.length;
  return `${queue.label}, held by ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function expiryOf({ signals }: Task): number | undefined {
  const deadlines = [...(signals?.alarms ?? [])].map(({ timer }) => timer?.deadline ?? Infinity);
  const earliest = Math.min(...deadlines);
  return earliest === Infinity ? undefined : earliest;
}

/** One task, as it is now. */
export function infoOf(task: Task): TaskInfo {
  const blocked = task.state === "blocked";
  return Object.freeze({
    pid: task.pid,
    ppid: task.parent?.pid ?? 0,
    name: task.name,
    state: stateOf(task),
    daemon: task.daemon,
    group: task.group,
    call: blocked ? task.call?.toString() : undefined,
    waitsFor: blocked ? waitsFor(task) : undefined,
    deadline: task.timer?.deadline,
    expires: expiryOf(task),
    depth: task.frame === null ? 0 : 1 + (task.callers?.length ?? 0),
    steps: task.steps,
    cpuTime: task.cpuTime,
    descriptors: Object.freeze([...(task.descriptors ?? [])].map(({ fd }) => fd)),
    locks: Object.freeze([...(task.locks ?? [])].map(({ name }) => name)),
    status: task.status ?? undefined,
  });
}
