// What a question to the host came to, for a recording. It may be anything, also what throws when
// it is looked at: the run that is recorded shall not notice.

import type { Answer, Cancel } from "../../kernel";
import { encode, Unrecordable, type Coded } from "./values";
import type { Outcome } from "./format";

/** A machine may also refuse at once. */
export function begin(answer: Answer<never>, start: () => Cancel): Cancel {
  try {
    return start();
  } catch (error) {
    answer.fail(error);
    return () => {};
  }
}

export function valueOutcome(value: unknown): Outcome {
  try {
    return { value: encode(value) };
  } catch (problem) {
    return { lost: whatIsLost(problem, "a value") };
  }
}

/** It failed, with `error`, which may be any value. Of an Error is told what can be. */
export function errorOutcome(error: unknown): Outcome {
  try {
    if (isError(error)) return { error: codedError(error) };
    return { error: encode(error) };
  } catch (problem) {
    return { lost: whatIsLost(problem, "an error") };
  }
}

/** Is it one, of this or another realm? */
function isError(value: unknown): boolean {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** `problem` is an Unrecordable, or what a getter or proxy threw. */
function whatIsLost(problem: unknown, what: string): string {
  return problem instanceof Unrecordable
    ? problem.message
    : `${what} that throws when it is looked at`;
}

export function codedError(error: unknown): Coded {
  try {
    return encode(error);
  } catch {
    // It carries more than data, or throws when it is looked at.
  }
  const object = error as object;
  try {
    return encode(dataOf(object, ["name", "stack", ...keysOf(object)]));
  } catch {
    // Each part of it can be told, but all together are too much.
    return encode(dataOf(object, ["stack"]));
  }
}

/** What can be told of `error`: its message, and of its parts `keys` those that are data. */
function dataOf(error: object, keys: readonly string[]): Error {
  const message = part(error, "message");
  const told = new Error(
    typeof message === "string" ? message : "an error that cannot be looked at",
  );
  for (const key of keys) {
    const value = part(error, key);
    const enumerable = key !== "name" && key !== "stack";
    if (value !== undefined)
      Object.defineProperty(told, key, { value, enumerable, configurable: true });
  }
  return told;
}

/** This part of `error`, if it is data. */
function part(error: object, key: string): unknown {
  try {
    const value: unknown = Reflect.get(error, key);
    encode(value);
    return value;
  } catch {
    return undefined;
  }
}

function keysOf(error: object): string[] {
  try {
    return Object.keys(error).filter((key) => key !== "name" && key !== "stack");
  } catch {
    return [];
  }
}
