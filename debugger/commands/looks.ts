// Commands that show the whole system: tasks, queues, timers, descriptors, who waits for whom.

import { waitsSvg } from "../pictures/waits-svg";
import { waitsText } from "../pictures/waits-text";
import { breakpointLines } from "./breaks";
import { Complaint, guess } from "./complaint";
import { count, type Command, type Section } from "./command";
import { taskWords } from "./complete";
import { locals } from "./values";
import { endedTask, endingLines } from "./ending";
import type { Shell } from "./shell";
import type { Look } from "../world";
import { milliseconds, plural } from "../tables";
import {
  descriptorLines,
  doing,
  frameLines,
  psTree,
  queueLines,
  readyLine,
  timerLines,
} from "./views";

const ps: Command = {
  name: "ps",
  usage: "",
  does: "every task below its parent: state, steps made, what it waits for",
  async run(shell) {
    const { tasks } = await shell.look();
    shell.print(psTree(tasks, shell.pid));
  },
};

const where: Command = {
  name: "where",
  short: ["bt", "backtrace", "w"],
  usage: "[TASK|all]",
  does: "the stack of a task, the innermost frame first: function, file, line",
  more: "Of a task that has ended: how and from where; if it has crashed, the stack of its error.",
  complete: async (shell) => ["all", ...(await taskWords(shell))],
  async run(shell, rest) {
    const { shown, paint } = shell.host;
    const ended = rest === "all" ? null : await endedTask(shell, rest);
    if (ended !== null) {
      return shell.print(...endingLines(shell.taskText(ended.pid), ended.ending, shown, paint));
    }
    const all = rest === "all" ? (await shell.look()).tasks : [await shell.task(rest)];
    const tasks = all.slice(0, shell.limit || all.length);
    // All are asked for at once: of 10,000 the way to and fro takes longer than the answers.
    const stacks = await Promise.all(
      tasks.map(async ({ pid, state }) => (state === "zombie" ? [] : shell.frames(pid))),
    );
    for (const [i, task] of tasks.entries()) {
      const selected = task.pid === shell.pid ? shell.frame : -1;
      shell.print(
        `${paint("task", shell.taskText(task.pid))} ${doing(task)}`,
        ...frameLines(stacks[i] ?? [], selected, shown, paint),
      );
    }
    const more = all.length - tasks.length;
    if (more > 0) shell.print(`… ${plural(more, "more task")}; limit 0 shows all`);
  },
};

const task: Command = {
  name: "task",
  short: ["t", "thread"],
  usage: "[PID|NAME]",
  does: "look at this task: where, locals and print are about it; or say which it is",
  complete: taskWords,
  async run(shell, rest) {
    const found = await shell.task(rest);
    if (rest !== "") await shell.select(found.pid);
    shell.print(`${shell.taskText(found.pid)} ${doing(found)}`);
  },
};

/** A command that prints what `lines` makes of the system as it stands. */
function listing(
  command: Pick<Command, "name" | "short" | "does">,
  lines: (look: Look, taskText: Shell["taskText"]) => string | readonly string[],
): Command {
  const run = async (shell: Shell): Promise<void> =>
    shell.print(lines(await shell.look(), shell.taskText));
  return { ...command, usage: "", run };
}

const ready = listing(
  { name: "ready", does: "the ready queue, in the order in which they will run" },
  readyLine,
);

const timers = listing({ name: "timers", does: "what will happen when" }, timerLines);

const descriptors = listing(
  {
    name: "descriptors",
    short: ["fds"],
    does: "open descriptors: devices, owners, who waits to read or write",
  },
  descriptorLines,
);

const queues = listing(
  { name: "queues", short: ["waiters"], does: "who waits in which queue" },
  queueLines,
);

const waits: Command = {
  name: "waits",
  usage: "[FILE.svg]",
  does: "who waits for whom, and the circles in it: a circle is a deadlock",
  more: "With a file's name it is drawn, as SVG.",
  async run(shell, file) {
    const graph = await shell.session.world.waits();
    if (file === "") return shell.print(waitsText(graph).trimEnd());
    shell.host.write(file, waitsSvg(graph));
    shell.print(`drawn: ${file}`);
  },
};

const history: Command = {
  name: "history",
  short: ["hist"],
  usage: "[TASK [N]]",
  does: "the last steps of a task, and what happened to it, oldest first",
  more: "A number alone is a task's: history 20 is about task 20, history 3 20 is longer.",
  complete: taskWords,
  async run(shell, rest) {
    const [, who = "", most = ""] = /^(.*?)(?:\s+(\d+))?$/.exec(rest) ?? [];
    const pid = (await shell.pidOf(who)) ?? (await shell.task(who)).pid;
    const lines = await shell.session.world.history(pid, count(most, 20));
    if (lines.length > 0) return shell.print(...lines);
    shell.print(`nothing is known of ${shell.taskText(pid)} yet`);
  },
};

const timeline: Command = {
  name: "timeline",
  usage: "[N]",
  does: "what the tasks did in the last steps, a column a step",
  more: "The tasks that ran in them. A whole run is drawn by genix timeline, of a recording.",
  async run(shell, rest) {
    const steps = rest === "" ? undefined : count(rest, 0, "how many steps");
    if (steps === 0) throw new Complaint("how many steps? for example: timeline 40");
    shell.print(...(await shell.timeline(steps)));
  },
};

const topics: Readonly<Record<string, (shell: Shell) => void | Promise<unknown>>> = {
  breakpoints: (shell) => shell.print(...breakpointLines(shell)),
  program: async (shell) => {
    const { at, live, known } = shell.session;
    const { tasks, lints } = await shell.look();
    const when = live ? "the present" : `the past; ${plural(known, "step is", "steps are")} known`;
    shell.print(
      `${shell.host.shown(shell.host.program)}: step ${at.step} (${milliseconds(at.time)}), ${when}`,
      plural(tasks.length, "task"),
      ...lints.map((lint) => `lint: ${lint}`),
    );
  },
  tasks: (shell) => ps.run(shell, ""),
  threads: (shell) => ps.run(shell, ""),
  stack: (shell) => where.run(shell, ""),
  frame: (shell) => where.run(shell, ""),
  locals: (shell) => locals.run(shell, ""),
};

const info: Command = {
  name: "info",
  short: ["i"],
  usage: "TOPIC",
  does: "what breakpoints there are; where the program stands, and what lints were found",
  more: "Of gdb's words those that have a command here, too: ps, where, locals.",
  complete: () => Object.keys(topics),
  async run(shell, rest) {
    const names = Object.keys(topics);
    const name = names.find((one) => rest !== "" && one.startsWith(rest));
    if (name === undefined) {
      throw new Complaint(`info what? there is ${names.join(", ")}${guess(rest, names)}`);
    }
    await topics[name]?.(shell);
  },
};

export const looks: Section = {
  title: "The system",
  commands: [ps, task, where, ready, queues, timers, descriptors, waits, history, timeline, info],
};
