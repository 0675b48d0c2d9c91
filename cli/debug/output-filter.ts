// What a program has printed, shown once: a replay prints all of it again.

import type { Session } from "../../debugger";
import type { OnOutput } from "./world";

export class OutputFilter {
  readonly #onOutput: Session["onOutput"];
  readonly #length = { stdout: 0, stderr: 0 };

  constructor(onOutput: Session["onOutput"]) {
    this.#onOutput = onOutput;
  }

  /**
   * For one world, from its beginning. What it prints first is new, also when it is a replay; but
   * not of an `echo`, whose program has run and printed all there is: it may die in other words.
   */
  sink(echo = false): OnOutput {
    const printed = { stdout: 0, stderr: 0 };
    return (text, stream) => {
      const old = Math.max(0, this.#length[stream] - printed[stream]);
      printed[stream] += text.length;
      if (!echo) this.#length[stream] = Math.max(this.#length[stream], printed[stream]);
      const [again, news] = [text.slice(0, old), text.slice(old)];
      if (again !== "") this.#onOutput(again, stream, true);
      if (news !== "" && !echo) this.#onOutput(news, stream, false);
    };
  }
}
