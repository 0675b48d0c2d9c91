// The format of a recording: one JSON value a line. First the header; then, in the order in which
// they were written, the inputs (what came to the kernel from outside, with the number of steps
// made before), and the trace, which may come a few thousand steps late; last an end. What a
// recording holds is data: it is never run. Pure; bytes and files are others' business.

import type { Address, Pid, Signal } from "../../kernel";
import type { Coded } from "./values";

/** Raised whenever a reader of the older one would not understand. */
export const VERSION = 1;

export interface Header {
  readonly genix: "recording";
  readonly version: number;
  /** An absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  /** What `ps` calls it. */
  readonly name: string;
  readonly folder: string;
  /** Of the process, on its host. */
  readonly pid: number;
  readonly machine: "node" | "virtual";
  /** Of the machine's random numbers. */
  readonly seed: number;
  /** Of a virtual machine: the seed also chooses who runs next. */
  readonly shuffle: boolean;
  /** Was it watched for mistakes? */
  readonly lint: boolean;
  /** Is what it said to the console in here, for a replay to be held against? */
  readonly console?: boolean;
  readonly versions: { readonly genix: string; readonly node: string };
  /** SHA-256 of the program's own source files, by path. */
  readonly sources: Readonly<Record<string, string>>;
}

/** An error, or a value, or a device, or nothing. */
export type Outcome =
  | { readonly error: Coded }
  | { readonly value: Coded }
  | { readonly made: MadeDevice }
  | { readonly done: true }
  /** A value that is no data, in words. */
  | { readonly lost: string };

export interface MadeDevice {
  readonly device: number;
  readonly name: string;
  readonly external: boolean;
  readonly address?: Address;
  readonly can: readonly ("read" | "write" | "accept" | "status")[];
}

/** What comes to the kernel by itself, between two steps. `at`: how many were made before. */
export type Arrival = { readonly at: number } &
  /** The timer interrupt. */
  (
    | { readonly tick: number }
    /**
     * It is so late on the machine's clock, in milliseconds; told now and then, and at the end of a
     * step that `lasted` long.
     */
    | { readonly time: number; readonly lasted?: number }
    /** The host had a turn, and did what the program had left to it to do: `then`, `nextTick`. */
    | { readonly turn: true }
    /** The ready queue held only the killed and the stopped, and was cleared of them. */
    | { readonly idle: true }
    | { readonly signal: Signal; readonly to: Pid; readonly reason: string }
    /** A message that somebody put into a mailbox by hand. */
    | { readonly tell: Pid; readonly value: Coded }
    /** The task that somebody chose by hand to run next: its place in the ready queue. */
    | { readonly choose: number }
    /** Every task waited, and nothing was left that could have woken one. */
    | { readonly deadlock: true }
    /** Of this device; `inside`: in the course of step `at`. */
    | { readonly interrupt: number; readonly inside?: true }
    /** To the n-th question that the kernel asked the machine. */
    | ({ readonly answer: number; readonly inside?: true } & Outcome)
  );

/** What the kernel or the program asked and was told on the spot, in the course of step `at`. */
export type Reply = { readonly at: number } & (
  | { readonly now: number }
  | { readonly random: number }
  /** Of the host, by name, so many times in a row: `Math.random`; to it as text: `console.log`. */
  | { readonly host: string; readonly value: Coded; readonly times: number }
  | ({ readonly read: number } & ReadResult)
  /** `sum` is a checksum of the bytes that were taken, and `text`, for people, how they begin. */
  | { readonly write: number; readonly took: number; readonly sum: number; readonly text?: string }
  | { readonly write: number; readonly error: Coded }
  | ({ readonly accept: number } & (Outcome | { readonly nothing: true }))
  | { readonly readable: number; readonly is: boolean }
  | { readonly writable: number; readonly is: boolean }
);

export type Input = Arrival | Reply;

export type ReadResult =
  | { readonly nothing: true }
  | { readonly text: string }
  | { readonly base64: string }
  | { readonly error: Coded };

export type Line =
  | Header
  | Input
  /** A code of the trace. */
  | {
      readonly code: number;
      readonly pid: Pid;
      readonly call: string;
      readonly object: string;
    }
  /** The codes of the steps from `from` on. */
  | { readonly from: number; readonly trace: readonly number[] }
  /**
   * Nothing comes after it: so many steps were made, and this is what the process came to. `left`:
   * it was ended by the program, or by an error outside its tasks, and not by the end of these.
   */
  | { readonly end: number; readonly exit?: number; readonly left?: "in a step" | "between steps" };
