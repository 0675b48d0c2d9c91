// A command at a real terminal, and its screen as a person sees it: script(1) makes the terminal,
// xterm's own parser reads what is written to it.

import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { Terminal } from "@xterm/headless";

const SCRIPT = "/usr/bin/script";

/** Named, as script(1) would take $SHELL or sh: each says in other words that a job has stopped. */
const SHELL = "/bin/bash";

/** After so many milliseconds a screen will never be as wanted: what it shows says why. */
const NEVER = 120_000;

/**
 * `describe`, if there is a script(1) that runs a command. Without one its tests are left out; under
 * CI=true they fail, as there it has to be.
 */
export const atTerminal: jest.Describe =
  existsSync(SCRIPT) || (process.env["CI"] ?? "") !== "" ? describe : describe.skip;

export interface TtyOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

export class Tty {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #terminal: Terminal;
  readonly #ended: Promise<number | null>;
  #device = "";
  #over = false;
  #news: () => void = () => {};

  /** `command` is a line for bash. */
  constructor(command: string, { cwd, env = {}, columns = 80, rows = 24 }: TtyOptions) {
    this.#terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
    const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
    const line = `tty; stty cols ${columns} rows ${rows}; ${command}`;
    this.#child = spawn(SCRIPT, ["-qefc", line, "/dev/null"], {
      cwd,
      env: { ...inherited, SHELL, TERM: "xterm-256color", GENIX_HISTORY: "", ...env },
    });
    this.#child.stdout.on("data", (bytes: Buffer) => {
      this.#device ||= /^\/dev\/\S+/.exec(bytes.toString())?.[0] ?? "";
      this.#terminal.write(bytes, () => this.#news());
    });
    this.#ended = new Promise((resolve) => {
      const over = (code: number | null): void => {
        this.#over = true;
        resolve(code);
        this.#news();
      };
      // What has come is read by and by: it is over when all of it is on the screen.
      this.#child.on("close", (code) => this.#terminal.write("", () => over(code)));
    });
  }

  /** The rows of the screen, without the blanks at their ends. */
  get screen(): string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.#terminal.rows }, (_, row) => {
      return (
        active
          .getLine(active.baseY + row)
          ?.translateToString(true)
          .trimEnd() ?? ""
      );
    });
  }

  /** Is it the one that full-screen programs draw on, and give back when they end? */
  get alternate(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Resolves with the screen once it is as wanted. */
  async until(wanted: (screen: readonly string[]) => boolean): Promise<string[]> {
    let waiting = true;
    const timer = setTimeout(() => {
      waiting = false;
      this.#news();
    }, NEVER);
    try {
      while (!wanted(this.screen)) {
        const why = this.#over ? "it ended" : waiting ? null : `it came to nothing in ${NEVER} ms`;
        if (why !== null) throw new Error(`${why}, and showed:\n${this.screen.join("\n")}`);
        await new Promise<void>((resolve) => (this.#news = resolve));
      }
      return this.screen;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves with the screen once it shows `text`. */
  async shows(text: string | RegExp): Promise<string[]> {
    return this.until((rows) => {
      const screen = rows.join("\n");
      return typeof text === "string" ? screen.includes(text) : text.test(screen);
    });
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    execFileSync("stty", ["-F", this.#device, "cols", String(columns), "rows", String(rows)]);
  }

  /** Its exit code. */
  async end(): Promise<number | null> {
    return this.#ended;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
