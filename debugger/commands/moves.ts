// Commands that go on: by a step, to the next of a task, until something.

import { Complaint } from "./complaint";
import { count, timeOf, type Command, type Section } from "./command";
import type { Shell } from "./shell";

/** Nothing more can happen here: say so before anything is tried. */
function onward({ session: { at, live } }: Shell): void {
  const { kind } = at.reason;
  if (kind === "diverged") {
    throw new Complaint("the replay cannot go on; back, goto or restart go back");
  }
  if (kind !== "end") return;
  const what = live ? "the program has ended" : "there is no more";
  throw new Complaint(`${what}; back, goto and reverse-continue go back, restart begins again`);
}

const step: Command = {
  name: "step",
  short: ["s"],
  usage: "[N]",
  does: "one step of the scheduler, whichever task's; or N of them",
  more: "A step runs one task from its last system call to its next. Breakpoints stop it, too.",
  again: "step *",
  run: (shell, rest) => {
    const steps = count(rest, 1);
    onward(shell);
    return shell.move(() => shell.session.run({ step: shell.session.at.step + steps }));
  },
};

const next: Command = {
  name: "next",
  short: ["n"],
  usage: "[N]",
  does: "on, until the selected task has run again; or N times",
  again: "next *",
  async run(shell, rest) {
    const times = count(rest, 1);
    for (let i = 0; i < times; i++) {
      onward(shell);
      const { pid, state } = await shell.task("");
      if (state === "zombie") {
        throw new Complaint(`${shell.taskText(pid)} has ended; task selects another, step goes on`);
      }
      const { reason } = await shell.move(() => shell.session.run({ task: pid }));
      if (reason.kind !== "goal") return;
    }
  },
};

const finish: Command = {
  name: "finish",
  short: ["fin"],
  usage: "",
  does: "on, until the selected frame has returned to its caller",
  again: "finish",
  async run(shell) {
    onward(shell);
    const { pid } = await shell.task("");
    const depth = (await shell.frames(pid)).length - shell.frame;
    if (depth < 1) throw new Complaint(`${shell.taskText(pid)} has no frame that could return`);
    await shell.move(() => shell.session.run({ returned: { pid, depth } }));
  },
};

const proceed: Command = {
  name: "continue",
  short: ["c", "cont", "con"],
  usage: "",
  does: "on, until a breakpoint or the end; Ctrl-C stops it",
  again: "continue",
  run: (shell) => {
    onward(shell);
    return shell.move(() => shell.session.run({}));
  },
};

const until: Command = {
  name: "until",
  short: ["u"],
  usage: "CONDITION",
  does: "on, until an expression is true, seen from the task that made the step",
  more: "For example: until $ready == 0, until balance < 0, until $time > 500.",
  again: "until *",
  run: (shell, condition) => {
    if (condition === "") throw new Complaint("until what? for example: until balance < 0");
    if (/^(?:\S+:)?\d+$/.test(condition)) {
      throw new Complaint(`to a line it goes with tbreak ${condition}, and continue`);
    }
    onward(shell);
    return shell.move(() => shell.session.run({ condition }));
  },
};

const runTo: Command = {
  name: "run-to",
  usage: "MS",
  does: "on, until the clock has come to so many milliseconds",
  run: (shell, rest) => {
    const time = timeOf(rest, "run-to 500");
    onward(shell);
    return shell.move(() => shell.session.run({ time }));
  },
};

const restart: Command = {
  name: "restart",
  usage: "",
  does: "the program anew, from its beginning; a recording from its start",
  more: "To go back to the start of this very run instead: goto 0.",
  run: (shell) => shell.move(() => shell.session.restart()),
};

export const moves: Section = {
  title: "Going on",
  commands: [step, next, finish, proceed, until, runTo, restart],
};
