// What the kernel asks of a device: a file, socket, pipe or terminal behind a descriptor.
// No method waits. A device that cannot do a thing now says so, and interrupts when it can.

import type { Address, Answer } from "./machine";

/** What the machine knows of a file. */
export interface FileStatus {
  /** In bytes. */
  readonly size: number;
}

export interface Device {
  /** What it is, for reports: `tcp 127.0.0.1:8000`. */
  readonly name: string;
  /** Of a socket: where it lives. */
  readonly address?: Address;
  /** Can the outside world make it ready? If not (a pipe), only another task can. */
  readonly external: boolean;
  /** How many bytes have come that nobody has read yet; for whoever observes. */
  readonly held?: number;
  /**
   * Set by the kernel: the device calls it when it may have become readable or writable, or has
   * failed.
   */
  interrupt: () => void;
  /**
   * At most `max` bytes; none at the end of the stream; undefined when there is nothing yet. Throws
   * a SystemError.
   */
  read?(max: number): Uint8Array | undefined;
  /** Take bytes and return how many it took; 0 when it is full. Throws a SystemError. */
  write?(bytes: Uint8Array): number;
  /** The next connection, or undefined when there is none yet. Throws a SystemError. */
  accept?(): Device | undefined;
  /** Of a file: answer with its status, now or later. */
  status?(answer: Answer<FileStatus>): void;
  /** Would `read` or `accept` return or throw at once? */
  readable(): boolean;
  /** Would `write` take a byte or throw at once? */
  writable(): boolean;
  /** Let go of it. Called once; must not throw; may interrupt devices at the other end. */
  close(): void;
}
