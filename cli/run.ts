// `genix run`: a program, from its file to the exit code.

import { basename } from "node:path";
import type { System, Halt } from "../boot";
import { strace } from "../debugger";
import type { Kernel, Task } from "../kernel";
import { NodeMachine, onHostIdle, STUCK, Watchdog, type Host } from "../machine";
import { launch, type Launched, type LaunchOptions } from "./launch";
import { complain } from "./misuse";
import { ObserverServer } from "./top/observe";
import { signalCode, Signals } from "./signals";
import type { Simulator } from "./simulator";

export interface RunOptions extends LaunchOptions {
  readonly strace?: boolean;
  /** The budget of a step in milliseconds; 0 is no watchdog. In a recorded run `STUCK` at least. */
  readonly watchdog?: number;
  /** Answer questions about it on the usual socket, */
  readonly observe?: boolean;
  /** or on that at this path. */
  readonly observeAt?: string;
}

/**
 * Run the program in `file` with `argv` to its end and return the exit code. Throws a Misuse if it
 * cannot be run.
 */
export async function run(file: string, argv: string[], options: RunOptions): Promise<number> {
  const launched = await launch(file, argv, options);
  const { system, neverRun, recording } = launched;
  if (options.strace === true) trace(system);
  const { machine } = system;
  const code = await (machine instanceof NodeMachine
    ? runHere(machine, launched, options)
    : runVirtual(machine, launched, options));
  recording?.end(code);
  for (const line of neverRun?.report() ?? []) complain(line);
  return code;
}

async function runHere(
  machine: NodeMachine,
  { system, neverRun }: Launched,
  options: RunOptions,
): Promise<number> {
  const signals = new Signals(machine, () => [...system.lints, ...(neverRun?.report() ?? [])]);
  const watchdog = watchdogFor(system.kernel, options, signals);
  let observer: ObserverServer | undefined;
  try {
    observer = await observerFor(system.kernel, options);
    await machine.run();
  } finally {
    observer?.stop();
    signals.stop();
    await watchdog?.stop();
    conclude(system);
  }
  return exitCode(system.halt, signals);
}

async function runVirtual(
  machine: Simulator,
  { system }: Launched,
  options: RunOptions,
): Promise<number> {
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

function watchdogFor(
  kernel: Kernel,
  { watchdog = 0, record }: RunOptions,
  signals?: Signals,
): Watchdog | undefined {
  if (watchdog === 0) return undefined;
  // Its words are in no replay: it speaks only when Ctrl-C has to end the process by itself.
  return new Watchdog(kernel, {
    budget: record === undefined ? watchdog : Math.max(watchdog, STUCK),
    ...(signals && {
      release: () => signals.release(),
      recapture: () => signals.listen(),
    }),
  });
}

async function observerFor(
  kernel: Kernel,
  { observe, observeAt }: RunOptions,
): Promise<ObserverServer | undefined> {
  if (observe !== true && observeAt === undefined) return undefined;
  const [, file = ""] = process.argv;
  return ObserverServer.listen(kernel, basename(file), observeAt ?? "");
}

/** Print each system call. */
function trace({ kernel }: System<unknown, Host>): void {
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
export function conclude(system: System<unknown, Host>): void {
  system.finish();
  for (const lint of system.lints) complain(lint);
}

/**
 * What the process says of it: 0 is well, 1 is not, 128 and a signal's number who ended it, and the
 * program's own.
 */
export function exitCode(halt: Halt<unknown>, signals?: Signals): number {
  const { status, crashes, deadlock } = halt;
  if (status.kind === "crashed" || deadlock !== undefined) return 1;
  const signalled = signals?.exitCodeAfter(status);
  if (signalled !== undefined) return signalled;
  if (status.kind === "killed") return signalCode(status.signal === "KILL" ? "SIGKILL" : "SIGTERM");
  if (crashes > 0) return 1;
  // One that it has left in `process.exitCode` is what Node's programs end with.
  const found = [status.value, process.exitCode].find(isExitCode);
  return found ?? 0;
}

function isExitCode(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 256;
}
