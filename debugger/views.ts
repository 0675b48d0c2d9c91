// What an operator is shown of a kernel's state, as plain text: ps, and what a task waits for.
// Pure: no colour, no output, nothing but the kernel's own state.

import { show, type ExitStatus, type TaskInfo } from "../kernel";
import { table } from "./tables";

/**
 * The process table, one line a task: pid, parent, state, steps, CPU time, name, and what it waits
 * for.
 */
export function psTable(tasks: readonly TaskInfo[]): string {
  const rows = tasks.map((task) => [
    String(task.pid),
    String(task.ppid),
    task.state + (task.daemon ? " (daemon)" : ""),
    String(task.steps),
    task.cpuTime.toFixed(1),
    task.name || "-",
    waitReason(task),
  ]);
  const lines = table([["PID", "PPID", "STATE", "STEPS", "CPU ms", "NAME", "IN"], ...rows]);
  return `${lines.join("\n")}\n`;
}

/** What a task is doing, in words: `read(4): fd 4 (pipe) to be readable`. */
export function waitReason(task: TaskInfo): string {
  if (task.status !== undefined) return describeEnding(task.status);
  if (task.call === undefined) return "";
  const until = task.deadline === undefined ? "" : ` at ${task.deadline.toFixed(0)} ms`;
  return `${task.call}: ${task.waitsFor ?? ""}${until}`;
}

/** How a task has ended, in words: `exited: 5`, `killed with TERM by 2`. */
export function describeEnding(status: ExitStatus): string {
  switch (status.kind) {
    case "exited":
      return status.value === undefined ? "exited" : `exited: ${show(status.value)}`;
    case "crashed":
      return `crashed: ${show(status.error)}`;
    case "killed":
      return `killed with ${status.signal} by ${status.by || "the system"}`;
  }
}
