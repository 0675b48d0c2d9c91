// The debugger's shell: a session, what of it is selected, and commands by name. Knows neither
// terminal nor files; what it prints and reads goes through its host.

import type { TaskInfo } from "../../kernel";
import { INIT } from "../story";
import type { Frame, Look, Point, Session, Stop, Variable } from "../world";
import { parseLine, type Command, type Section } from "./command";
import { Complaint } from "./complaint";
import { displayLines } from "./displays";
import type { Paint } from "./paint";
import { paneView, type Pane, type PaneView } from "./panes";
import { sourcePane } from "./source";
import { plural } from "../tables";
import { unquoted } from "./points";
import { placeOf, stopLines } from "./stop-text";
import { COLUMNS, timelineLines } from "./timeline";

/** What the shell needs of the world outside. */
export interface ShellHost {
  /** Lines for whoever debugs. */
  readonly print: (lines: string) => void;
  /** Told before a command moves the program. */
  readonly moving?: () => void;
  /** Keeps these panes in sight, if there is a place for that; else they are printed. */
  readonly pin?: (panes: readonly PaneView[]) => void;
  readonly paint: Paint;
  /** How many columns the terminal has, if there is one. */
  readonly columns?: () => number;
  /** The lines of a source; undefined when it cannot be read. */
  readonly source: (file: string) => readonly string[] | undefined;
  /** A file as the user would write it, and the absolute path of what was written so. */
  readonly shown: (file: string) => string;
  readonly fileOf: (name: string) => string | undefined;
  readonly write: (file: string, text: string) => void;
  /** Keep the recording as this file. */
  readonly save: (file: string) => void | Promise<void>;
  /** The lines of a file of commands. */
  readonly script: (file: string) => readonly string[];
  /** The program's file. */
  readonly program: string;
  /** The names of the system calls there are. */
  readonly calls: readonly string[];
}

export class Shell {
  readonly session: Session;
  readonly host: ShellHost;
  readonly sections: readonly Section[];
  readonly commands: readonly Command[];
  /** The task and frame that are looked at; the task of the last step, until another is chosen. */
  pid = INIT;
  frame = 0;
  /** Breakpoints that are deleted when they have stopped a run. */
  readonly temporary = new Set<number>();
  panes: readonly Pane[] = [];
  /** Expressions that are shown at each stop, by their numbers. */
  readonly displays = new Map<number, string>();
  /** So many lines at most answer a command; 0 for all. */
  limit = 200;
  /** The next line that `list` would show, and of which file. */
  listed: { file: string; next: number } | null = null;
  /** So many files of commands do each other now. */
  nesting = 0;
  /** It has been told to end. */
  ended = false;
  #again = "";
  #pinned = false;
  readonly #names = new Map<number, string>();

  constructor(session: Session, host: ShellHost, sections: readonly Section[]) {
    this.session = session;
    this.host = host;
    this.sections = sections;
    this.commands = sections.flatMap((section) => section.commands);
  }

