// A world as a process: passes on what is asked of it. So a program that blocks, crashes or ends
// its process does no harm to the debugger, and each world has fresh modules.

import type { Breakpoint, FrameExpression, Goal, World } from "../../debugger";
import type { Pid, Signal } from "../../kernel";
import { Misuse } from "../misuse";
import { OPENED, type Answer, type Method, type Origin } from "./protocol";
import { WorldProcess } from "./world-process";

export type { LiveOrigin, Origin, RecordedOrigin } from "./protocol";

/** Told what the program prints. */
export type OnOutput = (text: string, stream: "stdout" | "stderr") => void;

/** What may break off a load that does not come to its end. */
export interface LoadSignals {
  /** Stop it, and say where it was. */
  readonly interrupt?: AbortSignal;
  /** Nobody waits any more. */
  readonly leave?: AbortSignal;
}

/**
 * Start a process with a world of `origin`, before its first step. Rejects with a Misuse when the
 * program cannot be loaded, with what it threw while it was, and when a signal breaks that off.
 */
export async function openWorld(
  origin: Origin,
  onOutput: OnOutput,
  { interrupt, leave }: LoadSignals = {},
): Promise<World> {
  leave?.throwIfAborted();
  const world = new RemoteWorld(origin, onOutput);
  const stop = (): void => world.interrupt();
  const end = (): void => void world.end();
  interrupt?.addEventListener("abort", stop);
  leave?.addEventListener("abort", end);
  try {
    await world.opened;
    return world;
  } catch (error) {
    await world.end();
    throw error;
  } finally {
    interrupt?.removeEventListener("abort", stop);
    leave?.removeEventListener("abort", end);
  }
}

interface Question {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class RemoteWorld implements World {
  readonly opened: Promise<unknown>;
  readonly #process: WorldProcess;
  readonly #questions = new Map<number, Question>();
  #lastId = OPENED;

  constructor(origin: Origin, onOutput: OnOutput) {
    this.#process = new WorldProcess(origin, {
      output: onOutput,
      answered: (answer) => this.#answered(answer),
      gone: (why) => this.#fail(why),
    });
    this.opened = this.#expect(OPENED);
    this.#process.send({ kind: "open", origin });
  }

  #expect(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#questions.set(id, { resolve, reject }));
  }

  async #ask<T>(method: Method, ...args: readonly unknown[]): Promise<T> {
    const { why } = this.#process;
    if (why !== null) throw new Error(why);
    const id = ++this.#lastId;
    const answer = this.#expect(id);
    this.#process.send({ kind: "ask", id, method, args });
    return (await answer) as T;
  }

  #answered(answer: Answer): void {
    const question = this.#questions.get(answer.id);
    this.#questions.delete(answer.id);
    if (answer.kind === "value") question?.resolve(answer.value);
    else question?.reject(errorOf(answer));
  }

  #fail(why: string): void {
    for (const { reject } of this.#questions.values()) reject(new Error(why));
    this.#questions.clear();
  }

  run(goal: Goal, breakpoints: readonly Breakpoint[]): ReturnType<World["run"]> {
    return this.#ask("run", goal, breakpoints);
  }

  interrupt(): void {
    if (this.#process.why === null) this.#process.interrupt(() => this.#questions.size > 0);
  }

  lastHit(step: number, breakpoints: readonly Breakpoint[]): ReturnType<World["lastHit"]> {
    return this.#ask("lastHit", step, breakpoints);
  }

  look(): ReturnType<World["look"]> {
    return this.#ask("look");
  }

  waits(): ReturnType<World["waits"]> {
    return this.#ask("waits");
  }

  ending(pid: Pid): ReturnType<World["ending"]> {
    return this.#ask("ending", pid);
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

  moduleOf(expression: FrameExpression): ReturnType<World["moduleOf"]> {
    return this.#ask("moduleOf", expression);
  }

  history(pid: Pid, most: number): ReturnType<World["history"]> {
    return this.#ask("history", pid, most);
  }

  recent(most: number): ReturnType<World["recent"]> {
    return this.#ask("recent", most);
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

  end(): Promise<void> {
    return this.#process.end("the world was ended");
  }
}

/** Its stack is the one over there, which the message has if it is of interest. */
function errorOf({ message, misuse }: Extract<Answer, { kind: "error" }>): Error {
  return Object.assign(new (misuse ? Misuse : Error)(message), { stack: message });
}
