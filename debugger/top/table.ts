// The table of `genix top` as text: a heading with totals, the tasks, the queues. Pure: a report
// goes in, lines come out; what a line looks like on a screen is the screen's business.

import { cut, harmless } from "../pictures/text";
import { table } from "../tables";
import type { QueueRow } from "./queues";
import { isUpwards, type Column, type Report, type TaskRow } from "./report";

export interface Line {
  readonly text: string;
  readonly style: "plain" | "title" | "header" | "alarm";
}

interface Spec {
  readonly title: string;
  readonly left?: true;
  /** At least so wide, so that the table does not jump as numbers grow. */
  readonly width?: number;
  readonly cell: (row: TaskRow) => string;
}

const specs: Readonly<Record<Column, Spec>> = {
  pid: { title: "PID", width: 5, cell: ({ pid }) => String(pid) },
  name: { title: "NAME", width: 16, left: true, cell: nameOf },
  state: { title: "STATE", width: 7, left: true, cell: ({ state }) => state },
  steps: { title: "STEPS", width: 9, cell: ({ steps }) => count(steps) },
  cpu: { title: "CPU ms", width: 9, cell: ({ cpu }) => cpu.toFixed(1) },
  percent: { title: "CPU %", width: 6, cell: ({ percent }) => percent.toFixed(1) },
  longest: { title: "LONGEST ms", cell: ({ longest }) => longest.toFixed(1) },
  fds: { title: "FDS", cell: ({ fds }) => String(fds) },
  waits: { title: "IN", left: true, cell: ({ waits }) => waits },
};

/** So many columns a name may take. */
const LONGEST_NAME = 32;

function nameOf({ name, depth, daemon }: TaskRow): string {
  // Deep trees would leave no room for names.
  const indent = depth > 12 ? `${" ".repeat(20)}${depth}: ` : "  ".repeat(depth);
  return `${indent}${cut(plain(name) || "-", LONGEST_NAME)}${daemon ? " (daemon)" : ""}`;
}

/** What is said of the whole: three lines. `who` is the process, `note` what goes on. */
export function heading(report: Report, who: string, note: string): Line[] {
  const { states, uptime, steps, stepsPerSecond, ready, timers, descriptors } = report;
  const total = Object.values(states).reduce((sum, number) => sum + number, 0);
  const heap = `${mebibytes(report.heapUsed)} of ${mebibytes(report.heapTotal)} MiB`;
  return [
    title(`${plain(report.program)} (${who}), up ${(uptime / 1000).toFixed(1)} s   ${note}`),
    line(
      `Tasks ${count(total)}: ${count(states.running + states.ready)} ready, ` +
        `${count(states.blocked)} blocked, ${count(states.stopped)} stopped, ` +
        `${count(states.zombie)} zombie   Ready queue ${count(ready)}   ` +
        `Timers ${count(timers)}   Descriptors ${count(descriptors)}`,
    ),
    line(
      `Steps ${count(steps)}, ${count(Math.round(stepsPerSecond))}/s   ` +
        `CPU ${report.percent.toFixed(1)} %   Heap ${heap}`,
    ),
  ];
}

/** The tasks of `report`, `most` of them, below a line of titles that marks the sorted column. */
export function taskTable(report: Report, sort: Column, reverse: boolean, most = Infinity): Line[] {
  const rows = report.rows.slice(0, Math.max(0, most));
  const names = Object.keys(specs) as Column[];
  const titles = names.map((name) => specs[name].title + marker(name, sort, reverse));
  const cells = rows.map((row) => names.map((name) => plain(specs[name].cell(row))));
  const right = names.map((name) => specs[name].left !== true);
  const widths = names.map((name) => specs[name].width ?? 0);
  const [header = "", ...lines] = table([titles, ...cells], right, widths);
  const more = report.matching - report.offset - rows.length;
  const rest = more > 0 || report.offset > 0 ? [line(restOf(report.offset, more))] : [];
  return [{ text: header, style: "header" }, ...lines.map(line), ...rest];
}

function marker(name: Column, sort: Column, reverse: boolean): string {
  if (name !== sort) return "";
  return isUpwards(sort, reverse) ? "^" : "v";
}

function restOf(above: number, below: number): string {
  const parts = [
    above > 0 ? `${count(above)} above` : "",
    below > 0 ? `${count(below)} below` : "",
  ];
  return `… ${parts.filter((part) => part !== "").join(", ")}`;
}

/** The queues that hold most, below a line of titles; nothing if none holds anything. */
export function queueTable({ queues, waiting }: Report): Line[] {
  if (queues.length === 0) return [];
  const titles = ["QUEUE", "HOLDS", "", "CAPACITY", "RECEIVERS", "SENDERS", "OWNER"];
  const right = [false, true, false, true, true, true, true];
  const [header = "", ...lines] = table([titles, ...queues.map(queueCells)], right);
  const rest = waiting > queues.length ? [line(`… ${count(waiting - queues.length)} more`)] : [];
  return [{ text: header, style: "header" }, ...lines.map(line), ...rest];
}

function queueCells(queue: QueueRow): string[] {
  const { name, length, unit, capacity, receivers, senders, owner } = queue;
  return [
    cut(plain(name), 40),
    count(length),
    unit,
    capacity === null ? "-" : count(capacity),
    count(receivers),
    count(senders),
    owner === 0 ? "-" : String(owner),
  ];
}

/** All of it, for an output that nobody looks at live. */
export function plainTable(report: Report, sort: Column, reverse: boolean, who: string): string {
  const queues = queueTable(report);
  const lines = [
    ...heading(report, who, ""),
    line(""),
    ...taskTable(report, sort, reverse),
    ...(queues.length === 0 ? [] : [line(""), ...queues]),
  ];
  return lines.map(({ text }) => `${text.trimEnd()}\n`).join("");
}

export function line(text: string): Line {
  return { text, style: "plain" };
}

export function title(text: string): Line {
  return { text, style: "title" };
}

/** 1234567 as `1,234,567`. */
function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

/** Without what a terminal would obey: a task may be called anything. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- those are what is taken out
  return harmless(text.replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, ""));
}
