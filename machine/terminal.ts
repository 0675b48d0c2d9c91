// A terminal in memory, for the virtual machine: shows what is written to it, and types what it was
// given.

import { SystemError, type Device } from "../kernel";

declare const TextDecoder: new () => {
  decode(bytes: Uint8Array, options: { stream: boolean }): string;
};
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

export class Terminal implements Device {
  readonly name: string;
  readonly external = false;
  interrupt = (): void => {};
  /** All that was written to it. */
  text = "";
  readonly #decoder = new TextDecoder();
  #input: Uint8Array | null;

  /** With `input`, one to read from; without, one to write to. */
  constructor(name: string, input?: string) {
    this.name = name;
    this.#input = input === undefined ? null : new TextEncoder().encode(input);
  }

  print(text: string): void {
    this.text += text;
  }

  read(max: number): Uint8Array {
    if (this.#input === null)
      throw new SystemError("EBADF", `${this.name} is open for writing only`);
    const bytes = this.#input.slice(0, max);
    this.#input = this.#input.subarray(bytes.length);
    return bytes;
  }

  write(bytes: Uint8Array): number {
    if (this.#input !== null)
      throw new SystemError("EBADF", `${this.name} is open for reading only`);
    this.print(this.#decoder.decode(bytes, { stream: true }));
    return bytes.length;
  }

  readable(): boolean {
    return true;
  }

  writable(): boolean {
    return true;
  }

  close(): void {}
}
