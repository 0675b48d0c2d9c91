// The person at the terminal: a line that can be edited, with a history and completion, and the
// program's output above it. Knows no commands.

import { appendFileSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { clearLine, createInterface, cursorTo, type Interface } from "node:readline";
import { complete, type Shell } from "../../debugger";
import { styleFor } from "../misuse";
import { messageOf, PROMPT, type Screen } from "./screen";

/** So many lines are remembered. */
const HISTORY = 1000;

export class Terminal implements Screen {
  readonly tty = true;
  readonly #prompt = styleFor(process.stdout).bold(PROMPT);
  #lines: Interface | null = null;
  /** The prompt is open: somebody may be typing. */
  #open = false;
  #atStart = true;

  print(lines: string): void {
    this.#above(`${this.#atStart ? "" : "\n"}${lines}\n`);
    this.#atStart = true;
  }

  output(text: string, _stream: "stdout" | "stderr"): void {
    this.#above(text);
    this.#atStart = text.endsWith("\n");
  }

  /** Write above the prompt, which stays with what was typed. */
  #above(text: string): void {
    // What was typed in advance stands there; the next prompt shows it again.
    if (this.#open || (this.#lines?.line ?? "") !== "") {
      cursorTo(process.stdout, 0);
      clearLine(process.stdout, 0);
    }
    if (!this.#open) return void process.stdout.write(text);
    process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
    this.#lines?.prompt(true);
  }

  /** Read commands and do them, until one says that it is enough. Returns the exit code. */
  async run(shell: Shell, greeting: string): Promise<number> {
    this.print(`${greeting}; step begins, help or ? tells what there is`);
    const lines = createInterface({
      input: process.stdin,
      output: process.stdout,
      prompt: this.#prompt,
      completer: (line: string, done: Completed) => void this.#complete(shell, line, done),
      history: readHistory(),
      historySize: HISTORY,
      removeHistoryDuplicates: true,
    });
    this.#lines = lines;
    lines.on("SIGINT", () => this.#interrupt(shell));
    try {
      await this.#converse(shell, lines);
    } finally {
      lines.close();
    }
    return 0;
  }

  async #converse(shell: Shell, lines: Interface): Promise<void> {
    const typed = new Typed(lines);
    for (;;) {
      this.#open = true;
      lines.prompt(true); // With what was typed in advance, and the cursor behind it.
      const line = await typed.next();
      this.#open = false;
      if (line === null) return this.print("");
      keepHistory(line);
      try {
        await shell.execute(line);
      } catch (error) {
        this.print(styleFor(process.stdout).red(messageOf(error)));
      }
      if (shell.ended) return;
    }
  }

  #interrupt(shell: Shell): void {
    if (!this.#open) return shell.session.interrupt();
    process.stdout.write("^C\n");
    this.#lines?.write(null, { ctrl: true, name: "e" });
    this.#lines?.write(null, { ctrl: true, name: "u" });
    this.#lines?.prompt();
  }

  async #complete(shell: Shell, line: string, done: Completed): Promise<void> {
    const [candidates, word] = this.#open ? await complete(shell, line) : [[], line];
    const [only] = candidates;
    done(null, [candidates.length === 1 ? [`${only} `] : candidates, word]);
  }
}

type Completed = (error: Error | null, result: [string[], string]) => void;

/** Lines that were typed, also those that came while a command still ran. */
class Typed {
  readonly #waiting: (string | null)[] = [];
  #taken: ((line: string | null) => void) | null = null;

  constructor(lines: Interface) {
    lines.on("line", (line) => this.#put(line));
    lines.on("close", () => this.#put(null));
  }

  #put(line: string | null): void {
    const taken = this.#taken;
    this.#taken = null;
    if (taken === null) this.#waiting.push(line);
    else taken(line);
  }

  /** The next line; null when there are no more. */
  next(): Promise<string | null> {
    const line = this.#waiting.shift();
    if (line !== undefined) return Promise.resolve(line);
    return new Promise((resolve) => (this.#taken = resolve));
  }
}

/** Where commands are remembered; GENIX_HISTORY names another file, or with "" none. */
function historyFile(): string {
  return process.env["GENIX_HISTORY"] ?? join(homedir(), ".genix_history");
}

/** The latest first. */
function readHistory(): string[] {
  try {
    return readFileSync(historyFile(), "utf8").trim().split("\n").reverse().slice(0, HISTORY);
  } catch {
    return []; // There is none yet.
  }
}

function keepHistory(line: string): void {
  if (line.trim() === "" || historyFile() === "") return;
  try {
    appendFileSync(historyFile(), `${line}\n`);
  } catch {
    // A home that cannot be written to is no reason to disturb.
  }
}
