// Runs a demo on the virtual machine and returns all it printed, through console.log and to stdout
// and stderr, in order.

import { System } from "../../boot";
import { VirtualMachine, type VirtualOptions } from "../../machine";
import type { Program } from "../../syscalls";

interface Demo {
  default: (argv: string[]) => Program;
  about: string;
}

export function runDemo(demo: Demo, argv: string[] = [], options: VirtualOptions = {}): string {
  const machine = new VirtualMachine(options);
  let transcript = "";
  machine.stdout.print = machine.stderr.print = (text: string) => (transcript += text);
  const log = jest.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
    transcript += `${values.map(String).join(" ")}\n`;
  });
  try {
    new System(machine, () => demo.default(argv), "main").machine.run();
  } finally {
    log.mockRestore();
  }
  return transcript;
}
