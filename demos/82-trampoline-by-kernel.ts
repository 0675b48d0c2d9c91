// Part 8. Trampolining, by the kernel.
//
// `yield* call(program)` is a system call like any other: the kernel puts a frame on the task's
// own stack and runs that. What the subroutine returns is the reply; what it throws arrives in the
// caller's `try`. (In pyos8 it skipped that, and killed the scheduler.)
//
// Look at the last part. A native `yield*` goes through all the generators above it each time it
// is resumed, and overflows the processor's stack a few thousand deep. The kernel's frames go as
// deep as memory is large, and a trap costs the same at any depth. (For a helper of a few traps a
// native `yield*` is as good, and needs no trap of its own.)

import { call, spawn, wait, yieldCpu, type Program } from "../syscalls";

export const about = "subroutines by system call: results, exceptions, 100,000 frames deep";

function* add(x: number, y: number): Program<number> {
  yield* yieldCpu();
  return x + y;
}

function* divide(x: number, y: number): Program<number> {
  yield* yieldCpu();
  if (y === 0) throw new RangeError("division by zero");
  return x / y;
}

function* average(numbers: readonly number[]): Program<number> {
  let sum = 0;
  for (const n of numbers) sum = yield* call(add(sum, n));
  return yield* call(divide(sum, numbers.length));
}

/** Counts `depth` frames on the task's own stack, which the kernel keeps. */
function* dive(depth: number): Program<number> {
  if (depth === 0) return 0;
  return 1 + (yield* call(dive(depth - 1)));
}

/** The same on the processor's stack. */
function* plunge(depth: number): Program<number> {
  if (depth === 0) return 0;
  return 1 + (yield* plunge(depth - 1));
}

function* background(): Program<void> {
  console.log("  (another task has its turn meanwhile)");
  yield* yieldCpu();
}

function* attempt(what: string, program: Program<number>): Program<void> {
  try {
    console.log(`  ${what}: ${yield* call(program)}`);
  } catch (error) {
    console.log(`  ${what}: ${String(error)}`);
  }
}

export default function* main(): Program<void> {
  console.log("Results come back as values, errors as exceptions:");
  const other = yield* spawn(background);
  yield* attempt("the average of 1, 2 and 6", average([1, 2, 6]));
  yield* attempt("the average of nothing", average([]));
  yield* wait(other);

  console.log("How deep can it go?");
  yield* attempt("by native yield*", plunge(100_000));
  yield* attempt("by call", dive(100_000));
}
