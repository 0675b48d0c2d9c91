// Several programs at once, and one answer: the namesakes of Promise.all and its kin. Unlike those
// they leave nothing running: when they return, all they started has ended.

import { SystemError } from "../syscalls";
import type { ExitStatus, Program } from "../syscalls";
import { demand, isWhole } from "./check";
import { ChildError, Failures } from "./failures";
import { attend, type GroupOptions } from "./keeper";
import { Nursery, type Job } from "./nursery";
import { describeExit } from "./report";
import type { Runnable } from "./work";

/** What a program returns. */
type Value<P> = P extends Runnable<infer T> ? T : never;
type Programs = readonly Runnable[] | readonly [];

/**
 * Run `programs` at once and return their values in order. Blocks until all have ended. The first
 * failure stops the others and is thrown, as by `group`.
 */
export function* all<const P extends Programs>(
  programs: P,
  options: GroupOptions = {},
): Program<{ -readonly [K in keyof P]: Value<P[K]> }> {
  const values: unknown[] = [];
  const jobs = each("all", programs, (index, status) => {
    if (status.kind === "exited") values[index] = status.value;
    return false;
  });
  yield* attend(new Nursery(), { jobs }, { name: "all", ...options });
  return values as { -readonly [K in keyof P]: Value<P[K]> };
}

/**
 * Run `programs` at once and return their exit statuses in order. Blocks until all have ended; a
 * failure of one is in its status, and the others go on.
 */
export function* allSettled<const P extends Programs>(
  programs: P,
  options: GroupOptions = {},
): Program<{ -readonly [K in keyof P]: ExitStatus<Value<P[K]>> }> {
  const statuses: ExitStatus[] = [];
  const jobs = each("allSettled", programs, (index, status) => {
    statuses[index] = status;
    return true;
  });
  yield* attend(new Nursery(), { jobs }, { name: "allSettled", ...options });
  return statuses as { -readonly [K in keyof P]: ExitStatus<Value<P[K]>> };
}

/**
 * Run `programs` at once and return the value of the first that succeeds; the others are stopped.
 * Blocks until all have ended. When none succeeds it throws an AggregateError, its errors in the
 * order of `programs`. Throws what a stopped one's clean-up throws.
 */
export function* any<const P extends Programs>(
  programs: P,
  options: GroupOptions = {},
): Program<Value<P[number]>> {
  const statuses: ExitStatus[] = [];
  const nursery = new Nursery();
  let winner: ExitStatus | undefined;
  const jobs = each("any", programs, (index, status) => {
    statuses[index] = status;
    if (status.kind === "exited") nursery.done ??= `${describeExit((winner ??= status))} first`;
    return true;
  });
  yield* attend(nursery, { jobs }, { name: "any", ...options });
  if (winner?.kind === "exited") return winner.value as Value<P[number]>;
  const failures = new Failures();
  for (const status of statuses) failures.add(errorOf(status), describeExit(status));
  throw failures.aggregate("programs, and none succeeded");
}

/**
 * Run `programs` at once; the first to end wins: return its value, or throw its error. The others
 * are stopped. Blocks until all have ended. Throws what a stopped one's clean-up throws. Fails with
 * EINVAL for no programs.
 */
export function* race<const P extends Programs>(
  programs: P,
  options: GroupOptions = {},
): Program<Value<P[number]>> {
  if (programs.length === 0) {
    throw new SystemError("EINVAL", "race([]) would wait for ever; give at least one program");
  }
  const nursery = new Nursery();
  let winner: ExitStatus | undefined;
  const jobs = each("race", programs, (_index, status) => {
    nursery.done ??= `${describeExit((winner ??= status))} first`;
    return true;
  });
  yield* attend(nursery, { jobs }, { name: "race", ...options });
  if (winner?.kind === "exited") return winner.value as Value<P[number]>;
  throw errorOf(winner as ExitStatus);
}

export interface MapOptions extends GroupOptions {
  /** How many tasks there may be at a time. Default: as many as there are items. */
  readonly limit?: number;
}

/**
 * Run `program(item, index)` for every one of `items`, each in a task of its own, and return their
 * values in order. Blocks until all have ended. The first failure stops the others, and no more are
 * started; it is thrown as by `group`. Fails with EINVAL for a limit that is no whole number from 1
 * up.
 */
export function* map<A, T>(
  items: Iterable<A>,
  program: (item: A, index: number) => Program<T>,
  { limit = Infinity, ...options }: MapOptions = {},
): Program<T[]> {
  const limited = limit === Infinity || isWhole(limit, 1);
  demand(limited, "limit", limit, "whole number from 1 up, nor Infinity");
  const values: T[] = [];
  const jobs = Array.from(items, (item, index) => ({
    name: `${program.name || "map"} ${index}`,
    program: () => program(item, index),
    ended: (status: ExitStatus) => {
      if (status.kind === "exited") values[index] = status.value as T;
      return false;
    },
  }));
  yield* attend(new Nursery(), { jobs, limit }, { name: "map", ...options });
  return values;
}

/** A job for each of `programs`; `ended` is told which has ended, and how. */
function each(
  what: string,
  programs: Programs,
  ended: (index: number, status: ExitStatus) => boolean,
): readonly Job[] {
  return Array.from<Runnable, Job>(programs, (program, index) => ({
    name: (typeof program === "function" && program.name) || `${what} ${index}`,
    program,
    ended: (status) => ended(index, status),
  }));
}

function errorOf(status: ExitStatus): unknown {
  return status.kind === "crashed" ? status.error : new ChildError(status);
}
