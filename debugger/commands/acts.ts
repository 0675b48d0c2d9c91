// Commands that change what happens: in the present only, since the past has happened already.

import { signals, type Signal } from "../../kernel";
import { Complaint, guess } from "./complaint";
import type { Command, Section } from "./command";
import { taskWords } from "./complete";
import type { Shell } from "./shell";

function present({ session: { live, known } }: Shell, what: string): void {
  if (live) return;
  throw new Complaint(`${what} only in the present: this is the past; goto ${known} leads there`);
}

const signal: Command = {
  name: "signal",
  usage: "TASK SIGNAL",
  does: `send a signal: ${signals.join(", ")}`,
  complete: (shell, words) => (words.length <= 1 ? taskWords(shell) : signals),
  async run(shell, rest) {
    const [who = "", name = ""] = rest.split(/\s+/);
    const wanted = name.toUpperCase().replace(/^SIG/, "");
    const found: Signal | undefined = signals.find((one) => one === wanted);
    if (found === undefined) {
      const hint = guess(wanted, signals) || `; there are ${signals.join(", ")}`;
      throw new Complaint(
        name === ""
          ? "write a task and a signal: signal 3 TERM"
          : `there is no signal ${name}${hint}`,
      );
    }
    present(shell, "signals can be sent");
    const { pid } = await shell.task(who);
    await shell.session.world.signal(pid, found);
    shell.print(`sent ${found} to ${shell.taskText(pid)}`);
  },
};

const tell: Command = {
  name: "tell",
  usage: "TASK EXPRESSION",
  does: "put the value of an expression into a task's mailbox, even if that is full",
  complete: (shell, words) => (words.length <= 1 ? taskWords(shell) : []),
  async run(shell, rest) {
    const [, who = "", expression = ""] = /^(\S+)\s+(.+)$/s.exec(rest) ?? [];
    if (expression === "") throw new Complaint(`write a task and a message: tell 3 "hello"`);
    present(shell, "messages can be delivered");
    const { pid } = await shell.task(who);
    await shell.session.world.tell(pid, expression);
    shell.print(`told ${shell.taskText(pid)}`);
  },
};

const choose: Command = {
  name: "choose",
  usage: "TASK",
  does: "this ready task runs next, before those that were first",
  complete: taskWords,
  async run(shell, rest) {
    if (rest === "") throw new Complaint("choose which task? ready lists them");
    present(shell, "who runs next can be chosen");
    const { pid, state } = await shell.task(rest);
    if (state !== "ready") throw new Complaint(`${shell.taskText(pid)} is ${state}, not ready`);
    await shell.session.world.choose(pid);
    shell.print(`${shell.taskText(pid)} runs next`);
  },
};

export const acts: Section = {
  title: "Taking a hand, in the present",
  commands: [signal, tell, choose],
};
