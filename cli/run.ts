// `genix run`: a program, from its file to the exit code.

import { createRequire } from "node:module";
import { System, type Halt } from "../boot";
import { strace } from "../debugger";
import type { Kernel, Program, Task } from "../kernel";
import { NodeMachine, onHostIdle, Watchdog } from "../machine";
import { loadProgram } from "./load";
import { complain } from "./misuse";
import { NeverRun } from "./never-run";
import { Signals } from "./signals";
import { Simulator } from "./simulator";
import { where } from "./where";

export interface RunOptions {
  readonly strace?: boolean;
  readonly virtual?: boolean;
  readonly seed?: number;
  readonly shuffle?: boolean;
  /** The budget of a step in milliseconds; 0 is no watchdog. */
  readonly watchdog?: number;
  /** Watch for mistakes. */
  readonly lint?: boolean;
}

/**
 * Run the program in `file` with `argv` to its end and return the exit code. Throws a Misuse if it
 * cannot be run.
 */
export async function run(file: string, argv: string[], options: RunOptions): Promise<number> {
  process.argv = [process.execPath, file, ...argv];
  const neverRun = options.lint === false ? null : new NeverRun();
  const { main, name } = await loadProgram(file);
  const program = main(argv);
  const code = await (options.virtual === true
    ? runVirtual(program, name, options, neverRun)
    : runHere(program, name, options, neverRun));
  for (const line of neverRun?.report() ?? []) complain(line);
  return code;
}

async function runHere(
  program: Program,
  name: string,
  options: RunOptions,
  neverRun: NeverRun | null,
): Promise<number> {
  const machine = new NodeMachine({
    ...seedOf(options),
    accounting: true,
    loader: require.resolve("./load"),
  });
  const system = new System<unknown, NodeMachine>(machine, program, name);
  watch(system, options);
  if (neverRun !== null) neverRun.kernel = system.kernel;
  const signals = new Signals(system, () => [...system.lints, ...(neverRun?.report() ?? [])]);
  const watchdog = watchdogFor(system.kernel, options, signals);
  try {
    await machine.run();
  } finally {
    signals.stop();
    await watchdog?.stop();
    conclude(system);
  }
  return exitCode(system.halt, signals);
}

async function runVirtual(
  program: Program,
  name: string,
  options: RunOptions,
  neverRun: NeverRun | null,
): Promise<number> {
  const machine = new Simulator({
    ...seedOf(options),
    shuffle: options.shuffle === true,
    load: createRequire(__filename),
  });
  const system = new System<unknown, Simulator>(machine, program, name);
  watch(system, options);
  if (neverRun !== null) neverRun.kernel = system.kernel;
  const release = onHostIdle(machine.hostIsIdle);
  const watchdog = watchdogFor(system.kernel, options);
  try {
    await machine.runAsync();
  } finally {
    release();
    await watchdog?.stop();
    conclude(system);
  }
  return exitCode(system.halt);
}

function seedOf({ seed }: RunOptions): { readonly seed?: number } {
  return seed === undefined ? {} : { seed };
}

function watchdogFor(
  kernel: Kernel,
  { watchdog = 0 }: RunOptions,
  signals?: Signals,
): Watchdog | undefined {
  if (watchdog === 0) return undefined;
  return new Watchdog(kernel, {
    budget: watchdog,
    ...(signals && {
      release: () => signals.release(),
      recapture: () => signals.listen(),
    }),
  });
}

function watch(system: System<unknown>, options: RunOptions): void {
  const { kernel } = system;
  system.where = where;
  if (options.lint !== false) system.develop();
  if (options.strace !== true) return;
  const probe = strace(kernel, (line) => void process.stderr.write(line));
  // Init is the system's, not the program's: of no interest to who wrote the program.
  const theirs = (task: Task): boolean => task !== kernel.tasks.init;
  kernel.attach({
    trap: (task, call) => theirs(task) && probe.trap?.(task, call),
    resume: (task) => theirs(task) && probe.resume?.(task),
    exit: (task, status) => theirs(task) && probe.exit?.(task, status),
  });
}

/** Say what development mode found. */
function conclude(system: System<unknown>): void {
  system.finish();
  for (const lint of system.lints) complain(lint);
}

/**
 * What the process says of it: 0 is well, 1 is not, 128 and a signal's number who ended it, and the
 * program's own.
 */
function exitCode(halt: Halt<unknown>, signals?: Signals): number {
  const { status, crashes, deadlock } = halt;
  if (status.kind === "crashed" || deadlock !== undefined) return 1;
  const signalled = signals?.exitCodeAfter(status);
  if (signalled !== undefined) return signalled;
  if (status.kind === "killed") return status.signal === "KILL" ? 137 : 143;
  if (crashes > 0) return 1;
  const { value } = status;
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value < 256
    ? value
    : 0;
}
