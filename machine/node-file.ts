// A host file as a device. Every read and write is done by the host's thread pool, one at a time;
// meanwhile the device is not ready, and interrupts when it is done.

import { close, fstat, read, write } from "node:fs";
import { SystemError } from "../kernel";
import type { Answer, Device, FileStatus, OpenFlags } from "../kernel";
import { waitForEnd } from "./ending";
import { toSystemError } from "./node-errors";

/** The most that is read at once, in bytes: room for it is made before it is known what comes. */
const LARGEST_READ = 2 ** 20;

export class FileDevice implements Device {
  readonly name: string;
  readonly external = true;
  interrupt: () => void = () => {};
  readonly #handle: number;
  readonly #flags: OpenFlags;
  readonly #news: () => void;
  readonly #report: (message: string) => void;
  #position = 0;
  #busy = false;
  /** Who asked for its status while it was busy: what was written before has to count. */
  #asked: Answer<FileStatus>[] = [];
  #looking = 0;
  #closed = false;
  #released: () => void = () => {};
  /** What the last read brought; it waits here if its reader was killed meanwhile. */
  #result: Uint8Array | null = null;
  #failure: SystemError | null = null;

  constructor(
    path: string,
    handle: number,
    flags: OpenFlags,
    news: () => void,
    report: (message: string) => void,
  ) {
    this.name = `file ${path}`;
    this.#handle = handle;
    this.#flags = flags;
    this.#news = news;
    this.#report = report;
  }

  read(max: number): Uint8Array | undefined {
    if (!this.#flags.startsWith("r") && !this.#flags.endsWith("+")) {
      throw new SystemError("EBADF", `${this.name} is open for writing only`);
    }
    this.#throwFailure();
    const result = this.#result;
    if (result !== null) {
      this.#result = result.length > max ? result.subarray(max) : null;
      return result.subarray(0, max);
    }
    if (this.#busy) return undefined;
    const buffer = Buffer.allocUnsafeSlow(Math.min(max, LARGEST_READ));
    this.#busy = true;
    read(this.#handle, buffer, 0, buffer.length, this.#position, (error, count) => {
      if (error === null) this.#result = new Uint8Array(buffer.buffer, 0, count);
      this.#position += count;
      this.#done(error);
    });
    return undefined;
  }

  /** Takes the bytes at once; a failure to store them arrives at the next write, as on any Unix. */
  write(bytes: Uint8Array): number {
    if (this.#flags === "r")
      throw new SystemError("EBADF", `${this.name} is open for reading only`);
    this.#throwFailure();
    if (this.#busy) return 0;
    this.#busy = true;
    this.#writeOut(Buffer.from(bytes));
    return bytes.length;
  }

  #writeOut(bytes: Buffer): void {
    const position = this.#flags.startsWith("a") ? null : this.#position;
    write(this.#handle, bytes, 0, bytes.length, position, (error, count) => {
      this.#position += count;
      if (error === null && count < bytes.length) this.#writeOut(bytes.subarray(count));
      else this.#done(error);
    });
  }

  status(answer: Answer<FileStatus>): void {
    if (this.#busy) this.#asked.push(answer);
    else this.#look(answer);
  }

  #look(answer: Answer<FileStatus>): void {
    this.#looking += 1;
    fstat(this.#handle, (error, status) => {
      this.#looking -= 1;
      if (this.#closed) this.#closeHandle();
      if (error === null) answer.done({ size: status.size });
      else answer.fail(toSystemError(error));
      this.#news();
    });
  }

  #done(error: NodeJS.ErrnoException | null): void {
    this.#busy = false;
    if (error !== null) this.#failure = toSystemError(error);
    for (const answer of this.#asked.splice(0)) this.#look(answer);
    if (this.#closed) this.#closeHandle();
    this.interrupt();
    this.#news();
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
  }

  readable(): boolean {
    return !this.#busy;
  }

  writable(): boolean {
    return !this.#busy;
  }

  close(): void {
    this.#closed = true;
    waitForEnd(new Promise<void>((resolve) => (this.#released = resolve)));
    this.#closeHandle();
  }

  /** The host may have given the number to another file by the time a late call gets to it. */
  #closeHandle(): void {
    if (this.#busy || this.#looking > 0) return;
    // Nobody is left to be told of a write that failed after the close, but the operator.
    if (this.#failure !== null) this.#report(`${this.name}: ${this.#failure.message}`);
    close(this.#handle, () => this.#released());
  }
}
