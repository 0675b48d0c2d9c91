// Everything there is to see of a system at one moment, as plain text: tasks, queues, timers,
// descriptors, who waits for whom.

import type { TaskInfo } from "../../kernel";
import { treeOf } from "../tree";
import { waitReason } from "../views";
import type { Frame, Look, Variable } from "../world";
import { oneLine } from "../pictures/text";
import type { Paint } from "./paint";
import { milliseconds, table } from "../tables";

type TaskText = (pid: number) => string;

/** Of what is longer ps shows the beginning, so that the states stay in sight. */
const LONGEST_NAME = 32;

/** The tasks as a tree, each below its parent; `*` is the one that is selected. */
export function psTree(tasks: readonly TaskInfo[], selected: number): string[] {
  const rows = treeOf(tasks, ({ ppid }) => ppid).map(({ task, depth }) => {
    return psRow(task, depth, selected);
  });
  return table([["  PID", "TASK", "STATE", "STEPS", "IN"], ...rows]);
}

function psRow(task: TaskInfo, depth: number, selected: number): string[] {
  return [
    `${task.pid === selected ? "*" : " "} ${String(task.pid).padStart(3)}`,
    "  ".repeat(Math.min(depth, 20)) + oneLine(task.name || "-", LONGEST_NAME),
    task.state + (task.daemon ? " (daemon)" : ""),
    String(task.steps),
    oneLine(waitReason(task), 120),
  ];
}

export function readyLine({ ready }: Look, taskText: TaskText): string {
  if (ready.length === 0) return "no task is ready";
  return `ready: ${some(ready, taskText)}`;
}

export function timerLines({ timers }: Look, taskText: TaskText): string[] {
  if (timers.length === 0) return ["no timer is set"];
  return table([
    ["AT", "FOR", "WHAT"],
    ...timers.map(({ time, pid, what }) => [milliseconds(time), taskText(pid), what]),
  ]);
}

export function descriptorLines({ descriptors }: Look, taskText: TaskText): string[] {
  if (descriptors.length === 0) return ["no descriptor is open"];
  return table([
    ["FD", "DEVICE", "OWNER", "READERS", "WRITERS"],
    ...descriptors.map(({ fd, device, owner, readers, writers }) => [
      String(fd),
      device,
      owner === 0 ? "-" : taskText(owner),
      readers.join(" ") || "-",
      writers.join(" ") || "-",
    ]),
  ]);
}

export function queueLines({ queues }: Look, taskText: TaskText): string[] {
  const waited = queues.filter(({ waiters }) => waiters.length > 0);
  if (waited.length === 0) return ["nobody waits in a queue"];
  return table([
    ["QUEUE", "WAITERS, FIRST COME FIRST"],
    ...waited.map(({ name, waiters }) => [name, some(waiters, taskText)]),
  ]);
}

function some(pids: readonly number[], taskText: TaskText): string {
  const most = 12;
  const more = pids.length > most ? `, … ${pids.length - most} more` : "";
  return pids.slice(0, most).map(taskText).join(", ") + more;
}

/** What a task is doing, in a few words. */
export function doing(task: TaskInfo): string {
  const reason = oneLine(waitReason(task), 160);
  return reason === "" ? task.state : `${task.state}: ${reason}`;
}

/** `#0  worker (prog.ts:12)`; `>` is the selected one. Of a deep stack the middle is left out. */
export function frameLines(
  frames: readonly Frame[],
  selected: number,
  shown: (file: string) => string,
  paint: Paint,
): string[] {
  const lines = frames.map((frame, i) => {
    const place = paint("place", `${shown(frame.file)}:${frame.line}`);
    const mark = i === selected ? ">" : " ";
    return `${mark} #${i}  ${frame.name || "(anonymous)"} (${place})`;
  });
  const [top, bottom] = [24, 8];
  if (lines.length <= top + bottom) return lines;
  const omitted = `  … ${lines.length - top - bottom} more frames`;
  return [...lines.slice(0, top), omitted, ...lines.slice(-bottom)];
}

export function variableLine({ name, value }: Variable, depth: number, paint: Paint): string {
  return `${"  ".repeat(depth)}${name} = ${paint("value", oneLine(value, 160))}`;
}
