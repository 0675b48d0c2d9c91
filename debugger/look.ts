// What there is to see of a kernel at one moment, as plain data: for whoever looks at it from
// another process. Pure: looks at the kernel and changes nothing.

import {
  Alarm,
  infoOf,
  Selection,
  show,
  type ExitStatus,
  type Kernel,
  type Killed,
} from "../kernel";
import type { Task, TaskInfo, WaitQueue } from "../kernel";
import { circles } from "./circles";
import { waitGraph } from "./waits";
import type { Look, QueueInfo, WaitPicture } from "./world";

/**
 * How `kernel` stands now. `time` is that of its machine, `lints` is what development mode found.
 */
export function look(kernel: Kernel, time: number, lints: readonly string[]): Look {
  return {
    step: kernel.steps,
    time,
    tasks: infos(kernel),
    ready: [...kernel.ready].filter(isReady).map(({ pid }) => pid),
    timers: timers(kernel),
    descriptors: [...kernel.descriptors].map(({ fd, device, owner, readers, writers }) => ({
      fd,
      device: device.name,
      owner: owner.pid,
      readers: waitersOf(readers),
      writers: waitersOf(writers),
    })),
    queues: queues(kernel),
    lints,
  };
}

/** Who waits for whom in `kernel` now. Apart from `look`, which is asked for at every stop. */
export function lookAtWaits(kernel: Kernel, time: number): WaitPicture {
  return {
    step: kernel.steps,
    time,
    tasks: infos(kernel),
    waits: waitGraph(kernel),
    circles: circles(kernel).map((circle) => circle.map(({ pid }) => pid)),
  };
}

function infos({ tasks }: Kernel): TaskInfo[] {
  return [...tasks].map((task) => plainInfo(infoOf(task)));
}

/** Who was killed or stopped while ready is in the ring until its turn. */
function isReady({ alive, stopped }: Task): boolean {
  return alive && !stopped;
}

function timers({ timers }: Kernel): Look["timers"] {
  return [...timers].map(({ deadline: time, target }) => {
    if (!(target instanceof Alarm)) {
      const { pid, call } = target.task;
      return { time, pid, what: String(target === target.task ? call : target.call) };
    }
    const what = target.error === null ? "alarm" : show(target.error);
    return { time, pid: target.task.pid, what };
  });
}

function waitersOf(queue: WaitQueue): number[] {
  return [...queue].map(({ task }) => task.pid);
}

/** The queues on which somebody waits, in the order of who came first by pid. */
function queues(kernel: Kernel): QueueInfo[] {
  const found = new Set<WaitQueue>();
  for (const { queue, waiter } of kernel.tasks) {
    if (queue !== null) found.add(queue);
    for (const branch of branchesOf(waiter)) if (branch.queue !== null) found.add(branch.queue);
  }
  return [...found].map((queue) => ({ name: queue.label, waiters: waitersOf(queue) }));
}

function branchesOf(waiter: Task["waiter"]) {
  return waiter instanceof Selection ? waiter.branches : [];
}

/** A status may hold anything, also what cannot leave the process: that is shown instead. */
function plainInfo(info: TaskInfo): TaskInfo {
  return info.status === undefined ? info : { ...info, status: plainStatus(info.status) };
}

function plainStatus(status: ExitStatus): ExitStatus {
  const { pid, name } = status;
  switch (status.kind) {
    case "exited":
      return { pid, name, kind: "exited", value: plain(status.value) };
    case "crashed":
      return { pid, name, kind: "crashed", error: plain(status.error) };
    case "killed": {
      const { signal, by, sender, reason, from, message } = status.cause;
      // All that a Killed has but its class, which does not cross; so the cast.
      const cause = { name: "Killed", message, signal, by, sender, reason, from } as Killed;
      return { ...status, cause };
    }
  }
}

function plain(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") return show(value);
  return typeof value === "object" && value !== null ? show(value) : value;
}
