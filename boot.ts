// Booting: runs a program on a machine, from plain code.

import {
  NodeMachine,
  onHostIdle,
  standsAt,
  VirtualMachine,
  Watchdog,
  type NodeOptions,
  type VirtualOptions,
} from "./machine";
import { decode, type AbortSignalLike } from "./syscalls";
import type { Runnable } from "./tasks";
import { System, type Halt } from "./system";

export { ProgramError, System } from "./system";
export type { Halt } from "./system";

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
  /** Watch for mistakes, and report them: see development mode in the docs. Default false. */
  readonly development?: boolean;
}

/**
 * Run `main` on this host, from plain asynchronous code. Resolves when the system has halted (the
 * program and all it started have ended) to what the program returned; rejects with what it crashed
 * with, or with a ProgramError.
 */
export async function boot<T>(main: Runnable<T>, options: BootOptions = {}): Promise<T> {
  const system = new System(new NodeMachine(options), main, options.name, true);
  const budget = options.watchdog ?? 0;
  const watchdog = budget > 0 ? new Watchdog(system.kernel, { budget }) : null;
  const release = system.obey(options.signal);
  system.where = ({ frame }) => standsAt(frame);
  if (options.development === true) system.develop();
  try {
    await system.machine.run();
  } finally {
    release();
    await watchdog?.stop();
    system.finish();
  }
  for (const lint of system.lints) system.machine.report(lint);
  return system.value;
}

export interface SimulateOptions extends VirtualOptions {
  /** The program's name in `ps` and messages. Default: its function's. */
  readonly name?: string;
  /** Watch for mistakes; they are in `lints`, circles of waits in `stderr`. Default false. */
  readonly development?: boolean;
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
export function simulate<T>(main: Runnable<T>, options: SimulateOptions = {}): Simulation<T> {
  const system = simulation(main, options);
  try {
    system.machine.run();
  } finally {
    system.finish();
  }
  return result(system);
}

/** As `simulate`, for programs that also wait for promises of the host's. */
export async function simulateAsync<T>(
  main: Runnable<T>,
  options: SimulateOptions = {},
): Promise<Simulation<T>> {
  const system = simulation(main, options);
  const release = onHostIdle(system.machine.hostIsIdle);
  try {
    await system.machine.runAsync();
  } finally {
    release();
    system.finish();
  }
  return result(system);
}

function simulation<T>(main: Runnable<T>, options: SimulateOptions): System<T, VirtualMachine> {
  const system = new System(new VirtualMachine(options), main, options.name);
  if (options.development === true) system.develop();
  return system;
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
