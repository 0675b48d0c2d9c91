// `genix top` on a terminal: asks, draws, obeys keys, until it is told to quit.

import {
  firstView,
  heading,
  helpLines,
  line,
  plain,
  press,
  queueTable,
  taskTable,
} from "../../debugger";
import { title, type Line, type Report, type View } from "../../debugger";
import { signalCode } from "../signals";
import { Screen } from "./screen";
import { endText, SILENCE, type Target } from "./target";

/** How often the screen is drawn though nothing was answered, in milliseconds. */
const BEAT = 250;

/** A screen of fewer rows has no heading but an alarm, so that there is room for tasks. */
const SMALL = 10;

const HINT =
  "q quit   ? help   / filter   < > sort   r reverse   t tree   space pause   + - faster";

export class Live {
  readonly #target: Target;
  readonly #screen: Screen;
  #view: View = firstView;
  #report: Report | null = null;
  /** Why there will be no more answers; "" while there may be. */
  #over = "";
  #quits = 0;
  /** What it comes to that we were told to quit. */
  #code: number | undefined;
  #next: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;
  #left: () => void = () => {};

  constructor(target: Target, view: View) {
    this.#target = target;
    this.#view = view;
    this.#screen = new Screen(
      (key) => this.#press(key),
      () => this.#look(),
    );
  }

  /** Until somebody quits. The exit code: the program's if it ended by itself, else 0. */
  async run(): Promise<number> {
    const { client, program } = this.#target;
    const quit = (signal: NodeJS.Signals): void => this.#quit(signalCode(signal));
    const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const signal of endings) process.on(signal, quit);
    client.onReport = (report) => this.#show(report);
    const left = new Promise<void>((resolve) => (this.#left = resolve));
    client.onEnd = (complaint) => void this.#end(complaint);
    this.#screen.enter();
    this.#beat = setInterval(() => this.#draw(), BEAT);
    this.#look();
    await left;
    clearTimeout(this.#next);
    clearInterval(this.#beat);
    client.close();
    this.#screen.leave();
    for (const signal of endings) process.off(signal, quit);
    program?.replay();
    return this.#code ?? (await program?.ended) ?? 0;
  }

  #look(): void {
    clearTimeout(this.#next);
    if (this.#over === "") this.#target.client.ask({ ...this.#view, limit: this.#page });
    this.#draw();
  }

  #show(report: Report): void {
    this.#report = report;
    this.#view = { ...this.#view, offset: report.offset };
    clearTimeout(this.#next);
    if (!this.#view.paused) this.#next = setTimeout(() => this.#look(), this.#view.interval);
    this.#draw();
  }

  async #end(complaint: string | undefined): Promise<void> {
    const code = await this.#target.program?.ended;
    this.#over = complaint ?? `${endText(code)} This was the last look at it.`;
    clearTimeout(this.#next);
    if (this.#quits > 0) this.#left();
    this.#draw();
  }

  #press(key: string): void {
    const view = press(this.#view, key, this.#page);
    if (view === null) return this.#quit(0);
    const same = view === this.#view || view.typed !== null;
    this.#view = view;
    if (view.paused && key === " ") clearTimeout(this.#next);
    else if (!same) return this.#look();
    this.#draw();
  }

  /** What was started here ends with us: politely, then with insistence, then for certain. */
  #quit(code: number): void {
    const { program } = this.#target;
    const ended = this.#over !== "";
    if (!ended) this.#code ??= code;
    if (program === undefined || ended) return this.#left();
    this.#quits += 1;
    program.kill(this.#quits < 3 ? "SIGTERM" : "SIGKILL");
    this.#draw();
  }

  /** How many tasks there is room for. */
  get #page(): number {
    const below = this.#below().length + (this.#view.help ? helpLines.length + 1 : 0);
    const { rows } = this.#screen;
    // The titles, how many more there are, the last line; above them the heading, an empty line.
    return Math.max(1, rows - (rows < SMALL ? 3 : 7) - below);
  }

  #draw(): void {
    const { rows } = this.#screen;
    const report = this.#report;
    const { sort, reverse, help } = this.#view;
    const top =
      report === null
        ? [line("No answer yet.")]
        : [
            ...this.#heading(report),
            ...(help ? [...helpLines.map(line), line("")] : []),
            ...taskTable(report, sort, reverse, this.#page),
          ];
    const below = this.#below();
    const room = Math.max(0, rows - below.length - 1);
    const filling = Array.from({ length: Math.max(0, room - top.length) }, () => line(""));
    this.#screen.draw([...top.slice(0, room), ...filling, ...below, this.#footer()]);
  }

  #heading(report: Report): Line[] {
    const { filter, paused, interval } = this.#view;
    const silence = this.#silence;
    const small = this.#screen.rows < SMALL;
    if (small && silence < SILENCE) return [];
    const every = paused ? "paused" : `every ${interval / 1000} s`;
    const which = filter === "" ? "" : `   only "${filter}"`;
    const [first = line(""), ...more] = heading(report, this.#target.who, every + which);
    if (silence < SILENCE) return [first, ...more, line("")];
    const seconds = Math.floor(silence / 1000);
    const text = `No answer for ${seconds} s: does a task not yield?   ${first.text}`;
    const alarm: Line = { text, style: "alarm" };
    return small ? [alarm] : [alarm, ...more, line("")];
  }

  get #silence(): number {
    return this.#over === "" ? this.#target.client.silence : 0;
  }

  /** Queues, and what the program prints; nothing on a small screen. */
  #below(): Line[] {
    const { rows } = this.#screen;
    if (rows < 16) return [];
    const most = Math.floor(rows / 5);
    const report = this.#report;
    const few = report === null ? null : { ...report, queues: report.queues.slice(0, most) };
    const queues = few === null ? [] : queueTable(few);
    const printed = this.#view.output ? (this.#target.program?.lastLines(most) ?? []) : [];
    const output = printed.map((text) => line(plain(text)));
    return [
      ...(queues.length > 0 ? [line(""), ...queues] : []),
      ...(output.length > 0 ? [line(""), title("It printed"), ...output] : []),
    ];
  }

  #footer(): Line {
    const { typed } = this.#view;
    if (typed !== null) return title(`/${typed}_   Return: only those   Esc: as it was`);
    if (this.#over !== "") return { text: `${this.#over} q quits.`, style: "alarm" };
    if (this.#quits === 0) return line(HINT);
    const more = this.#quits < 2 ? "insist" : "end it at once";
    return title(`Waiting for the program to clean up and end; q once more to ${more}.`);
  }
}
