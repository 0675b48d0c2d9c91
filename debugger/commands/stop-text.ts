// What is said after each stop: one line that tells step, time, task, call, place and reason.

import { INIT, type StepEvent } from "../story";
import type { Breakpoint, Stop } from "../world";
import { oneLine } from "../pictures/text";
import type { Paint } from "./paint";
import { breakpointText } from "./points";
import { milliseconds } from "../tables";

/** What the lines are made with. */
export interface Phrasing {
  readonly paint: Paint;
  /** A file as the user would write it. */
  readonly shown: (file: string) => string;
  /** `task 3 "worker"`. */
  readonly taskText: (pid: number) => string;
  readonly breakpoints: readonly Breakpoint[];
}

/** The status line; more lines where there are two sides to show. */
export function stopLines(stop: Stop, phrasing: Phrasing): string[] {
  const { paint } = phrasing;
  const head = `${paint("heading", `step ${stop.step}`)} (${milliseconds(stop.time)})`;
  const [reason = "", ...more] = reasonLines(stop, phrasing);
  // At the end of all it is init that sees the others off.
  if (stop.reason.kind === "end" && stop.last?.pid === INIT) return [`${head} ${reason}`, ...more];
  const what = stop.last === null ? "nothing has run yet" : stepText(stop.last, phrasing);
  return [`${head} ${what}${reason === "" ? "" : ` [${reason}]`}`, ...more];
}

/** `task 3 "slow" = 5, sleep(20): blocked, until 30 ms, at prog.ts:4`. */
function stepText(last: StepEvent, { paint, shown, taskText }: Phrasing): string {
  const parts: string[] = [];
  const reply = oneLine(last.reply, 60);
  if (reply !== "" && reply !== "= undefined") parts.push(paint("value", reply));
  if (last.call !== "") parts.push(paint("call", oneLine(last.call, 80)));
  if (last.outcome !== "ready") {
    const detail = last.detail === "" ? "" : `: ${oneLine(last.detail, 100)}`;
    const role = last.outcome === "crashed" || last.outcome === "killed" ? "bad" : "faint";
    parts.push(
      paint(role, detail.startsWith(`: ${last.outcome}`) ? detail.slice(2) : last.outcome + detail),
    );
  }
  const at = placeOf(last);
  const word = last.place === "" && last.outcome !== "crashed" ? "from" : "at";
  const where = at === null ? "" : `, ${word} ${paint("place", `${shown(at.file)}:${at.line}`)}`;
  return `${paint("task", taskText(last.pid))} ${parts.join(", ")}${where}`;
}

function reasonLines({ reason }: Stop, { paint, shown, breakpoints }: Phrasing): string[] {
  switch (reason.kind) {
    case "goal":
      return [];
    case "interrupted":
      return ["interrupted"];
    case "breakpoint": {
      const [first = "", ...more] = reason.text.split("\n");
      const what = named(reason.id, breakpoints, shown);
      if (what === "") return [first, ...more];
      return [`breakpoint ${reason.id}: ${what}`, ...(more.length > 0 ? [first, ...more] : [])];
    }
    case "change": {
      const what = named(reason.id, breakpoints, shown);
      const name = what === "" ? "" : `breakpoint ${reason.id}: ${what}, `;
      const part = reason.part === undefined ? "" : `${oneLine(reason.part, 80)}: `;
      return [`${name}${part}${oneLine(reason.before, 80)} -> ${oneLine(reason.after, 80)}`];
    }
    case "end": {
      const [first = "", ...more] = reason.text.split("\n");
      return [first, ...more];
    }
    case "diverged":
      return [
        paint("bad", "the replay took another way than its recording"),
        `  recorded: ${reason.recorded}`,
        `  replayed: ${reason.replayed}`,
      ];
    case "error":
      return [paint("bad", oneLine(reason.text, 160))];
  }
}

function named(id: number, all: readonly Breakpoint[], shown: (file: string) => string): string {
  const breakpoint = all.find((one) => one.id === id);
  return breakpoint === undefined ? "" : breakpointText(breakpoint, shown);
}

/** Where the task of a step stood after it; or if it has ended, before. */
export function placeOf({ place, from = "" }: StepEvent): { file: string; line: number } | null {
  const [, file, line] = /^(.+):(\d+)$/.exec(place || from) ?? [];
  return file === undefined ? null : { file, line: Number(line) };
}
