// Where many tasks stand, again and again. A task stands where it stood until it runs, so only
// those that have run since are asked about.

import type { Task } from "../../kernel";
import type { Inspector, Position } from "./inspector";

interface Known {
  readonly steps: number;
  readonly position: Position | undefined;
}

export class Positions {
  readonly #inspector: Inspector;
  readonly #known = new WeakMap<object, Known>();

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  /** Where the frame of each of `tasks` stands that will run; undefined where it cannot be told. */
  of(tasks: readonly Task[]): (Position | undefined)[] {
    const news = tasks.filter(({ frame, steps }) => {
      return frame !== null && this.#known.get(frame)?.steps !== steps;
    });
    const positions = this.#inspector.positions(news.map(({ frame }) => frame));
    news.forEach(({ frame, steps }, index) => {
      if (frame !== null) this.#known.set(frame, { steps, position: positions[index] });
    });
    return tasks.map(({ frame }) =>
      frame === null ? undefined : this.#known.get(frame)?.position,
    );
  }
}
