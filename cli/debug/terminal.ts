// The person at the terminal: a line that can be edited, with a history and completion, and the
// program's output above it. Knows no commands.

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { clearLine, createInterface, cursorTo, type Interface, type Key } from "node:readline";
import { complete, type PaneView, type Shell } from "../../debugger";
import { messageOf } from "../misuse";
import { styleFor } from "../style";
import { Panel } from "./panel";
import { PROMPT, type Screen } from "./screen";

/** So many lines are remembered. */
const HISTORY = 1000;

export class Terminal implements Screen {
  readonly tty = true;
  readonly #prompt = styleFor(process.stdout).bold(PROMPT);
  readonly #panel = new Panel();
  #lines: Interface | null = null;
  /** The prompt is open: somebody may be typing. */
  #open = false;
  /** What the program has printed into the row where the cursor is. */
  #row = "";

  print(lines: string): void {
    this.#above(`${this.#row === "" ? "" : "\n"}${lines}\n`);
  }

  output(text: string, _stream: "stdout" | "stderr"): void {
    this.#above(text);
  }

  pin(panes: readonly PaneView[]): void {
    this.#panel.show(panes);
  }

  /** Write above the prompt, which stays with what was typed. */
  #above(text: string): void {
    // What was typed in advance stands there; the next prompt shows it again.
    if (this.#open || (this.#lines?.line ?? "") !== "") this.#rewriteRow();
    this.#write(this.#open && !text.endsWith("\n") ? `${text}\n` : text);
    if (this.#open) this.#lines?.prompt(true);
  }

  #write(text: string): void {
    process.stdout.write(text);
    const { length } = (this.#row += text);
    const begin = this.#row.lastIndexOf("\n") + 1;
    const columns = process.stdout.columns || 80; // One may say that it has none.
    this.#row = this.#row.slice(length - ((length - begin) % columns));
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
    const again = (): void => this.#again();
    process.stdout.on("resize", again);
    lines.on("SIGCONT", () => this.#cameBack());
    process.stdin.prependListener("keypress", this.#key);
    try {
      await this.#converse(shell, lines);
    } finally {
      process.stdout.off("resize", again);
      process.stdin.off("keypress", this.#key);
      lines.close();
      this.#panel.leave();
    }
    return 0;
  }

  async #converse(shell: Shell, lines: Interface): Promise<void> {
    const typed = new Typed(lines);
    for (;;) {
      const line = typed.waiting ? await this.#inAdvance(typed) : await this.#ask(typed, lines);
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

  async #ask(typed: Typed, lines: Interface): Promise<string | null> {
    this.#open = true;
    lines.prompt(true); // With what was typed in advance, and the cursor behind it.
    const line = await typed.next();
    this.#open = false;
    return line;
  }

  /** A whole line was typed while the last command ran: it is shown where it is done. */
  async #inAdvance(typed: Typed): Promise<string | null> {
    const line = await typed.next();
    if (line !== null) process.stdout.write(`${this.#prompt}${line}\n`);
    return line;
  }

  #interrupt(shell: Shell): void {
    if (!this.#open) return shell.session.interrupt();
    process.stdout.write("^C\n");
    this.#lines?.write(null, { ctrl: true, name: "e" });
    this.#lines?.write(null, { ctrl: true, name: "u" });
    this.#lines?.prompt();
  }

  /** Before readline does what these keys mean: leave the terminal, clear the screen. */
  readonly #key = (_: string | undefined, { ctrl, name }: Key): void => {
    if (ctrl !== true) return;
    if (name === "z") {
      this.#panel.leave();
      // Where no shell controls jobs nothing stops it, and nobody else would tell it to go on.
      setImmediate(() => process.kill(process.pid, "SIGCONT"));
    }
    if (name === "l") setImmediate(() => this.#again());
  };

  /** Ctrl-Z handed the terminal to the shell, fg hands it back: readline has paused at that. */
  #cameBack(): void {
    this.#lines?.resume();
    this.#again();
    // It writes its prompt now, also where none is due.
    if (!this.#open) setImmediate(() => this.#rewriteRow());
  }

  #rewriteRow(): void {
    cursorTo(process.stdout, 0);
    clearLine(process.stdout, 0);
    process.stdout.write(this.#row);
  }

  #again(): void {
    this.#panel.again();
    if (this.#open) this.#lines?.prompt(true);
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

  get waiting(): boolean {
    return this.#waiting.length > 0;
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

/** The latest first. What is older than those is not kept any longer. */
function readHistory(): string[] {
  try {
    const lines = readFileSync(historyFile(), "utf8").trim().split("\n");
    const latest = lines.slice(-HISTORY);
    if (latest.length < lines.length) writeFileSync(historyFile(), `${latest.join("\n")}\n`);
    return latest.reverse();
  } catch {
    return []; // There is none yet.
  }
}

function keepHistory(line: string): void {
  if (line.trim() === "" || historyFile() === "") return;
  try {
    // A command may name what is nobody else's business.
    appendFileSync(historyFile(), `${line}\n`, { mode: 0o600 });
  } catch {
    // A home that cannot be written to is no reason to disturb.
  }
}
