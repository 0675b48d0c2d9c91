// Expressions that are shown at each stop, in the frame that is then selected.

import { Complaint } from "./complaint";
import { count, type Command } from "./command";
import type { Shell } from "./shell";
import { variableLine } from "./views";

/** A line for each, with its number; one that has no value there says so. */
export async function displayLines(shell: Shell): Promise<string[]> {
  const lines: string[] = [];
  for (const [number, name] of shell.displays) {
    const value = await shell.evaluate(name).then(
      (variable) => variable.value,
      (error: unknown) => (/ReferenceError/.test(String(error)) ? "(not there)" : String(error)),
    );
    lines.push(
      `${number}: ${variableLine({ name, value, type: "", ref: 0 }, 0, shell.host.paint)}`,
    );
  }
  return lines;
}

export const display: Command = {
  name: "display",
  usage: "[EXPRESSION]",
  does: "show its value now and at each stop, in the frame then selected; or show all there are",
  async run(shell, expression) {
    if (expression !== "")
      shell.displays.set(Math.max(0, ...shell.displays.keys()) + 1, expression);
    else if (shell.displays.size === 0) throw new Complaint("display what? display balance");
    shell.print(...(await displayLines(shell)));
  },
};

export const undisplay: Command = {
  name: "undisplay",
  usage: "[N]",
  does: "show it no longer; or none any more",
  run(shell, rest) {
    const number = count(rest, 0, "the number of a display");
    if (rest === "") return shell.displays.clear();
    if (shell.displays.delete(number)) return;
    throw new Complaint(`there is no display ${number}; display lists them`);
  },
};
