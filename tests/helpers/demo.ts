// Runs a demo on the virtual machine and returns all it printed, through console.log and to stdout
// and stderr, in order.

import { System } from "../../boot";
import { VirtualMachine, type VirtualOptions } from "../../machine";
import type { Program } from "../../syscalls";

interface Demo {
  default: (argv: string[]) => Program;
  about: string;
}

export interface DemoOptions extends VirtualOptions {
  /** Look for mistakes, as \`genix run\` does, and add what was found. Default false. */
  readonly development?: boolean;
}

export function runDemo(demo: Demo, argv: string[] = [], options: DemoOptions = {}): string {
  const machine = new VirtualMachine(options);
  let transcript = "";
  machine.stdout.print = machine.stderr.print = (text: string) => (transcript += text);
  const log = jest.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
    transcript += `${values.map(String).join(" ")}\n`;
  });
  try {
    const system = new System(machine, () => demo.default(argv), "main");
    if (options.development === true) system.develop();
    machine.run();
    system.finish();
    for (const lint of system.lints) machine.report(lint);
  } finally {
    log.mockRestore();
  }
  return transcript;
}
