// The timeline's horizontal axis: which part of the story is in view, over steps or over time, and
// where in it a step is. Draws nothing.

import { lastUpTo } from "../debugger/page/lanes";
import type { StepEvent } from "../debugger/story";

export class Axis {
  readonly #times: readonly number[];
  readonly #lasted: readonly number[];
  /** Over steps, step n takes the place from n - 1 to n; over time, from its time on. */
  over: "steps" | "time" = "steps";
  /** In view, in steps or milliseconds. */
  from = 0;
  to = 1;
  /** In pixels. */
  left = 0;
  width = 1;

  constructor(steps: readonly StepEvent[]) {
    this.#times = steps.map(({ time }) => time);
    this.#lasted = steps.map(({ lasted = 0 }) => lasted);
    this.fit();
  }

  get start(): number {
    return this.over === "steps" ? 0 : (this.#times[0] ?? 0);
  }

  get end(): number {
    if (this.over === "steps") return Math.max(1, this.#times.length);
    const end = (this.#times.at(-1) ?? 0) + (this.#lasted.at(-1) ?? 0);
    return this.start + Math.max(0.001, (end - this.start) * 1.02);
  }

  /** All of it. */
  fit(): void {
    this.from = this.start;
    this.to = this.end;
  }

  /** How many pixels a step or a millisecond takes. */
  get scale(): number {
    return this.width / (this.to - this.from);
  }

  x(value: number): number {
    return this.left + (value - this.from) * this.scale;
  }

  /** Where step `n` begins. */
  xOf(step: number): number {
    if (this.over === "steps") return this.x(step - 1);
    return this.x(step < 1 ? this.start : (this.#times[step - 1] ?? this.end));
  }

  /**
   * The width of step `n`: over time as long as it took, if that is known, else as long as nothing
   * else happens, but not more than a bit.
   */
  widthOf(step: number): number {
    if (this.over === "steps") return this.scale;
    const lasted = (this.#lasted[step - 1] ?? 0) * this.scale;
    return Math.max(1.5, lasted, Math.min(8, this.xOf(step + 1) - this.xOf(step)));
  }

  /** The step at `x`. */
  stepAt(x: number): number {
    const value = this.from + (x - this.left) / this.scale;
    const step = this.over === "steps" ? Math.floor(value) + 1 : lastUpTo(this.#times, value) + 1;
    return Math.min(Math.max(0, step), this.#times.length);
  }

  /** The first and the last step in view, and one more at each side. */
  get inView(): { readonly first: number; readonly last: number } {
    return {
      first: Math.max(1, this.stepAt(this.left) - 1),
      last: Math.min(this.#times.length, this.stepAt(this.left + this.width) + 1),
    };
  }

  /** See `factor` times as much, with what is at `x` where it is. */
  zoom(factor: number, x: number): void {
    const anchor = this.from + (x - this.left) / this.scale;
    const all = this.end - this.start;
    const least = Math.min(all, this.over === "steps" ? 6 : all / 100_000);
    const size = Math.min(all, Math.max(least, (this.to - this.from) * factor));
    const share = (x - this.left) / this.width;
    this.#moveTo(anchor - share * size, size);
  }

  pan(pixels: number): void {
    this.#moveTo(this.from + pixels / this.scale, this.to - this.from);
  }

  /** Move so far that `step` is in view. */
  reveal(step: number): void {
    const x = this.xOf(step);
    const margin = Math.min(80, this.width / 10);
    if (x < this.left + margin) this.pan(x - this.left - this.width / 3);
    else if (x > this.left + this.width - margin) this.pan(x - this.left - (2 * this.width) / 3);
  }

  /** Marks for about one in `pixels`, at round numbers. */
  ticks(pixels: number): number[] {
    const raw = pixels / this.scale;
    const power = 10 ** Math.floor(Math.log10(raw));
    const unit = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw) ?? raw;
    const step = this.over === "steps" ? Math.max(1, unit) : unit;
    const ticks: number[] = [];
    const first = Math.ceil(this.from / step) * step;
    for (let tick = first; tick <= this.to; tick += step) ticks.push(Number(tick.toPrecision(12)));
    return ticks;
  }

  #moveTo(from: number, size: number): void {
    this.from = Math.max(this.start, Math.min(from, this.end - size));
    this.to = this.from + size;
  }
}
