// Commands that say where to stop.

import type { Point } from "../world";
import { Complaint, guess } from "./complaint";
import type { Command, Section } from "./command";
import { queueNames, taskWords } from "./complete";
import { breakpointText, lengthOf, parsePoint, POINT_WORDS, POINTS_HELP } from "./points";
import type { Shell } from "./shell";
import { fileAtHand } from "./source";
import { plural, table } from "../tables";

async function add(shell: Shell, text: string): Promise<number> {
  const { fileOf } = shell.host;
  const here = await fileAtHand(shell);
  const { point, condition } = parsePoint(text, { fileOf, here });
  return set(shell, point, condition, await unknown(shell, point));
}

/** What of `point` is called by a name that nothing has, or no task so far: it may be a slip. */
async function unknown(shell: Shell, point: Point): Promise<string> {
  const { calls } = shell.host;
  if (point.on === "call" && !calls.includes(point.call)) {
    const near = guess(point.call, calls) || "; for a function of yours name a line: break 12";
    return `no call of genix's has that name${near}`;
  }
  if (point.on !== "task") return "";
  const { task } = point;
  const known = await taskWords(shell);
  if (known.includes(String(task))) return "";
  return `there is no such task so far${typeof task === "string" ? guess(task, known) : ""}`;
}

/** `note` is on what it is set on. */
async function set(shell: Shell, point: Point, condition?: string, note = ""): Promise<number> {
  const { breakpoint, moved } = await shell.session.addBreakpoint(point, condition);
  const text = breakpointText(breakpoint, shell.host.shown);
  const far = point.on === "line" && moved;
  const why = far ? `no yield begins in line ${point.line}; moved` : note;
  shell.print(`breakpoint ${breakpoint.id}: ${text}${why === "" ? "" : ` (${why})`}`);
  return breakpoint.id;
}

async function pointsAfter(shell: Shell, words: readonly string[]): Promise<readonly string[]> {
  if (words.length <= 1) return [...POINT_WORDS, ...shell.host.calls];
  switch (words[0]) {
    case "task":
      return taskWords(shell);
    case "call":
      return shell.host.calls;
    case "on":
      return queueNames(shell);
    case "queue":
      return ["ready", ...(await queueNames(shell))];
    default:
      return [];
  }
}

const breakOn: Command = {
  name: "break",
  short: ["b", "br"],
  usage: "WHAT [if CONDITION]",
  does: "stop where this happens: help break lists what there is",
  more: POINTS_HELP,
  complete: pointsAfter,
  async run(shell, rest) {
    await add(shell, rest);
  },
};

const breakOnce: Command = {
  name: "tbreak",
  short: ["tb"],
  usage: "WHAT [if CONDITION]",
  does: "as break, but for one stop",
  complete: pointsAfter,
  async run(shell, rest) {
    shell.temporary.add(await add(shell, rest));
  },
};

const watch: Command = {
  name: "watch",
  usage: "EXPRESSION | queue NAME [if CONDITION]",
  does: "stop when the value of an expression, or the length of a queue, has changed",
  more: `\
The expression is one of the selected frame: watch balance, watch jobs.length, watch $ready.
A queue is known by its name, wherever the program keeps it: watch queue jobs. Back in time: who.`,
  async run(shell, rest) {
    const [, expression = "", condition] = /^(.*?)(?:\s+if\s+(.*))?$/s.exec(rest) ?? [];
    if (expression === "") throw new Complaint("watch what? for example: watch balance");
    const length = lengthOf(expression);
    if (length !== null) return void (await set(shell, length, condition));
    const { value } = await shell.evaluate(expression);
    await set(shell, await shell.changeOf(expression), condition, `now ${value}`);
  },
};

/** The breakpoints meant by numbers; by nothing all of them. */
function chosen(shell: Shell, rest: string): number[] {
  const there = shell.session.breakpoints.map(({ id }) => id);
  const words = rest.split(/[\s,]+/).filter((word) => !/^(?:breakpoints?)?$/.test(word));
  if (words.length === 0) return there;
  return words.flatMap((word) => {
    const [, first = word, last = first] = /^(\d+)-(\d+)$/.exec(word) ?? [];
    const meant = there.filter((id) => id >= Number(first) && id <= Number(last));
    if (meant.length > 0) return meant;
    throw new Complaint(`there is no breakpoint ${word}; info breakpoints lists them`);
  });
}

const ids = (shell: Shell): readonly string[] =>
  shell.session.breakpoints.map(({ id }) => String(id));

function forAll(
  name: string,
  short: string,
  does: string,
  act: (shell: Shell, id: number) => void,
): Command {
  return {
    name,
    short: [short],
    usage: "[N… | N-N]",
    does,
    complete: ids,
    run(shell, rest) {
      const all = chosen(shell, rest);
      for (const id of all) act(shell, id);
      if (rest === "") shell.print(`${name}d: ${plural(all.length, "breakpoint")}`);
    },
  };
}

const remove = forAll("delete", "d", "breakpoints, by their numbers; or all", (shell, id) => {
  shell.session.deleteBreakpoint(id);
});
const disable = forAll("disable", "dis", "let breakpoints rest; or all", (shell, id) => {
  shell.session.changeBreakpoint(id, { enabled: false });
});
const enable = forAll("enable", "en", "breakpoints that rest; or all", (shell, id) => {
  shell.session.changeBreakpoint(id, { enabled: true });
});

const ignore: Command = {
  name: "ignore",
  usage: "N COUNT",
  does: "let breakpoint N pass so many times",
  complete: ids,
  run(shell, rest) {
    const [, id, times] = /^(\d+)\s+(\d+)$/.exec(rest) ?? [];
    if (times === undefined)
      throw new Complaint("write a breakpoint's number and how often: ignore 1 3");
    if (!shell.session.changeBreakpoint(Number(id), { ignore: Number(times) })) {
      throw new Complaint(`there is no breakpoint ${id}; info breakpoints lists them`);
    }
    shell.print(`breakpoint ${id} will pass ${plural(Number(times), "time")}`);
  },
};

const condition: Command = {
  name: "condition",
  usage: "N [EXPRESSION]",
  does: "breakpoint N only where this is true as well; without it, always",
  complete: ids,
  run(shell, rest) {
    const [, id = "", expression = ""] = /^(\d+)\s*(.*)$/s.exec(rest) ?? [];
    if (id === "") throw new Complaint("write a breakpoint's number: condition 1 balance < 0");
    if (!shell.session.changeBreakpoint(Number(id), { condition: expression })) {
      throw new Complaint(`there is no breakpoint ${id}; info breakpoints lists them`);
    }
  },
};

/** What `info breakpoints` prints. */
export function breakpointLines(shell: Shell): string[] {
  const { breakpoints } = shell.session;
  if (breakpoints.length === 0) return ["there are no breakpoints"];
  const rows = breakpoints.map((one) => {
    const state = one.enabled ? (shell.temporary.has(one.id) ? "once" : "on") : "off";
    const pass = one.ignore > 0 ? ` (passes ${one.ignore} more)` : "";
    return [String(one.id), state, String(one.hits), breakpointText(one, shell.host.shown) + pass];
  });
  return table([["N", "IS", "HITS", "WHAT"], ...rows]);
}

export const breaks: Section = {
  title: "Where to stop",
  commands: [breakOn, breakOnce, watch, remove, disable, enable, ignore, condition],
};
