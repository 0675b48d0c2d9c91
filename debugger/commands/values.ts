// Commands about one frame: its values and its source.

import type { Variable } from "../world";
import { Complaint } from "./complaint";
import { count, type Command, type Section } from "./command";
import { display, undisplay } from "./displays";
import type { Shell } from "./shell";
import { fileAtHand, sourcePane, standing, type Place } from "./source";
import { placeOf } from "./stop-text";
import { variableLine } from "./views";

/** So many lines of a value, and so deep. */
const MOST_LINES = 100;
const DEPTH = 3;

/** A variable, and below it what is inside, if that cannot all be read on its own line. */
async function tree(shell: Shell, variable: Variable, depth: number): Promise<string[]> {
  const lines = [variableLine(variable, depth, shell.host.paint)];
  const { value, ref } = variable;
  // A summary of an object with a class is enough: what is inside is for print.
  if (ref === 0 || depth > DEPTH || !isPlain(value) || !value.includes("…")) return lines;
  return [...lines, ...(await inside(shell, ref, depth + 1))];
}

/** Does its summary tell what is inside, as far as it goes? */
function isPlain(value: string): boolean {
  return /^[[{]|^(?:Map|Set)\b/.test(value);
}

async function inside(shell: Shell, ref: number, depth: number): Promise<string[]> {
  const lines: string[] = [];
  for (const part of await shell.session.world.expand(ref)) {
    if (lines.length >= MOST_LINES) return [...lines, `${"  ".repeat(depth)}…`];
    lines.push(...(await tree(shell, part, depth)));
  }
  return lines;
}

async function variableNames(shell: Shell): Promise<readonly string[]> {
  const scopes = await shell.session.world.scopes(shell.pid, shell.frame).catch(() => []);
  return [
    ...scopes.flatMap(({ variables }) => variables.map(({ name }) => name)),
    ...["$pid", "$name", "$step", "$time", "$call", "$ready"],
  ];
}

const print: Command = {
  name: "print",
  short: ["p", "inspect"],
  usage: "EXPRESSION",
  does: "its value in the selected frame, and what is inside if one line does not tell",
  more: "Besides the frame's variables: $pid, $name, $step, $time, $call, $ready.",
  complete: variableNames,
  async run(shell, expression) {
    if (expression === "") throw new Complaint("print what? for example: print balance");
    const variable = await shell.evaluate(expression);
    const { value, ref } = variable;
    const told = ref === 0 || (isPlain(value) && !value.includes("…"));
    shell.print(shell.host.paint("value", value), ...(told ? [] : await inside(shell, ref, 1)));
  },
};

const assertThat: Command = {
  name: "assert",
  usage: "EXPRESSION",
  does: "complain if it is not true: for scripts, which end there",
  complete: variableNames,
  async run(shell, expression) {
    if (expression === "") throw new Complaint("assert what? for example: assert balance === 100");
    const { value } = await shell.evaluate(`!!(${expression})`);
    if (value !== "true") throw new Complaint(`it is not true that ${expression}`);
  },
};

export const locals: Command = {
  name: "locals",
  usage: "[FRAME]",
  does: "the variables of the selected frame, or of another",
  more: "Inner blocks come first. The module's own variables are left out; print shows them.",
  async run(shell, rest) {
    const frame = count(rest, shell.frame, "the number of a frame");
    const { pid } = await shell.task("");
    const scopes = await shell.session.world.scopes(pid, frame);
    const own = scopes.filter(({ kind }) => kind !== "module" && kind !== "global");
    const lines: string[] = [];
    for (const { kind, variables } of own) {
      if (variables.length === 0) continue;
      if (kind === "closure") lines.push(shell.host.paint("faint", "from around it:"));
      for (const variable of variables) lines.push(...(await tree(shell, variable, 1)));
    }
    shell.print(...(lines.length === 0 ? ["this frame has no variables"] : lines));
  },
};

async function select(shell: Shell, frame: number): Promise<void> {
  const { pid } = await shell.task("");
  const frames = await shell.frames(pid);
  const found = frames[frame];
  if (found === undefined) {
    const why =
      frame < 0 ? "this is the innermost frame" : `the outermost is #${frames.length - 1}`;
    throw new Complaint(`${why}; where lists them`);
  }
  shell.frame = frame;
  shell.listed = null;
  const { shown, source, paint } = shell.host;
  shell.print(`#${frame}  ${found.name || "(anonymous)"} (${shown(found.file)}:${found.line})`);
  const lines = source(found.file);
  if (lines !== undefined)
    shell.print(...sourcePane(lines, found.line, found.line, found.line, paint));
}

const frame: Command = {
  name: "frame",
  short: ["f"],
  usage: "[N]",
  does: "look at frame N of the task; 0 is the innermost",
  run: (shell, rest) => select(shell, count(rest, shell.frame, "the number of a frame")),
};

const up: Command = {
  name: "up",
  usage: "[N]",
  does: "look at the frame that called this one",
  again: "up *",
  run: (shell, rest) => select(shell, shell.frame + count(rest, 1)),
};

const down: Command = {
  name: "down",
  usage: "[N]",
  does: "look at the frame that this one called",
  again: "down *",
  run: (shell, rest) => select(shell, shell.frame - count(rest, 1)),
};

const list: Command = {
  name: "list",
  short: ["l"],
  usage: "[LINE | FIRST,LAST | FILE:LINE]",
  does: "the source around the selected frame, its yield marked; again for what follows",
  again: "list",
  async run(shell, rest) {
    const at = await standing(shell);
    const { file, first, last } =
      rest === ""
        ? following(shell, at ?? endOf(shell))
        : written(shell, rest, await fileAtHand(shell));
    const lines = shell.host.source(file);
    if (lines === undefined) throw new Complaint(`${shell.host.shown(file)} cannot be read`);
    if (first > lines.length)
      throw new Complaint(`${shell.host.shown(file)} has ${lines.length} lines`);
    const mark = at?.file === file ? at.line : 0;
    shell.print(...sourcePane(lines, first, last, mark, shell.host.paint));
    shell.listed = { file, next: last + 1 };
  },
};

/** Where the task that made the last step has ended in it. */
function endOf({ pid, session }: Shell): Place | null {
  const { last } = session.at;
  return last === null || last.pid !== pid ? null : placeOf(last);
}

/** Lines from `first` to `last`. */
interface Passage {
  readonly file: string;
  readonly first: number;
  readonly last: number;
}

function following({ listed, host }: Shell, at: Place | null): Passage {
  if (listed !== null) return passage(listed.file, listed.next);
  return at === null ? passage(host.program, 1) : around(at.file, at.line);
}

function written(shell: Shell, rest: string, here: string): Passage {
  const [, name, digits, last] = /^(?:(.*):)?(\d+)(?:\s*,\s*(\d+))?$/.exec(rest) ?? [];
  if (digits === undefined) {
    throw new Complaint(`${rest} is no line; write 12, or 10,20, or prog.ts:12`);
  }
  const file = name === undefined ? (shell.listed?.file ?? here) : shell.host.fileOf(name);
  if (file === undefined) throw new Complaint(`there is no file ${name}`);
  if (last === undefined) return around(file, Number(digits));
  return { file, first: Number(digits), last: Number(last) };
}

/** Eleven lines, this one in their middle. */
const around = (file: string, line: number): Passage => passage(file, Math.max(1, line - 5));

const passage = (file: string, first: number): Passage => ({ file, first, last: first + 10 });

export const values: Section = {
  title: "Values and source",
  commands: [print, display, undisplay, locals, frame, up, down, list, assertThat],
};
