// The virtual machine at the command line: what its tasks print reaches the terminal as they print
// it, and they read what is piped into it. Everything else stays as simulated as it was.

import { readSync } from "node:fs";
import { VirtualMachine, type VirtualOptions } from "../machine";
import { toSystemError } from "../machine/node-errors";
import type { Device } from "../kernel";
import { signalCode } from "./signals";

/** The most that is read at once, in bytes. */
const LARGEST_READ = 65536;

export class Simulator extends VirtualMachine {
  constructor(options: Pick<VirtualOptions, "seed" | "shuffle" | "load" | "wrap">) {
    super(options);
    this.stdout.print = (text) => void process.stdout.write(text);
    this.stderr.print = (text) => void process.stderr.write(text);
  }

  override step(): boolean {
    // The host gets no turn before the end, so it could not tell that nobody reads on.
    if (!process.stdout.writable || !process.stderr.writable) process.exit(signalCode("SIGPIPE"));
    return super.step();
  }

  override get stdin(): Device {
    return new HostInput();
  }
}

/** The host's stdin. To wait for it takes no virtual time, so the whole simulation waits. */
class HostInput implements Device {
  readonly name = "stdin";
  readonly external = false;
  interrupt = (): void => {};

  read(max: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(max, LARGEST_READ));
    for (;;) {
      try {
        return bytes.subarray(0, readSync(0, bytes));
      } catch (error) {
        // Whoever shares this terminal has made it non-blocking: there is nothing typed yet.
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") {
          throw toSystemError(error as NodeJS.ErrnoException);
        }
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      }
    }
  }

  readable(): boolean {
    return true;
  }

  writable(): boolean {
    return false;
  }

  close(): void {}
}
