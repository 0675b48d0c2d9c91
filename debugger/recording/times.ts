// The time, in a recording: noted when it has moved, and at the end of a step that took long. For
// pictures; whoever needs the time exactly asks for it.

import type { Probe } from "../../kernel";

/** What is shorter than so many milliseconds is not noted. */
const LEAST = 0.1;

/** The time in milliseconds, at the end of a step also how long that took. */
export interface NotedTime {
  readonly time: number;
  readonly lasted?: number;
}

export class Times implements Probe {
  readonly #clock: () => number;
  readonly #note: (noted: NotedTime) => void;
  /** As it was noted last. */
  #time = 0;
  /** When the step that runs began. */
  #began = 0;

  constructor(clock: () => number, note: (noted: NotedTime) => void) {
    this.#clock = clock;
    this.#note = note;
  }

  /** Time may have passed. */
  look(): void {
    const time = rounded(this.#clock());
    if (time - this.#time < LEAST) return;
    this.#time = time;
    this.#note({ time });
  }

  resume(): void {
    this.#began = this.#clock();
  }

  stepped(): void {
    const now = this.#clock();
    const lasted = now - this.#began;
    if (lasted < LEAST) return;
    this.#time = rounded(now);
    this.#note({ time: this.#time, lasted: rounded(lasted) });
  }
}

/** To the microsecond. */
function rounded(time: number): number {
  return Math.round(time * 1000) / 1000;
}
