// What a supervisor is told: its children, in the order in which they start, and what to do when
// one ends. Here it is described and checked; supervisor.ts does it.

import { show, type ExitStatus } from "../syscalls";
import { demand, DURATION, isDuration, isWhole } from "./check";
import type { Runnable } from "./work";

/**
 * When to start a child again: permanent, always; transient, when it crashed or was killed;
 * temporary, never.
 */
export type Restart = "permanent" | "transient" | "temporary";

/**
 * Who is started again with a child: nobody; all others; or those that were started after it,
 * which may depend on it. The others are stopped first, the last one started first.
 */
export type Strategy = "one-for-one" | "one-for-all" | "rest-for-one";

/** One child of a supervisor. */
export interface ChildSpec {
  /** What `ps` and messages call it. No two children of a supervisor have the same. */
  readonly name: string;
  /** Makes the program to run, a new one at every start. */
  readonly start: () => Runnable;
  /** Default "permanent". */
  readonly restart?: Restart;
  /**
   * How long it may take for its clean-up when it is stopped, in milliseconds, before it is ended
   * with KILL. Default 5000; give Infinity to a supervisor.
   */
  readonly grace?: number;
}

/** An end of a child's, as `onEnd` is told. */
export interface ChildEnd {
  readonly child: string;
  readonly status: ExitStatus;
  /** Is it to be started again? */
  readonly restart: boolean;
}

export interface SupervisorOptions {
  /** Default "one-for-one". */
  readonly strategy?: Strategy;
  /** How many restarts there may be within `period`. Default 1. */
  readonly intensity?: number;
  /** In milliseconds. Default 5000. */
  readonly period?: number;
  /** What `ps` and messages call the supervisor. Default "supervisor". */
  readonly name?: string;
  /**
   * Told of every end that the supervisor did not bring about, before anything is done about it,
   * and of every crash in a clean-up. Default: crashes are written to stderr, as init does.
   */
  readonly onEnd?: (end: ChildEnd) => void;
}

/** The options with their defaults. */
export interface Policy {
  readonly strategy: Strategy;
  readonly intensity: number;
  readonly period: number;
  readonly name: string;
  readonly onEnd: ((end: ChildEnd) => void) | null;
}

const restarts: readonly unknown[] = ["permanent", "transient", "temporary"];
const strategies: readonly unknown[] = ["one-for-one", "one-for-all", "rest-for-one"];

/** Throws EINVAL for what is wrong in `specs`, with the field and the value. */
export function checkSpecs(specs: readonly ChildSpec[]): void {
  demand(Array.isArray(specs), "specs", specs, "array of { name, start }");
  const names = new Set<string>();
  for (const [index, spec] of specs.entries()) {
    const at = `specs[${index}]`;
    demand(typeof spec === "object" && spec !== null, at, spec, "{ name, start }");
    const { name, start, restart = "permanent", grace = 0 } = spec;
    demand(typeof name === "string" && name !== "", `${at}.name`, name, "name; give a string");
    demand(!names.has(name), `${at}.name`, name, "new name; another child has it");
    names.add(name);
    const program = "function that makes a program: () => worker()";
    demand(typeof start === "function", `${at}.start`, start, program);
    demand(restarts.includes(restart), `${at}.restart`, restart, oneOf(restarts));
    demand(isDuration(grace), `${at}.grace`, grace, DURATION);
  }
}

/** `options` with defaults. Throws EINVAL for what is wrong in it, with the field and the value. */
export function checkPolicy(options: SupervisorOptions): Policy {
  const { strategy = "one-for-one", intensity = 1, period = 5000 } = options;
  const { name = "supervisor", onEnd = null } = options;
  demand(strategies.includes(strategy), "strategy", strategy, oneOf(strategies));
  demand(isWhole(intensity, 0), "intensity", intensity, "whole number from 0 up");
  demand(isDuration(period) && period > 0, "period", period, "duration; give milliseconds above 0");
  demand(typeof name === "string" && name !== "", "name", name, "name; give a string");
  demand(onEnd === null || typeof onEnd === "function", "onEnd", onEnd, "function");
  return { strategy, intensity, period, name, onEnd };
}

function oneOf(values: readonly unknown[]): string {
  return `choice; there are ${values.map(show).join(", ")}`;
}
