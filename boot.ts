// Booting: puts a kernel, a machine and init together and runs a program on them.
// The one place that knows all the layers.

import { deadlockReport } from "./debugger";
import {
  NodeMachine,
  onHostIdle,
  VirtualMachine,
  Watchdog,
  type NodeOptions,
  type VirtualOptions,
} from "./machine";
import { install, kill, spawn, type Kernel } from "./kernel";
import { decode, type AbortSignalLike, type ExitStatus, type Program } from "./syscalls";
import { onAbort } from "./syscalls/abort";
import { describeExit } from "./tasks";
import { init, type InitReport } from "./tasks/init";

/** A program to boot: a generator, or a function that makes one. */
export type Bootable<T> = Program<T> | (() => Program<T>);

/** How a system that has halted ended. */
export interface Halt<T> {
  /** How the program itself ended. */
  readonly status: ExitStatus<T>;
  /** How many crashes nobody heard of but init, who reported them. */
  readonly crashes: number;
  /** Who waited for what, if nothing could happen any more before the end. */
  readonly deadlock: string | undefined;
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
export class System<T, M extends NodeMachine | VirtualMachine = NodeMachine | VirtualMachine> {
  readonly machine: M;
  deadlock: string | undefined = undefined;
  /** The signal that told it to stop, if one did. */
  #aborted: AbortSignalLike | undefined = undefined;

  /** `awaited`: the caller hears of a crash of `main`'s, so nobody else has to. */
  constructor(machine: M, main: Bootable<T>, name: string = nameOf(main), awaited = false) {
    this.machine = machine;
    const { kernel } = machine;
    const first = spawn(kernel, init(main, name, awaited), null, { name: "init" });
    for (const device of [machine.stdin, machine.stdout, machine.stderr])
      install(kernel, device, first);
    machine.onDeadlock = () => {
      const report = deadlockReport(kernel);
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

  #stop(reason: string): void {
    const { kernel } = this;
    if (kernel.tasks.find(PROGRAM) === undefined) kernel.step(); // Init starts the program.
    const program = kernel.tasks.find(PROGRAM);
    // What has not begun has nothing to clean up, and shall not begin.
    if (program?.steps === 0) kill(kernel, program, "KILL", null, reason);
    else this.machine.shutDown(reason);
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
    return { status: main, crashes, deadlock: this.deadlock };
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

export interface BootOptions extends NodeOptions {
  /** The program's name in `ps` and messages. Default: its function's. */
  readonly name?: string;
  /**
   * Report each task that runs for so many milliseconds without a yield, while it does. Default 0:
   * none. Costs a thread, and two clock reads a step.
   */
  readonly watchdog?: number;
  /**
   * Stops it: when this aborts, all its tasks get TERM. If the program then ends killed, the
   * ProgramError has the signal's reason as its cause. Aborted already, the program does not begin.
   */
  readonly signal?: AbortSignalLike | undefined;
}

/**
 * Run `main` on this host, from plain asynchronous code. Resolves when the system has halted (the
 * program and all it started have ended) to what the program returned; rejects with what it crashed
 * with, or with a ProgramError.
 */
export async function boot<T>(main: Bootable<T>, options: BootOptions = {}): Promise<T> {
  const system = new System(new NodeMachine(options), main, options.name, true);
  const budget = options.watchdog ?? 0;
  const watchdog = budget > 0 ? new Watchdog(system.kernel, { budget }) : null;
  const release = system.obey(options.signal);
  try {
    await system.machine.run();
  } finally {
    release();
    await watchdog?.stop();
  }
  return system.value;
}

export interface SimulateOptions extends VirtualOptions {
  /** The program's name in `ps` and messages. Default: its function's. */
  readonly name?: string;
}

/** What a simulation came to. */
export interface Simulation<T> extends Halt<T> {
  /**
   * What the program returned. Reading it throws what the program crashed with, or a ProgramError.
   */
  readonly value: T;
  /** How long it took, in milliseconds of the machine's own time. */
  readonly clock: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The files there are at the end, by path, as text. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Run `main` on a virtual machine, to its end, before this returns: time jumps, files and sockets
 * are in memory, and the same program does the same on every run. For tests, and for anything that
 * shall not wait.
 */
export function simulate<T>(main: Bootable<T>, options: SimulateOptions = {}): Simulation<T> {
  const system = new System(new VirtualMachine(options), main, options.name);
  system.machine.run();
  return result(system);
}

/** As `simulate`, for programs that also wait for promises of the host's. */
export async function simulateAsync<T>(
  main: Bootable<T>,
  options: SimulateOptions = {},
): Promise<Simulation<T>> {
  const system = new System(new VirtualMachine(options), main, options.name);
  const release = onHostIdle(system.machine.hostIsIdle);
  await system.machine.runAsync().finally(release);
  return result(system);
}

function result<T>(system: System<T, VirtualMachine>): Simulation<T> {
  const { machine } = system;
  const files = [...machine.files].map(([path, file]) => [path, decode(file.bytes)]);
  return {
    ...system.halt,
    get value() {
      return system.value;
    },
    clock: machine.now(),
    stdout: machine.stdout.text,
    stderr: machine.stderr.text,
    files: Object.fromEntries(files) as Record<string, string>,
  };
}

function reasonOf({ reason }: AbortSignalLike): string {
  // Not by instanceof: a DOMException of another realm is no Error of this one.
  const { message } = (reason ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : String(reason);
}

function nameOf(main: Bootable<unknown>): string {
  return typeof main === "function" && main.name !== "" ? main.name : "main";
}
