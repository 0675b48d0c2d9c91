// Signals that end the debugger itself, which leaves nothing behind then, either.

import { signalCode } from "../signals";

const ENDINGS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

export class Told {
  /** Resolves when it is told to end, to the exit code. A second signal does not wait. */
  readonly code: Promise<number>;
  #tell: (code: number) => void = () => {};

  constructor() {
    this.code = new Promise((resolve) => (this.#tell = resolve));
    for (const signal of ENDINGS) process.once(signal, this.#listener);
  }

  /** From here on SIGINT is for the program that is debugged. */
  begun(): void {
    process.off("SIGINT", this.#listener);
  }

  stop(): void {
    for (const signal of ENDINGS) process.off(signal, this.#listener);
  }

  readonly #listener = (signal: NodeJS.Signals): void => this.#tell(signalCode(signal));
}
