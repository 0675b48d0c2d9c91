// Panes that stay at the top of the terminal while the conversation scrolls below them, in a scroll
// region. A pane beside another is drawn over what that one has too much. Origin mode, which would
// keep Ctrl-L out of the panes by itself, is left alone: xterm.js, and so VS Code, takes it wrong.

import { arrange, columnsOf, panelHeight, visible, type Area, type PaneView } from "../../debugger";
import { styleFor } from "../style";

const SAVE = "\x1b7";
const RESTORE = "\x1b8";
const CLEAR_LINE = "\x1b[K";
const CLEAR_ABOVE = "\x1b[1J";
const NO_WRAP = "\x1b[?7l";
const WRAP = "\x1b[?7h";

export class Panel {
  #views: readonly PaneView[] = [];
  /** Rows that the panes have; 0: there is no panel, and the whole screen scrolls. */
  #height = 0;
  readonly #leave = (): void => this.leave();

  /** Show these and no others; none: give the screen back. */
  show(views: readonly PaneView[]): void {
    this.#views = views;
    const height = views.length === 0 ? 0 : panelHeight(process.stdout.rows);
    if (height !== this.#height) {
      this.leave();
      if (height > 0) this.#enter(height);
    }
    if (height > 0) process.stdout.write(this.#picture());
  }

  /** Begin anew, as the terminal has another size or was somebody else's. */
  again(): void {
    this.leave();
    this.show(this.#views);
  }

  /** Let the whole screen scroll again. What ends the process does it, too. */
  leave(): void {
    if (this.#height === 0) return;
    const clear = `\x1b[${this.#height};1H${CLEAR_LINE}${CLEAR_ABOVE}`;
    this.#height = 0;
    process.off("exit", this.#leave);
    process.stdout.write(`\x1b[r${clear}\x1b[${process.stdout.rows};1H`);
  }

  #enter(height: number): void {
    this.#height = height;
    process.on("exit", this.#leave);
    const { rows } = process.stdout;
    // What was on the screen goes to where the terminal keeps what has scrolled away.
    const gone = `\x1b[${rows};1H${"\n".repeat(rows)}`;
    process.stdout.write(`${gone}\x1b[${height + 1};${rows}r\x1b[${height + 1};1H`);
  }

  #picture(): string {
    const { columns } = process.stdout;
    const areas = arrange(this.#views, columns, this.#height);
    const pictures = areas.map((area) => drawn(area, columns));
    return [SAVE, NO_WRAP, ...pictures, WRAP, RESTORE].join("");
  }
}

function drawn(area: Area, columns: number): string {
  const { view, top, left, height } = area;
  const { dim, bold } = styleFor(process.stdout);
  const edge = left === 0 ? "" : dim("│ ");
  const rule = dim("─".repeat(Math.max(0, columns - left - view.title.length - 4)));
  const title = `${dim("──")} ${bold(view.title)} ${rule}`;
  const lines = [title, ...visible(area).map((line) => edge + line)];
  let text = "";
  for (let i = 0; i < height; i++) {
    const line = cut(lines[i] ?? edge, columns - left);
    text += `\x1b[${top + i + 1};${left + 1}H${CLEAR_LINE}${line}`;
  }
  return text;
}

/** Without wrapping, a terminal puts all that is too much into its last column. */
function cut(line: string, width: number): string {
  let room = width;
  // eslint-disable-next-line no-control-regex -- colours take no room
  return line.replace(/(\x1b\[[0-9;]*m)|./gsu, (char, colour?: string) => {
    if (colour !== undefined) return colour;
    room -= columnsOf(char);
    return room >= 0 ? char : "";
  });
}
