// A world as a process: starts it, and passes on what is asked of it. So a program that blocks,
// crashes or ends its process does no harm to the debugger, and each world has fresh modules.

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Breakpoint, Goal, World } from "../../debugger";
import type { Pid, Signal } from "../../kernel";
import { extension, root } from "../copies";
import { Misuse } from "../misuse";
import { OPENED, type Answer, type Method, type Origin, type Request } from "./protocol";

export type { LiveOrigin, Origin, RecordedOrigin } from "./protocol";

/** Told what the program prints. */
export type OnOutput = (text: string, stream: "stdout" | "stderr") => void;

/**
 * Start a process with a world of `origin`, before its first step. Rejects with a Misuse when the
 * program cannot be loaded, and with what it threw while it was.
 */
export async function openWorld(origin: Origin, onOutput: OnOutput): Promise<World> {
  const world = new WorldProcess(origin, onOutput);
  try {
    await world.opened;
    return world;
  } catch (error) {
    await world.end();
    throw error;
  }
}

interface Question {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class WorldProcess implements World {
  readonly opened: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #questions = new Map<number, Question>();
  readonly #streams: readonly [Output, Output];
  readonly #gone: Promise<void>;
  #lastId = OPENED;

  constructor(origin: Origin, onOutput: OnOutput) {
    this.#child = start("input" in origin ? origin.input : undefined);
    const { stdout, stderr } = this.#child;
    this.#streams = [
      new Output(stdout, (text) => onOutput(text, "stdout")),
      new Output(stderr, (text) => onOutput(text, "stderr")),
    ];
    this.#child.on("message", (answer: Answer) => void this.#answered(answer));
    this.#gone = new Promise((resolve) => {
      this.#child.on("close", (code, signal) => {
        this.#fail(`the world has ended: ${signal ?? `exit code ${code}`}`);
        resolve();
      });
    });
    this.opened = this.#expect(OPENED);
    this.#send({ kind: "open", origin });
  }

  #send(request: Request): void {
    this.#child.send(request);
  }

  #expect(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#questions.set(id, { resolve, reject }));
  }

  async #ask<T>(method: Method, ...args: readonly unknown[]): Promise<T> {
    if (!this.#child.connected) throw new Error("the world has ended");
    const id = ++this.#lastId;
    const answer = this.#expect(id);
    this.#send({ kind: "ask", id, method, args });
    return (await answer) as T;
  }

  async #answered(answer: Answer): Promise<void> {
    const question = this.#questions.get(answer.id);
    this.#questions.delete(answer.id);
    await Promise.all(this.#streams.map((stream, i) => stream.until(answer.printed[i] ?? 0)));
    if (answer.kind === "value") question?.resolve(answer.value);
    else question?.reject(new (answer.misuse ? Misuse : Error)(answer.message));
  }

  #fail(why: string): void {
    for (const { reject } of this.#questions.values()) reject(new Error(why));
    this.#questions.clear();
  }

  run(goal: Goal, breakpoints: readonly Breakpoint[]): ReturnType<World["run"]> {
    return this.#ask("run", goal, breakpoints);
  }

  interrupt(): void {
    this.#send({ kind: "interrupt" });
  }

  lastHit(step: number, breakpoints: readonly Breakpoint[]): ReturnType<World["lastHit"]> {
    return this.#ask("lastHit", step, breakpoints);
  }

  look(): ReturnType<World["look"]> {
    return this.#ask("look");
  }

  frames(pid: Pid): ReturnType<World["frames"]> {
    return this.#ask("frames", pid);
  }

  scopes(pid: Pid, frame: number): ReturnType<World["scopes"]> {
    return this.#ask("scopes", pid, frame);
  }

  expand(ref: number): ReturnType<World["expand"]> {
    return this.#ask("expand", ref);
  }

  evaluate(expression: string, pid: Pid, frame: number): ReturnType<World["evaluate"]> {
    return this.#ask("evaluate", expression, pid, frame);
  }

  history(pid: Pid, most: number): ReturnType<World["history"]> {
    return this.#ask("history", pid, most);
  }

  signal(pid: Pid, signal: Signal): Promise<void> {
    return this.#ask("signal", pid, signal);
  }

  tell(pid: Pid, expression: string): Promise<void> {
    return this.#ask("tell", pid, expression);
  }

  choose(pid: Pid): Promise<void> {
    return this.#ask("choose", pid);
  }

  async end(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#gone;
  }
}

/** What comes through a pipe. */
class Output {
  #bytes = 0;
  #closed = false;
  #news: () => void = () => {};

  constructor(stream: Readable | null, onText: (text: string) => void) {
    const decoder = new TextDecoder();
    stream?.on("data", (bytes: Buffer) => {
      this.#bytes += bytes.length;
      onText(decoder.decode(bytes, { stream: true }));
      this.#news();
    });
    stream?.on("close", () => {
      this.#closed = true;
      this.#news();
    });
  }

  /** Resolves when so many bytes have come. */
  async until(bytes: number): Promise<void> {
    while (this.#bytes < bytes && !this.#closed) {
      await new Promise<void>((resolve) => (this.#news = resolve));
    }
  }
}

function start(input: string | undefined): ChildProcess {
  const stdin = input === undefined ? "ignore" : openSync(input, "r");
  const fromSource = extension === ".ts" ? ["-r", join(root, "scripts", "from-source.js")] : [];
  try {
    return spawn(process.execPath, [...fromSource, join(__dirname, `world-child${extension}`)], {
      stdio: [stdin, "pipe", "pipe", "ipc"],
      serialization: "advanced",
      // Of a process group of its own, so that Ctrl-C is the debugger's alone.
      detached: true,
    });
  } finally {
    if (typeof stdin === "number") closeSync(stdin);
  }
}
