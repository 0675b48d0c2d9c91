// Frames: the programs on a task's call stack, and what a task may not put there. A generator runs
// once, in one task; resuming it from a second place would tear it apart, so each is marked.

import { isProgram, SystemCall, type Program } from "./call";
import { SystemError } from "./errno";
import { show } from "./show";
import type { Task } from "./task";

const OWNER = Symbol("owner");

type Marked = Program & { [OWNER]?: Task };

/** Put `program` into `task`'s hands. Throws EINVAL when it has been run before, in any task. */
export function claim(program: Program, task: Task): void {
  const marked: Marked = program;
  const owner = marked[OWNER];
  if (owner !== undefined) throw alreadyRun(owner);
  try {
    marked[OWNER] = task;
  } catch {
    throw new SystemError("EINVAL", "this program is frozen: nobody could tell who runs it");
  }
}

/**
 * Is `source` a generator function? What it makes is new, and nobody else has it, so it needs no
 * mark: where the function itself is new each time, marking took a fifth of a task's life.
 */
export function makesNew(source: unknown): boolean {
  return (
    typeof source === "function" &&
    (source as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === "GeneratorFunction"
  );
}

function alreadyRun(owner: Task): SystemError {
  const fix = "a generator runs once; make a new one by calling its function again";
  return new SystemError("EINVAL", `this program was already run by ${String(owner)}: ${fix}`);
}

/**
 * Let `task` call `program`: what that returns or throws comes out of the caller's `yield`. Throws
 * EDEADLK when it is on the task's stack already, EINVAL when it has been run before.
 */
export function pushFrame(task: Task, program: Program): void {
  const isMine = (program as Marked)[OWNER] === task;
  if (isMine && (task.frame === program || task.callers?.includes(program) === true)) {
    const why = "a program cannot call itself: it would wait for its own return";
    throw new SystemError("EDEADLK", why);
  }
  claim(program, task);
  task.callers ??= [];
  task.callers.push(task.frame as Program);
  task.frame = program;
}

/** Check that `value` is a program, or a generator function without parameters, and make it one. */
export function toProgram(value: unknown): Program {
  const made: unknown = typeof value === "function" ? (value as () => unknown)() : value;
  if (isProgram(made)) return made;
  throw new SystemError("EINVAL", `${describe(made)} is no program; pass a generator: worker()`);
}

/**
 * The error for a task that yielded what is no system call: says what it was and what to write
 * instead.
 */
export function rubbish(value: unknown): SystemError {
  return new SystemError("EINVAL", `yielded ${describe(value)}; ${fixFor(value)}`);
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return `the function ${value.name || "(anonymous)"}`;
  if (typeof value !== "object" || value === null) return `the ${typeof value} ${show(value)}`;
  if (isThenable(value)) return "a Promise";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (Symbol.asyncIterator in value) return "an async generator";
  return `an object, ${show(value)}`;
}

function fixFor(value: unknown): string {
  if (value === undefined) return "to give up the CPU use yield* yieldCpu()";
  if (typeof value === "function") return "call it: a task yields system calls, not functions";
  if (isThenable(value)) return "to wait for it use yield* promise(p)";
  if (Array.isArray(value) && value.some((item) => item instanceof SystemCall || isProgram(item))) {
    return "yield one call at a time; to run them at once, spawn a task for each";
  }
  return "a task yields system calls: yield* sleep(10)";
}

function isThenable(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
