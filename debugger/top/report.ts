// What passes between a program that is observed and who looks at it: a question, and the answer to
// it, each one line of JSON. Pure: both sides read it from here, neither is known here.

import type { TaskInfo } from "../../kernel";
import type { QueueRow } from "./queues";

/** Goes up when a question or an answer no longer means what it meant. */
export const PROTOCOL = 1;

/** The columns that rows can be sorted by. */
export const columns = [
  "pid",
  "name",
  "state",
  "steps",
  "cpu",
  "percent",
  "longest",
  "fds",
  "waits",
] as const;
export type Column = (typeof columns)[number];

/** Is the lowest first? Numbers that measure something are sorted downwards, unless `reverse`. */
export function isUpwards(column: Column, reverse: boolean): boolean {
  return ["pid", "name", "state", "waits"].includes(column) !== reverse;
}

/** Which rows, in which order. */
export interface Query {
  readonly sort: Column;
  /** The other way round than the column is sorted by itself: names up, numbers down. */
  readonly reverse: boolean;
  /** Children below their parents; `sort` says in which order siblings are. */
  readonly tree: boolean;
  /** Words that are all found in a task's name, its state or the call it waits in. */
  readonly filter: string;
  /** The first row, and how many. */
  readonly offset: number;
  readonly limit: number;
  /** How many rows of queues. */
  readonly queues: number;
}

export interface TaskRow {
  readonly pid: number;
  readonly ppid: number;
  readonly name: string;
  readonly state: TaskInfo["state"];
  readonly daemon: boolean;
  readonly steps: number;
  /** CPU time in milliseconds, and in percent of the time since the last look. */
  readonly cpu: number;
  readonly percent: number;
  /** Its longest step, in milliseconds. */
  readonly longest: number;
  /** How many descriptors it owns. */
  readonly fds: number;
  /** The call it waits in, and for what. */
  readonly waits: string;
  /** How many ancestors it has, if they are shown as a tree. */
  readonly depth: number;
}

export interface Report {
  readonly genix: typeof PROTOCOL;
  readonly program: string;
  /** In milliseconds. */
  readonly uptime: number;
  readonly states: Readonly<Record<TaskInfo["state"], number>>;
  readonly steps: number;
  readonly stepsPerSecond: number;
  /** Lengths of the ready queue, the timer queue and the table of descriptors. */
  readonly ready: number;
  readonly timers: number;
  readonly descriptors: number;
  /** CPU time of the process, in percent of the time since the last look. */
  readonly percent: number;
  /** In bytes. */
  readonly heapUsed: number;
  readonly heapTotal: number;
  /** How many tasks match the filter, and the number of the first that is here. */
  readonly matching: number;
  readonly offset: number;
  readonly rows: readonly TaskRow[];
  readonly queues: readonly QueueRow[];
  /** How many queues hold something. */
  readonly waiting: number;
}

/** What is left out of a question. */
export const defaults: Query = {
  sort: "percent",
  reverse: false,
  tree: false,
  filter: "",
  offset: 0,
  limit: 50,
  queues: 5,
};

/** No screen has more rows. */
const MOST = 1000;

/** The question in `line`, or what is wrong with it. Never throws: anybody may write anything. */
export function parseQuery(line: string): Query | string {
  let asked: unknown;
  try {
    asked = JSON.parse(line);
  } catch {
    return "a question is one line of JSON";
  }
  if (typeof asked !== "object" || asked === null) return "a question is an object";
  const query: Query = { ...defaults, ...asked };
  if (!columns.includes(query.sort)) return `sort is one of ${columns.join(", ")}`;
  if (typeof query.filter !== "string") return "filter is a string";
  for (const name of ["offset", "limit", "queues"] as const) {
    if (!Number.isInteger(query[name]) || query[name] < 0) return `${name} is a whole number`;
  }
  return {
    ...query,
    reverse: query.reverse === true,
    tree: query.tree === true,
    limit: Math.min(query.limit, MOST),
    queues: Math.min(query.queues, MOST),
  };
}

/** The report in `line`, or what is wrong with it. Never throws. */
export function parseReport(line: string): Report | string {
  let told: unknown;
  try {
    told = JSON.parse(line);
  } catch {
    return "what answers there is no genix program";
  }
  const { genix, error } = (told ?? {}) as { genix?: unknown; error?: unknown };
  if (typeof error === "string") return error;
  if (genix === PROTOCOL) return told as Report;
  return `it speaks version ${String(genix)} of the protocol, this speaks ${PROTOCOL}`;
}
