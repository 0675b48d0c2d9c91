// The process of a world, seen from the debugger's: how it is started, what comes from it, why it
// has ended, and how to end it whatever it does.

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { sharingCompiled } from "../compiled";
import { nodeArgs } from "../copies";
import { Misuse } from "../misuse";
import { Connection, CONNECTION } from "./connection";
import { LIFELINE } from "./lifeline";
import type { Doing } from "./lifeline-thread";
import { Output } from "./output";
import type { Answer, Origin, Request } from "./protocol";

/** How long a step may take after an interrupt, in milliseconds. */
const PATIENCE = 1000;

/** How long what it has printed may take to come, once it has ended, in milliseconds. */
const LAST_WORDS = 300;

/** What is known of a thread that does not answer. */
const DEAF: Doing = { step: -1, task: "", place: "a call of the host's that has not returned" };

export interface Listener {
  output(text: string, stream: "stdout" | "stderr"): void;
  /** What it printed before has been told. */
  answered(answer: Answer): void;
  gone(why: string): void;
}

/** Those that run: they end with this process. */
const running = new Set<WorldProcess>();
const endAll = (): void => running.forEach((world) => world.kill());

export class WorldProcess {
  readonly #child: ChildProcess;
  readonly #listener: Listener;
  readonly #connection: Connection<Request, Answer>;
  readonly #lifeline: Duplex;
  readonly #outputs: readonly [Output, Output];
  readonly #closed: Promise<void>;
  /** Why it has ended; null while it has not. */
  why: string | null = null;
  #doing: (doing: Doing) => void = () => {};

  constructor(origin: Origin, listener: Listener) {
    this.#listener = listener;
    const child = (this.#child = start(origin));
    this.#outputs = [
      new Output(child.stdout, (text) => listener.output(text, "stdout")),
      new Output(child.stderr, (text) => listener.output(text, "stderr")),
    ];
    this.#connection = new Connection(
      child.stdio[CONNECTION] as Duplex,
      (answer) => void this.#answered(answer),
    );
    this.#lifeline = child.stdio[LIFELINE] as Duplex;
    this.#lifeline.on("error", () => {});
    createInterface(this.#lifeline).on("line", (line) => this.#heard(line));
    this.#closed = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#gone(this.#causeOf(code, signal));
        resolve();
      };
      child.on("close", end);
      // Others may hold its pipes. On a busy host time is up before what has come is read.
      const soon = (...how: Parameters<typeof end>): void => void setImmediate(end, ...how);
      child.on("exit", (...how) => {
        if (child.pid !== undefined) killGroup(child.pid); // What it has started ends with it.
        setTimeout(soon, LAST_WORDS, ...how);
      });
      child.on("error", ({ message }) => {
        if (child.pid !== undefined) return;
        this.why ??= `the program's process cannot be started: ${message}`;
        end(null, null);
      });
    });
    if (running.size === 0) process.on("exit", endAll);
    running.add(this);
  }

  send(request: Request): void {
    // Where that fails the process is about to end, and that is told.
    this.#connection.send(request);
  }

  async #answered(answer: Answer): Promise<void> {
    await Promise.all(this.#outputs.map((output, i) => output.until(answer.printed[i] ?? 0)));
    this.#listener.answered(answer);
  }

  #heard(line: string): void {
    const said = saidIn(line);
    if (said?.words !== undefined) this.why ??= said.words;
    else if (said?.doing !== undefined) this.#doing(said.doing ?? DEAF);
  }

  /** Stop after its step; if that does not end, end the world. `isBusy`: is an answer due? */
  interrupt(isBusy: () => boolean): void {
    this.send({ kind: "interrupt" });
    setTimeout(() => void this.#insist(isBusy, null), PATIENCE).unref();
  }

  async #insist(isBusy: () => boolean, before: Doing | null): Promise<void> {
    if (!isBusy() || this.why !== null) return;
    const doing = await this.#askDoing();
    if (!isBusy() || this.why !== null) return;
    if (before?.step === doing.step && before.task === doing.task) {
      return this.end(`${describe(doing)}; the world was ended`);
    }
    setTimeout(() => void this.#insist(isBusy, doing), PATIENCE).unref();
  }

  #askDoing(): Promise<Doing> {
    return new Promise((resolve) => {
      this.#doing = resolve;
      this.#lifeline.write("?");
    });
  }

  #causeOf(code: number | null, signal: NodeJS.Signals | null): string {
    const { tail } = this.#outputs[1];
    if (/out of memory/.test(tail)) return "the program's process ran out of memory";
    return `the program's process has ended: ${signal ?? `exit code ${code}`}`;
  }

  #gone(why: string): void {
    this.why ??= why;
    if (!running.delete(this)) return;
    if (running.size === 0) process.off("exit", endAll);
    this.#listener.gone(this.why);
  }

  /** At once, with all it has started. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.#child;
    // Once it is gone, its number may be another's.
    if (pid !== undefined && (exitCode ?? signalCode) === null) killGroup(pid);
  }

  async end(why: string): Promise<void> {
    this.why ??= why;
    this.kill();
    await this.#closed;
  }
}

interface Said {
  readonly words?: string;
  readonly doing?: Doing | null;
}

/** Null: the program has written there, too, and what it writes is nothing to us. */
function saidIn(line: string): Said | null {
  try {
    return JSON.parse(line) as Said | null;
  } catch {
    return null;
  }
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody is left of it.
  }
}

function describe({ task, place }: Doing): string {
  const who = task === "" ? "the program" : task;
  return `${who} has not yielded for ${(2 * PATIENCE) / 1000} s: it runs at ${place}`;
}

function start(origin: Origin): ChildProcess {
  const { cwd } = origin;
  const stdin = "input" in origin && origin.input !== undefined ? opened(origin.input) : "ignore";
  try {
    return spawn(process.execPath, nodeArgs("debug/world-child"), {
      stdio: [stdin, "pipe", "pipe", "pipe", "pipe"],
      env: sharingCompiled(),
      cwd,
      // A process group of its own, so that Ctrl-C is the debugger's alone, and nothing that the
      // program starts outlives the world.
      detached: true,
    });
  } finally {
    if (typeof stdin === "number") closeSync(stdin);
  }
}

function opened(input: string): number {
  try {
    return openSync(input, "r");
  } catch {
    throw new Misuse(`${input}, with input, cannot be read`);
  }
}
