// Commands about the debugger itself: help, settings, files, the end.

import { count, findCommand, type Command, type Section } from "./command";
import { Complaint, guess } from "./complaint";
import { PANES } from "./panes";
import { plural, wrapped } from "../tables";

const layout: Command = {
  name: "layout",
  usage: "PANE… | all | off",
  does: "keep these panes in sight",
  more: `\
Panes are ${PANES.join(", ")}. At a terminal of 16 rows or more they stay above the
conversation; in a script they are printed after each stop.`,
  complete: () => [...PANES, "all", "off"],
  run(shell, rest) {
    const all = rest === "all" ? PANES.join(" ") : rest === "off" ? "" : rest;
    const words = all.split(/\s+/).filter((word) => word !== "");
    if (rest === "") {
      const now = shell.panes.length === 0 ? "off" : shell.panes.join(" ");
      return shell.print(`layout ${now}; there is ${PANES.join(", ")}, all, and off`);
    }
    shell.panes = words.map((word) => {
      const pane = PANES.find((one) => one.startsWith(word));
      if (pane !== undefined) return pane;
      throw new Complaint(
        `there is no pane ${word}${guess(word, PANES)}; there is ${PANES.join(", ")}`,
      );
    });
  },
};

const limit: Command = {
  name: "limit",
  usage: "[LINES]",
  does: "answer a command with so many lines at most; 0 for all",
  run(shell, rest) {
    shell.limit = count(rest, shell.limit, "how many lines");
    if (rest !== "") return;
    shell.print(shell.limit === 0 ? "no limit" : plural(shell.limit, "line"));
  },
};

const save: Command = {
  name: "save",
  usage: "FILE",
  does: "keep the recording of this run: for genix replay, and genix debug --recording",
  async run(shell, rest) {
    if (rest === "") throw new Complaint("save as which file? for example: save run.jsonl");
    if (/^breakpoints? /.test(rest)) {
      throw new Complaint("save keeps the run; write break commands to a file, and source that");
    }
    await shell.host.save(rest);
    shell.print(`saved ${rest}`);
  },
};

/** Files of commands may do others, so deep. */
const NESTING = 10;

const source: Command = {
  name: "source",
  usage: "FILE",
  does: "do the commands in a file, up to the first that fails",
  async run(shell, rest) {
    if (rest === "") throw new Complaint("source which file?");
    if (shell.nesting >= NESTING) {
      throw new Complaint(`source ${rest}: files that do each other go on for ever`);
    }
    shell.nesting += 1;
    try {
      for (const line of shell.host.script(rest)) {
        if (!shell.ended && line.trim() !== "") await shell.execute(line);
      }
    } finally {
      shell.nesting -= 1;
    }
  },
};

const help: Command = {
  name: "help",
  short: ["?", "h"],
  usage: "[COMMAND]",
  does: "this; or all about a command",
  complete: ({ commands }) => commands.map(({ name }) => name),
  run(shell, rest) {
    const { commands, sections } = shell;
    const { paint, columns = () => Infinity } = shell.host;
    const tell = (text: string): void => {
      shell.print(text.split("\n").flatMap((line) => wrapped(line, columns())));
    };
    if (rest === "") {
      for (const { title, commands: own } of sections) {
        shell.print(paint("heading", title));
        tell(own.map((command) => `  ${summary(command)}`).join("\n"));
      }
      return tell(HELP);
    }
    const command = findCommand(rest, commands);
    const { name, short = [], usage, does, more } = command;
    const also = short.length === 0 ? "" : `  (or: ${short.join(", ")})`;
    shell.print(`${paint("heading", `${name} ${usage}`.trim())}${also}`);
    tell(`  ${does}`);
    if (more !== undefined) tell(more);
  },
};

/** Of a command with its arguments, in the list of all. What is longer has a line of its own. */
const WIDTH = 34;

const HELP = `\
Names may be cut short, as long as they mean one command.
An empty line repeats the last command, if that moves.
In expressions: the selected frame's variables; $pid, $name, $step, $time, $call, $ready.`;

function summary({ name, short = [], usage, does }: Command): string {
  const [first] = short;
  const names = first === undefined ? name : `${name}, ${first}`;
  const head = `${names} ${usage}`.trim();
  return head.length > WIDTH
    ? `${head}\n${" ".repeat(WIDTH + 3)}${does}`
    : `${head.padEnd(WIDTH)} ${does}`;
}

const quit: Command = {
  name: "quit",
  short: ["q", "exit"],
  usage: "",
  does: "end the program and the debugger",
  run(shell) {
    shell.ended = true;
  },
};

export const more: Section = {
  title: "The debugger",
  commands: [layout, limit, save, source, help, quit],
};
