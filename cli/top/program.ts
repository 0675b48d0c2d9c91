// A program that `genix top` starts: `genix run --observe-at` in a process of its own. What it
// prints is kept away from the screen: its last lines are shown there, the rest comes afterwards.

import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { nodeArgs } from "../copies";
import { LIFELINE } from "../debug/lifeline";
import { signalCode } from "../signals";
import { temporaryFolder } from "../temporary-folder";

/** So many characters of what it prints are kept. */
const KEPT = 2 ** 20;

export class TopProgram {
  readonly socket: string;
  readonly pid: number;
  /** Resolves to its exit code, when all it printed is here. */
  readonly ended: Promise<number>;
  onOutput: () => void = () => {};
  readonly #child: ChildProcess;
  /** What it printed, in order. */
  #output: { readonly stream: "stdout" | "stderr"; text: string }[] = [];
  #length = 0;
  #dropped = 0;

  /** `screen`: the terminal is taken; else it prints to stderr and reads stdin as we do. */
  constructor(program: string, args: readonly string[], screen: boolean) {
    const folder = temporaryFolder("top");
    this.socket = join(folder.path, "socket");
    const node = [...process.execArgv, ...nodeArgs("top/program-child")];
    const command = ["run", "--observe-at", this.socket, "--", program, ...args];
    const streams = screen ? (["ignore", "pipe", "pipe"] as const) : (["inherit", 2, 2] as const);
    // The last is its lifeline.
    this.#child = spawn(process.execPath, [...node, ...command], {
      stdio: [...streams, "ignore", "pipe"],
    });
    // What is left in it when the child has ended is nobody's loss.
    this.#child.stdio[LIFELINE]?.on("error", () => {});
    this.pid = this.#child.pid ?? 0;
    this.#keep("stdout");
    this.#keep("stderr");
    this.ended = new Promise((resolve) => {
      this.#child.on("error", () => resolve(1));
      this.#child.on("close", (code, signal) =>
        resolve(code ?? (signal === null ? 1 : signalCode(signal))),
      );
    });
    void this.ended.then(folder.remove);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The last `count` lines it printed. */
  lastLines(count: number): string[] {
    const end = this.#output.slice(-2 * count - 2).map(({ text }) => text.slice(-4096));
    const lines = end.join("").split("\n");
    if (lines.at(-1) === "") lines.pop();
    return count > 0 ? lines.slice(-count) : [];
  }

  /** Print what it printed, each to the stream it was meant for. */
  replay(): void {
    if (this.#dropped > 0) {
      process.stderr.write(`genix: the first ${this.#dropped} characters it printed are gone\n`);
    }
    for (const { stream, text } of this.#output) process[stream].write(text);
    this.#output = [];
  }

  #keep(stream: "stdout" | "stderr"): void {
    this.#child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      this.#output.push({ stream, text });
      this.#length += text.length;
      while (this.#length > KEPT && this.#output.length > 1) {
        const gone = this.#output.shift()?.text.length ?? 0;
        this.#length -= gone;
        this.#dropped += gone;
      }
      this.onOutput();
    });
  }
}
