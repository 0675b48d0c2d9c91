// A system: a kernel, a machine and init, put together to run one program.

import { deadlockReport, type Where } from "./debugger/deadlock";
import { Development } from "./debugger/development";
import { install, kill, show, spawn, type Kernel, type Pid, type Task } from "./kernel";
import type { Host } from "./machine";
import type { AbortSignalLike, ExitStatus } from "./syscalls";
import { onAbort } from "./syscalls/abort";
import { deliver } from "./syscalls/mailbox";
import { describeExit, type Runnable } from "./tasks";
import { init, type InitReport } from "./tasks/init";

/** How a system that has halted ended. */
export interface Halt<T> {
  /** How the program itself ended. */
  readonly status: ExitStatus<T>;
  /** How many crashes nobody heard of but init, who reported them. */
  readonly crashes: number;
  /** Who waited for what, if nothing could happen any more before the end. */
  readonly deadlock: string | undefined;
  /** In development mode, what looks like a mistake: calls never made, locks in two orders … */
  readonly lints: readonly string[];
}

/**
 * A program that did not return: killed, or caught in a deadlock. `status` says how it ended;
 * `cause` is the reason of the AbortSignal that had it killed, if one had.
 */
export class ProgramError extends Error {
  readonly status: ExitStatus;

  constructor(message: string, status: ExitStatus, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "ProgramError";
    this.status = status;
  }
}

/** Init is task 1, and the first it starts is the program. */
const PROGRAM = 2;

/** A system on a machine, ready to run. */
export class System<T, M extends Host = Host> {
  readonly machine: M;
  deadlock: string | undefined = undefined;
  /** The signal that told it to stop, if one did. */
  #aborted: AbortSignalLike | undefined = undefined;
  /** Tells where in its source a task stands, for reports. */
  where: Where | undefined = undefined;
  #development: Development | undefined = undefined;

  /** `awaited`: the caller hears of a crash of `main`'s, so nobody else has to. */
  constructor(machine: M, main: Runnable<T>, name: string = nameOf(main), awaited = false) {
    if (typeof name !== "string")
      throw new TypeError(`the program's name is no string: ${show(name)}`);
    this.machine = machine;
    const { kernel } = machine;
    const first = spawn(kernel, init(main, name, awaited), null, { name: "init" });
    const { stdin, stdout, stderr } = kernel.machine;
    for (const device of [stdin, stdout, stderr]) install(kernel, device, first);
    machine.onDeadlock = () => {
      const report = deadlockReport(kernel, (task) => this.#placeOf(task));
      this.deadlock ??= report;
      machine.report(report);
    };
  }

  get kernel(): Kernel {
    return this.machine.kernel;
  }

  /**
   * Stop when `signal` aborts, now if it has: all tasks get TERM, with the signal's reason. Returns
   * how to stop listening.
   */
  obey(signal: AbortSignalLike | undefined): () => void {
    if (signal === undefined) return () => {};
    const abort = (): void => {
      this.#aborted = signal;
      this.#stop(reasonOf(signal));
    };
    if (signal.aborted) abort();
    return onAbort(signal, abort);
  }

  /** Put `message` into the mailbox of `pid`, between two steps. Throws ESRCH for no such task. */
  tell(pid: Pid, message: unknown): void {
    deliver(this.kernel, this.kernel.tasks.get(pid), message);
  }

  #stop(reason: string): void {
    const { kernel } = this;
    if (kernel.tasks.find(PROGRAM) === undefined) kernel.step(); // Init starts the program.
    const program = kernel.tasks.find(PROGRAM);
    // What has not begun has nothing to clean up, and shall not begin.
    if (program?.steps === 0) kill(kernel, program, "KILL", null, reason);
    else this.machine.shutDown(reason);
  }

  #placeOf(task: Task): string {
    const noted = this.#development?.placeOf(task) ?? "";
    return noted === "" ? (this.where?.(task) ?? "") : noted;
  }

  /** What development mode found so far. */
  get lints(): readonly string[] {
    return this.#development?.lints ?? [];
  }

  /** Watch the program for mistakes, from now on. */
  develop(): void {
    this.#development ??= new Development(this.kernel, (text) => this.machine.report(text));
  }

  /** Watch it no longer; what was left to say is in `lints`. */
  finish(): void {
    this.#development?.stop();
  }

  /** How it ended. Throws if it has not, or if init itself failed. */
  get halt(): Halt<T> {
    const status = this.kernel.tasks.init?.status ?? undefined;
    if (status?.kind !== "exited") {
      const how = status === undefined ? "init has not ended" : describeExit(status);
      const cause = status?.kind === "crashed" ? { cause: status.error } : {};
      throw new Error(`panic: ${how}`, cause);
    }
    const { main, crashes } = status.value as InitReport<T>;
    return { status: main, crashes, deadlock: this.deadlock, lints: this.lints };
  }

  /** What the program returned. Throws what it crashed with, or a ProgramError. */
  get value(): T {
    const { status, deadlock } = this.halt;
    if (status.kind === "exited") return status.value;
    if (status.kind === "crashed") throw status.error;
    const options = this.#aborted === undefined ? {} : { cause: this.#aborted.reason };
    throw new ProgramError(deadlock ?? describeExit(status), status, options);
  }
}

function reasonOf({ reason }: AbortSignalLike): string {
  // Not by instanceof: a DOMException of another realm is no Error of this one.
  const { message } = (reason ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : String(reason);
}

function nameOf(main: Runnable<unknown>): string {
  return typeof main === "function" && main.name !== "" ? main.name : "main";
}
