// The host's signals, while a program runs. INT, TERM and HUP ask its tasks to stop so that their
// clean-ups run; a second one insists. QUIT asks what they are doing. A reader that goes away
// counts as a signal too, as it does in Unix.

import { constants } from "node:os";
import type { ExitStatus } from "../kernel";
import type { NodeMachine } from "../machine";
import { complain } from "./misuse";
import { whereReport } from "./where";

type Ending = "SIGHUP" | "SIGINT" | "SIGPIPE" | "SIGTERM";

/** The exit code of a process that `signal` has ended. */
export function signalCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/**
 * npm passes on each signal that the terminal has sent to its children already. What comes again
 * within so many milliseconds is the same press of the key.
 */
const ECHO = 200;

/** Init is task 1, and the first it starts is the program. */
const PROGRAM = 2;

export class Signals {
  readonly #machine: NodeMachine;
  readonly #listeners: readonly [NodeJS.Signals, () => void][];
  /** The first one that came. */
  #first: Ending | null = null;
  #foundProgramAlive = false;
  #last = -Infinity;

  /** Listen, until `stop`. `lints` are lines that belong below an answer to QUIT. */
  constructor(machine: NodeMachine, lints: () => readonly string[]) {
    this.#machine = machine;
    const end = (signal: Ending & NodeJS.Signals): [NodeJS.Signals, () => void] => [
      signal,
      () => this.#end(signal),
    ];
    const where = (): void => {
      process.stderr.write(whereReport(machine.kernel));
      for (const line of lints()) complain(line);
    };
    this.#listeners = [end("SIGHUP"), end("SIGINT"), end("SIGTERM"), ["SIGQUIT", where]];
    this.listen();
    for (const stream of [process.stdout, process.stderr]) {
      // Before the devices, which were there first: a task that is told to stop reports no broken
      // pipe.
      stream.prependListener("error", this.#onOutputError);
    }
  }

  /**
   * The exit code of a system that a signal ended; undefined if none did. A program that was told
   * to stop and came to an exit code of its own instead was not ended by the signal.
   */
  exitCodeAfter(program: ExitStatus): number | undefined {
    if (this.#first === null) return undefined;
    const chose = program.kind === "exited" && typeof program.value === "number";
    return chose && this.#foundProgramAlive ? undefined : signalCode(this.#first);
  }

  listen(): void {
    this.stop();
    for (const [signal, listener] of this.#listeners) process.on(signal, listener);
  }

  stop(): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
  }

  /**
   * Let those that end the process do so by themselves, until `listen`. For when no listener would
   * ever be called; one that came before and waits to be heard is forgotten.
   */
  release(): void {
    for (const [signal, listener] of this.#listeners) {
      if (signal !== "SIGQUIT") process.off(signal, listener);
    }
  }

  #end(signal: Ending): void {
    const now = performance.now();
    const echo = process.env["npm_lifecycle_event"] !== undefined && now - this.#last < ECHO;
    this.#last = now;
    if (echo) return;
    if (this.#first === null) {
      this.#first = signal;
      this.#foundProgramAlive = this.#machine.kernel.tasks.find(PROGRAM)?.alive === true;
    }
    this.#machine.shutDown(signal);
  }

  /** `genix run … | head`: nobody reads on. */
  readonly #onOutputError = ({ code }: NodeJS.ErrnoException): void => {
    if (code === "EPIPE" && this.#first !== "SIGPIPE") this.#end("SIGPIPE");
  };
}
