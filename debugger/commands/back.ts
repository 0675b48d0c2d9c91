// Commands that go back. What is seen there is the past as it was, executed again.

import { Complaint } from "./complaint";
import { count, type Command, type Section } from "./command";
import { lengthOf } from "./points";

const back: Command = {
  name: "back",
  short: ["rs", "reverse-step"],
  usage: "[N]",
  does: "back by one step; or by N",
  again: "back *",
  run: (shell, rest) => {
    const steps = count(rest, 1);
    const { step } = shell.session.at;
    if (step === 0) throw new Complaint("this is the beginning");
    return shell.move(() => shell.session.goTo(Math.max(0, step - steps)));
  },
};

const reverseNext: Command = {
  name: "reverse-next",
  short: ["rn"],
  usage: "",
  does: "back to the selected task's step before this, or to a breakpoint on the way",
  again: "reverse-next",
  run: (shell) => {
    if (shell.session.at.step === 0) throw new Complaint("this is the beginning");
    return shell.move(() => shell.session.runBack({ task: shell.pid }));
  },
};

const reverseContinue: Command = {
  name: "reverse-continue",
  short: ["rc"],
  usage: "",
  does: "back to where a breakpoint would have stopped last, or to the beginning",
  again: "reverse-continue",
  run: (shell) => {
    if (shell.session.at.step === 0) throw new Complaint("this is the beginning");
    return shell.move(() => shell.session.runBack({}));
  },
};

const goTo: Command = {
  name: "goto",
  short: ["g"],
  usage: "STEP",
  does: "to any step, back or forth; 0 is the beginning",
  run: (shell, rest) => {
    const step = count(rest, -1, "goto");
    if (step < 0) throw new Complaint("goto which step? goto 0 is the beginning");
    return shell.move(() => shell.session.goTo(step));
  },
};

const who: Command = {
  name: "who",
  usage: "EXPRESSION | queue NAME",
  does: "back to the step that last changed its value, and whose step that was",
  more: `\
The expression is one of the selected frame; a value that was always so is told, too.
Of a queue or channel it is the length: who queue jobs.`,
  async run(shell, expression) {
    if (expression === "") throw new Complaint("who changed what? for example: who balance");
    const length = lengthOf(expression);
    if (length === null) await shell.evaluate(expression);
    const point = length ?? (await shell.changeOf(expression));
    const stop = await shell.move(() => shell.session.lastOf(point));
    if (stop === null) shell.print(`${expression} has not changed since it is there`);
  },
};

export const backwards: Section = {
  title: "Going back",
  commands: [back, reverseNext, reverseContinue, goTo, who],
};
