// Commands from files, from the command line, or from a stdin that is no terminal. What is printed
// is the same at every run of the same: no colours, no absolute paths.

import { createInterface } from "node:readline";
import type { Shell } from "../../debugger";
import type { Source } from "../debug";
import { complain, messageOf } from "../misuse";
import { PROMPT, type Screen } from "./screen";
import { scriptLines } from "./host";

export class ScriptScreen implements Screen {
  readonly tty = false;
  #atStart = true;

  print(lines: string): void {
    this.#freshLine();
    process.stdout.write(`${withoutFolder(lines)}\n`);
  }

  output(text: string, stream: "stdout" | "stderr"): void {
    process[stream].write(withoutFolder(text));
    if (stream === "stdout") this.#atStart = text.endsWith("\n");
  }

  /** What the program printed may not have ended its line. */
  #freshLine(): void {
    if (!this.#atStart) process.stdout.write("\n");
    this.#atStart = true;
  }
}

function withoutFolder(text: string): string {
  return text.replaceAll(`${process.cwd()}/`, "");
}

/** Do all commands; without any, those that stdin has. Returns the exit code. */
export async function runScript(
  shell: Shell,
  screen: Screen,
  sources: readonly Source[],
): Promise<number> {
  const stop = (): void => shell.session.interrupt();
  process.on("SIGINT", stop);
  try {
    if (sources.length === 0) return await runStdin(shell, screen);
    for (const source of sources) {
      const lines = "file" in source ? scriptLines(source.file) : [source.command];
      const name = "file" in source ? source.file : "-ex";
      if (!(await runLines(shell, screen, lines, name))) return 1;
    }
    return 0;
  } finally {
    process.off("SIGINT", stop);
  }
}

/** True if none of them failed. */
async function runLines(
  shell: Shell,
  screen: Screen,
  lines: readonly string[],
  name: string,
): Promise<boolean> {
  for (const [i, line] of lines.entries()) {
    if (shell.ended) return true;
    if (line.trim() === "") continue;
    screen.print(PROMPT + line.trim());
    try {
      await shell.execute(line);
    } catch (error) {
      const place = name === "-ex" ? name : `${name}:${i + 1}`;
      complain(withoutFolder(`${place}: ${messageOf(error)}`));
      return false;
    }
  }
  return true;
}

/** As a person would type them: a command that fails is no reason to end. */
async function runStdin(shell: Shell, screen: Screen): Promise<number> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== "") screen.print(PROMPT + line.trim());
    try {
      await shell.execute(line);
    } catch (error) {
      screen.print(messageOf(error));
    }
    if (shell.ended) break;
  }
  return 0;
}
