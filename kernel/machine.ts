// What the kernel asks of the machine it runs on. The kernel never waits: whatever takes time is
// begun here and answered later, by an interrupt. A machine for another host implements this
// interface and Device.

import type { Device } from "./device";

/**
 * How the outside world answers a question: once, one way or the other. Later answers go nowhere.
 */
export interface Answer<T> {
  /** Is the task that asked still waiting? If not, what was made for it has to be thrown away. */
  readonly waiting: boolean;
  done(value: T): void;
  /** `error` arrives in the task at its `yield`. */
  fail(error: unknown): void;
}

/** Give up what was begun: nobody waits for the answer any more. */
export type Cancel = () => void;

export type OpenFlags = "r" | "r+" | "w" | "w+" | "a" | "a+" | "wx" | "ax";

/** Where a stream socket lives: a TCP port, or the path of a Unix-domain socket. */
export type Address = { readonly port: number; readonly host?: string } | { readonly path: string };

/**
 * A program in a thread or process of its own: `entry` of `module` (an absolute path or file URL).
 */
export interface Launch {
  readonly kind: "thread" | "process";
  readonly module: string;
  readonly entry: string;
}

export interface Machine {
  /** Milliseconds on a clock that never runs back; its zero is arbitrary. */
  now(): number;
  /** The next number of the machine's seeded sequence, in [0, 1). */
  random(): number;
  open(path: string, flags: OpenFlags, answer: Answer<Device>): Cancel;
  connect(address: Address, answer: Answer<Device>): Cancel;
  listen(address: Address, answer: Answer<Device>): Cancel;
  launch(what: Launch, answer: Answer<Device>): Cancel;
  /** Wait for a host promise, or for the one `source` makes when given an AbortSignal. */
  settle(source: unknown, answer: Answer<unknown>): Cancel;
  /** Tell the operator what the kernel noticed about itself or its devices. */
  report(message: string): void;
}