  /** Do what `line` says; an empty one repeats. Throws a Complaint when that cannot be done. */
  async execute(line: string): Promise<void> {
    const text = line.replace(/^\s*#.*/, "").trim() || (line.trim() === "" ? this.#again : "");
    if (text === "") return;
    this.#again = "";
    const { command, rest } = parseLine(text, this.commands);
    await command.run(this, rest);
    await this.#pin();
    if (command.again !== undefined) this.#again = command.again.replace("*", rest).trim();
  }

  /** Lines of one answer, no more than `limit`. Very many are given as one list. */
  print(...text: readonly (string | readonly string[])[]): void {
    const all = text.flat();
    if (all.length === 0) return;
    const lines = all.join("\n").split("\n");
    const most = this.limit === 0 ? Infinity : this.limit;
    const more = lines.length - most;
    const rest = more > 0 ? [`… ${plural(more, "more line")}; limit 0 shows all`] : [];
    this.host.print([...lines.slice(0, most), ...rest].join("\n"));
  }

  /** Run by way of `move`, and tell where that led, if anywhere. */
  async move<Led extends Stop | null>(move: () => Promise<Led>): Promise<Led> {
    this.host.moving?.();
    const stop = await move();
    if (stop !== null) await this.#arrived(stop);
    return stop;
  }

  async #arrived(stop: Stop): Promise<void> {
    this.pid = stop.last?.pid ?? INIT;
    if (stop.name !== undefined) this.#names.set(this.pid, stop.name);
    await this.select(this.pid);
    const look = await this.look();
    await this.tell(stop, look);
    this.#forgetTemporary(stop);
    if (stop.reason.kind === "end") this.print(this.#theEnd());
    this.print(...(await displayLines(this)));
    if (this.host.pin !== undefined) return;
    for (const pane of this.panes) this.print((await paneView(this, pane, look)).lines);
  }

  /** Look at this task, in the innermost frame that is the program's own. */
  async select(pid: number): Promise<void> {
    const frames = await this.frames(pid).catch(() => []);
    this.pid = pid;
    this.frame = Math.max(
      0,
      frames.findIndex(({ own }) => own),
    );
    this.listed = null;
  }

  /** The lines that are shown after a stop. */
  async tell(stop: Stop, look?: Look): Promise<void> {
    if (look === undefined) await this.look();
    const { paint, shown } = this.host;
    const { breakpoints } = this.session;
    const taskText = this.taskText;
    this.print(...stopLines(stop, { paint, shown, taskText, breakpoints }));
    const place = stop.last === null ? null : placeOf(stop.last);
    if (place !== null) this.print(...this.#sourceLine(place.file, place.line));
  }

  async look(): Promise<Look> {
    const look = await this.session.world.look();
    for (const { pid, name } of look.tasks) this.#names.set(pid, name);
    return look;
  }

  /** `task 3 "worker"`. */
  readonly taskText = (pid: number): string => {
    const name = this.#names.get(pid) ?? "";
    return name === "" ? `task ${pid}` : `task ${pid} "${name}"`;
  };

  /** As `task`, but of several the last, and if none is there the last that was. */
  async pidOf(text: string): Promise<number | undefined> {
    const { tasks } = await this.look();
    const word = wordOf(text);
    if (word === "") return this.pid;
    if (/^\d+$/.test(word)) return Number(word);
    const living = tasks.filter(({ name, status }) => name === word && status === undefined);
    return living.at(-1)?.pid ?? [...this.#names].reverse().find(([, name]) => name === word)?.[0];
  }

  /** The task that is meant by a pid or a name; the selected one by nothing. */
  async task(text: string): Promise<TaskInfo> {
    const { tasks } = await this.look();
    const word = wordOf(text);
    const named = tasks.filter(({ name }) => name === word);
    const pid = word === "" ? this.pid : Number(word);
    const task =
      tasks.find((one) => one.pid === pid) ?? (named.length === 1 ? named[0] : undefined);
    if (task !== undefined) return task;
    if (named.length > 1) {
      const pids = named.map((one) => one.pid).join(", ");
      throw new Complaint(`several tasks are called ${word}: ${pids}; name one by its pid`);
    }
    if (word === "")
      throw new Complaint(
        `${this.taskText(this.pid)} has ended; back goes to where it had not, task selects another`,
      );
    throw new Complaint(`there is no task ${word}; ps lists them`);
  }

  /** The stack of the selected task. */
  async frames(pid = this.pid): Promise<readonly Frame[]> {
    return this.session.world.frames(pid);
  }

  /** The value of an expression in the selected frame. */
  async evaluate(expression: string): Promise<Variable> {
    return this.session.world.evaluate(expression, this.pid, this.frame);
  }

  /** An expression of the selected frame, as a point: counted from the outermost frame. */
  async changeOf(expression: string): Promise<Point> {
    const { pid, frame } = this;
    // One that has ended has none: then it is about the module where it did.
    const depth = (await this.frames().catch(() => [])).length;
    return { on: "change", expression, pid, frame: frame - depth };
  }

  /** The last steps, a column each. */
  async timeline(most = COLUMNS): Promise<string[]> {
    return timelineLines(await this.session.world.recent(most), this.host.paint);
  }

  #sourceLine(file: string, line: number): string[] {
    const lines = this.host.source(file);
    if (lines === undefined) return [];
    return sourcePane(lines, line, line, line, this.host.paint);
  }

  /** After each command: it may have moved, selected another frame, or changed the layout. */
  async #pin(): Promise<void> {
    const { pin } = this.host;
    if (pin === undefined || (this.panes.length === 0 && !this.#pinned)) return;
    this.#pinned = this.panes.length > 0;
    // Of a world that is gone there is nothing to show; the command has said so.
    const look = this.#pinned ? await this.look().catch(() => null) : null;
    const views = look === null ? [] : this.panes.map((pane) => paneView(this, pane, look));
    pin(await Promise.all(views));
  }

  #theEnd(): string {
    return this.session.live
      ? "the program has ended; back, goto and reverse-continue look at its past, restart runs it anew"
      : "there is no more; back, goto and reverse-continue go back, restart begins again";
  }

  #forgetTemporary({ reason }: Stop): void {
    const id = "id" in reason ? reason.id : 0;
    if (this.temporary.delete(id)) this.session.deleteBreakpoint(id);
  }
}

/** The pid or the name in `3`, `worker`, `"worker"` and `task worker`. */
function wordOf(text: string): string {
  return unquoted(text.replace(/^task\s+/, ""));
}
