// Runs a program on the virtual machine, checks the kernel's invariants after every step, and keeps
// a transcript: what the program logged, in order.

import { System, type Halt } from "../../boot";
import type { Kernel } from "../../kernel";
import { VirtualMachine, type VirtualOptions } from "../../machine";
import type { Program, SystemCall } from "../../syscalls";
import { checkInvariants } from "./invariants";

export type Log = (...words: unknown[]) => void;

export interface Run<T> extends Halt<T> {
  /** What was logged, words joined by spaces. */
  readonly log: string[];
  /** What the program returned; reading it throws what it crashed with. */
  readonly value: T;
  readonly clock: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly kernel: Kernel;
}

export interface RunOptions extends VirtualOptions {
  /** Called with the kernel before the first step. */
  readonly prepare?: (kernel: Kernel) => void;
}

export function run<T>(main: (log: Log) => Program<T>, options: RunOptions = {}): Run<T> {
  const log: string[] = [];
  const machine = new VirtualMachine({ maxSteps: 1_000_000, ...options });
  const { kernel } = machine;
  const step = kernel.step.bind(kernel);
  kernel.step = () => {
    const ran = step();
    checkInvariants(kernel);
    return ran;
  };
  const note: Log = (...words) => void log.push(words.map(String).join(" "));
  const system = new System(machine, () => main(note), "main");
  options.prepare?.(kernel);
  machine.run();
  return {
    ...system.halt,
    log,
    get value() {
      return system.value;
    },
    clock: machine.now(),
    stdout: machine.stdout.text,
    stderr: machine.stderr.text,
    kernel,
  };
}

/** The message of what `attempt` throws at its `yield`, as a program. */
export function* messageOf(attempt: Program<unknown> | SystemCall<unknown>): Program<string> {
  try {
    yield* attempt;
  } catch (error) {
    return error instanceof Error ? error.message : `thrown: ${String(error)}`;
  }
  return "nothing thrown";
}
