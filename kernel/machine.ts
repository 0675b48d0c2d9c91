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

/** Calls `done` at an event of the host's; returns how to stop listening. */
export type Listen = (done: (value: unknown) => void) => Cancel;

export type OpenFlags = "r" | "r+" | "w" | "w+" | "a" | "a+" | "wx" | "ax";

/** Where a stream socket lives: a TCP port, or the path of a Unix-domain socket. */
export type Address = { readonly port: number; readonly host?: string } | { readonly path: string };

/**
 * A guest: a program in a thread or process of its own. `module` (an absolute path) is loaded over
 * there; its export `guest` is a GuestMain.
 */
export interface Launch {
  readonly kind: "thread" | "process";
  readonly module: string;
}

/** Begins the guest's work for `host`. What it returns is told what comes through the stream. */
export type GuestMain = (host: GuestHost) => Guest;

export interface Guest {
  /** Bytes from the launcher, in pieces of any size. */
  receive(bytes: Uint8Array): void;
  /** The launcher has closed its end. Called once, also when it died. */
  hangUp(): void;
}

/** What a guest may ask of the thread or process it runs in. */
export interface GuestHost {
  /** Send `bytes` to the launcher; when it is gone they go nowhere. */
  send(bytes: Uint8Array): void;
  /** Import a module: a path, relative to the working directory, or a file URL. */
  load(module: string, done: (exports: unknown) => void, failed: (error: unknown) => void): void;
  /** Tell the operator, because nobody else is left to be told. */
  report(message: string): void;
  /** Nothing is left to do: the thread or process may end. */
  end(): void;
}

export interface Machine {
  /** Milliseconds since the machine began, on a clock that never runs back. */
  now(): number;
  /**
   * The same, for who looks at the system from outside: reports, pictures, debuggers. What `now`
   * says may be told to a task, so a recorder writes it down; what `clock` says it does not.
   */
  clock(): number;
  /** The three standard devices. Each is made when it is read; who boots a system does so once. */
  readonly stdin: Device;
  readonly stdout: Device;
  readonly stderr: Device;
  /** The next number of the machine's seeded sequence, in [0, 1). */
  random(): number;
  open(path: string, flags: OpenFlags, answer: Answer<Device>): Cancel;
  unlink(path: string, answer: Answer<void>): Cancel;
  connect(address: Address, answer: Answer<Device>): Cancel;
  listen(address: Address, answer: Answer<Device>): Cancel;
  launch(what: Launch, answer: Answer<Device>): Cancel;
  /** Wait for a host promise, or for the one `source` makes when given an AbortSignal. */
  settle(source: unknown, answer: Answer<unknown>): Cancel;
  /**
   * Wait for an event of the host's: `listen` is called at once, and the answer comes in the very
   * call of its `done`, where that of a promise (`settle`) comes in a later turn of the host.
   */
  heed(listen: Listen, answer: Answer<unknown>): Cancel;
  /** Tell the operator what the kernel noticed about itself or its devices. */
  report(message: string): void;
}
