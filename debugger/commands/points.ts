// Breakpoints as a person writes them, and as they are listed: `queue ready > 3 if $pid == 2`.
// Pure: files are found by whoever calls.

import type { Breakpoint, Point } from "../world";
import { Complaint, guess } from "./complaint";
import { timeOf } from "./command";

/** What has to be known to understand a breakpoint. */
export interface Surroundings {
  /** The absolute path of a file that was written with a name; undefined if there is none. */
  readonly fileOf: (name: string) => string | undefined;
  /** The file that a line without one is in: that of the selected frame, or the program's. */
  readonly here: string;
}

export interface Wanted {
  readonly point: Point;
  readonly condition?: string;
}

const EVENTS = ["spawn", "signal", "exit", "crash", "deadlock", "lint"] as const;
/** The words that a breakpoint may begin with. */
export const POINT_WORDS = [...EVENTS, "task", "call", "on", "line", "time", "queue"] as const;

export const POINTS_HELP = `\
  break task 3            a step of task 3; or of each task with a name: break task worker
  break call sleep        a system call; for short: break sleep
  break on jobs           a call that works on this lock or channel; also: fd 4, task 3
  break prog.ts:12        a task stands at the yield in this line; in the file at hand: break 12
  break time 500          the clock has come to 500 ms
  break queue ready > 3   so many are ready; or in a channel or a lock's queue: break queue jobs > 9
  break exit              a task has ended; also: crash, deadlock, spawn, signal, lint
All may end with: if CONDITION, seen from the task that made the step.`;

/** `task 3 if x > 1`, and all the other forms in POINTS_HELP. */
export function parsePoint(text: string, around: Surroundings): Wanted {
  const [, what = "", condition] = /^(.*?)(?:(?:^|\s+)if\b\s*(.*))?$/s.exec(text) ?? [];
  if (condition === "") throw new Complaint("after if a condition has to follow");
  const point = pointOf(what.trim(), around);
  return condition === undefined ? { point } : { point, condition };
}

function pointOf(what: string, around: Surroundings): Point {
  const [, word = "", rest = ""] = /^(\S*)\s*(.*)$/s.exec(what) ?? [];
  if (word === "") throw new Complaint("break on what? help break lists what there is");
  const event = EVENTS.find((name) => name === word);
  if (event !== undefined && rest === "") return { on: event };
  switch (word) {
    case "task":
      return { on: "task", task: /^\d+$/.test(rest) ? Number(rest) : unquoted(some(rest, "task")) };
    case "call":
      return { on: "call", call: some(rest, "call") };
    case "on":
      return { on: "object", object: unquoted(some(rest, "on")) };
    case "line":
      return lineOf(some(rest, "line"), around);
    case "time":
      return { on: "time", time: timeOf(rest, "break time 500") };
    case "queue":
      return queueOf(rest);
    default:
      return wordOf(what, around);
  }
}

/** `12`, `prog.ts:12`, or the name of a call. */
function wordOf(what: string, around: Surroundings): Point {
  if (/^(.*:)?\d+$/.test(what)) return lineOf(what, around);
  if (/^[A-Za-z_$][\w$]*$/.test(what)) return { on: "call", call: what };
  const [word = ""] = what.split(/\s/);
  const hint = guess(word, POINT_WORDS) || "; help break lists what there is";
  throw new Complaint(`${what} is nothing to break on${hint}`);
}

function lineOf(text: string, { fileOf, here }: Surroundings): Point {
  const [, name, digits = ""] = /^(?:(.*):)?(\d+)$/.exec(text) ?? [];
  if (digits === "") throw new Complaint(`${text} is no line; write 12, or prog.ts:12`);
  const file = name === undefined || name === "" ? here : fileOf(name);
  if (file === undefined) throw new Complaint(`there is no file ${name}`);
  if (file === "") throw new Complaint(`which file? write prog.ts:${digits}`);
  return { on: "line", file, line: Number(digits) };
}

function queueOf(text: string): Point {
  const [, queue = "", than, digits = ""] = /^(.+?)\s*(>=?|\s)\s*(\d+)$/s.exec(text) ?? [];
  if (digits === "") {
    throw new Complaint("write the queue's name and a length: break queue ready > 3");
  }
  return { on: "queue", queue: unquoted(queue), length: Number(digits) + (than === ">" ? 1 : 0) };
}

/** `queue jobs`, where an expression could stand as well, which never looks so. */
export function lengthOf(text: string): Point | null {
  const [, queue] = /^queue\s+([\p{ID_Start}\d_$"'].*)$/su.exec(text) ?? [];
  return queue === undefined ? null : { on: "length", queue: unquoted(queue) };
}

/** Names are written bare or, as they are shown, in quotes. */
export function unquoted(name: string): string {
  return /^"(.*)"$/s.exec(name)?.[1] ?? name;
}

function some(text: string, word: string): string {
  if (text !== "") return text;
  throw new Complaint(`break ${word} what? help break has examples`);
}

/** As it could be typed. */
export function pointText(point: Point, shown: (file: string) => string): string {
  switch (point.on) {
    case "task":
      return `task ${point.task}`;
    case "call":
      return `call ${point.call}`;
    case "object":
      return `on ${point.object}`;
    case "line":
      return `${shown(point.file)}:${point.line}`;
    case "time":
      return `time ${point.time}`;
    case "queue":
      return `queue ${point.queue} >= ${point.length}`;
    case "length":
      return `watch queue ${point.queue}`;
    case "change":
      return `watch ${point.expression}`;
    default:
      return point.on;
  }
}

export function breakpointText(breakpoint: Breakpoint, shown: (file: string) => string): string {
  const { point, condition } = breakpoint;
  return pointText(point, shown) + (condition === undefined ? "" : ` if ${condition}`);
}
