// What a debugger and the process of a world say to each other. All of it is plain data that V8
// can serialize.

import type { World } from "../../debugger/world";
import type { RunOptions } from "../run";

/** Where the world's process is. */
interface Place {
  /** The folder that it works in. Default: the debugger's. */
  readonly cwd?: string;
}

/** A program that runs now. */
export interface LiveOrigin extends Place {
  /** Absolute path. */
  readonly file: string;
  readonly argv: readonly string[];
  readonly options: Pick<RunOptions, "virtual" | "seed" | "shuffle" | "lint">;
  /** The file that is its stdin. Default: none, stdin is at its end. */
  readonly input?: string;
  /** Where to write the recording. Default: nowhere. */
  readonly record?: string;
}

/** A program as it ran, from its recording; with `upTo`, from its first so many steps. */
export interface RecordedOrigin extends Place {
  readonly recording: string;
  readonly upTo?: number;
}

/** What a world is a world of. */
export type Origin = LiveOrigin | RecordedOrigin;

/** The methods that have an answer. `end` has none: the process ends. */
export type Method = Exclude<keyof World, "interrupt" | "end">;

/** What a world's process does for each, now or later. */
export type Answers = {
  readonly [M in Method]: (
    ...args: Parameters<World[M]>
  ) => Awaited<ReturnType<World[M]>> | ReturnType<World[M]>;
};

export type Request =
  | { readonly kind: "open"; readonly origin: Origin }
  | {
      readonly kind: "ask";
      readonly id: number;
      readonly method: Method;
      readonly args: readonly unknown[];
    }
  | { readonly kind: "interrupt" };

export type Reply = { readonly id: number } & (
  | { readonly kind: "value"; readonly value: unknown }
  /** `misuse`: the user has to put something right; the message says what. */
  | { readonly kind: "error"; readonly message: string; readonly misuse: boolean }
);

/** `printed`: so many bytes have been written to stdout and stderr so far. */
export type Answer = Reply & { readonly printed: readonly [stdout: number, stderr: number] };

/** The number of the answer to `open`. */
export const OPENED = 0;
