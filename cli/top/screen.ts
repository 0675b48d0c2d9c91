// The terminal of `genix top`: the alternate screen, whole pictures, keys. Whatever ends the
// process, the terminal is as it was. Knows nothing of what is shown.

import { emitKeypressEvents, type Key } from "node:readline";
import type { Line } from "../../debugger";
import { cut, padded } from "../../debugger/pictures/text";
import { styleFor } from "../style";

// Alternate screen, no cursor, and no line goes on in the next.
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l";

/** After so many milliseconds it is certain that we were stopped, or will not be. */
const RETURN = 50;

export class Screen {
  readonly #onKey: (key: string) => void;
  readonly #onResize: () => void;
  readonly #restore = (): void => this.leave();
  readonly #crashed = (error: unknown): void => {
    this.leave();
    throw error;
  };
  #entered = false;
  #return: NodeJS.Timeout | undefined;

  constructor(onKey: (key: string) => void, onResize: () => void) {
    this.#onKey = onKey;
    this.#onResize = onResize;
  }

  get rows(): number {
    return process.stdout.rows || 24;
  }

  get columns(): number {
    return process.stdout.columns || 80;
  }

  enter(): void {
    if (this.#entered) return;
    this.#entered = true;
    process.on("exit", this.#restore);
    process.on("uncaughtException", this.#crashed);
    process.stdout.write(ENTER);
    process.stdout.on("resize", this.#onResize);
    process.on("SIGTSTP", this.#stopped);
    process.on("SIGCONT", this.#again);
    if (!process.stdin.isTTY) return;
    emitKeypressEvents(process.stdin);
    process.stdin.setRawMode(true);
    process.stdin.on("keypress", this.#press);
    process.stdin.resume();
  }

  leave(): void {
    clearTimeout(this.#return);
    if (!this.#entered) return;
    this.#entered = false;
    process.off("exit", this.#restore);
    process.off("uncaughtException", this.#crashed);
    process.stdout.off("resize", this.#onResize);
    process.off("SIGTSTP", this.#stopped);
    process.off("SIGCONT", this.#again);
    process.stdout.write(LEAVE);
    if (!process.stdin.isTTY) return;
    process.stdin.off("keypress", this.#press);
    process.stdin.setRawMode(false);
    process.stdin.pause();
  }

  /** Show these lines; what is below or to the right of the screen is cut off. */
  draw(lines: readonly Line[]): void {
    // A terminal that is slower than we are gets the next picture instead.
    if (!this.#entered || process.stdout.writableNeedDrain) return;
    const { columns } = this;
    const picture = lines.slice(0, this.rows).map(({ text, style }) => {
      const visible = cut(text, columns);
      return `${styled(style === "header" ? padded(visible, columns) : visible, style)}\x1b[K`;
    });
    process.stdout.write(`\x1b[H${picture.join("\r\n")}\x1b[J`);
  }

  /** Hand the terminal to the shell, until that lets us go on. */
  #stop(pid: number): void {
    this.leave();
    process.kill(pid, "SIGTSTP");
    // Now we stand still; or not at all, where no shell is there to let us go on.
    this.#return = setTimeout(this.#again, RETURN);
  }

  /** Who went on without us may have written on it. */
  readonly #again = (): void => {
    this.leave();
    this.enter();
    this.#onResize();
  };

  readonly #stopped = (): void => this.#stop(process.pid);

  readonly #press = (text: string | undefined, key: Key): void => {
    // In raw mode it is only a key. The whole group is meant: with the program, and with npm.
    if (key.ctrl === true && key.name === "z") this.#stop(0);
    else if (key.ctrl === true) this.#onKey(`ctrl-${key.name ?? ""}`);
    else this.#onKey(named(key.name) ?? text ?? "");
  };
}

function named(name: string | undefined): string | undefined {
  const names = ["up", "down", "pageup", "pagedown", "home", "end"];
  const known = [...names, "return", "escape", "backspace"];
  return name === "enter" ? "return" : known.find((one) => one === name);
}

function styled(text: string, style: Line["style"]): string {
  const { bold, inverse, red } = styleFor(process.stdout);
  if (style === "title") return bold(text);
  if (style === "alarm") return red(text);
  return style === "header" ? inverse(text) : text;
}
