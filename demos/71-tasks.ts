// Part 7, step 1. A task is a program with a number.
//
// A program is a generator: calling `foo()` runs nothing. Once it is spawned it is a task, with an
// id of its own, and the scheduler gives it a turn whenever somebody else gives one up.
//
// Look for how the lines of the task and those of main interleave: every `yield*` is a place where
// the other one runs, and there is no other such place.

import { spawn, wait, yieldCpu, type Program } from "../syscalls";

export const about = "pyos step 1: a program becomes a task, and runs from yield to yield";

function* foo(): Program<void> {
  console.log("Part 1");
  yield* yieldCpu();
  console.log("Part 2");
}

export default function* main(): Program<void> {
  const program = foo();
  console.log("the program is made, and nothing has run");
  const pid = yield* spawn(program, { name: "foo" });
  console.log(`it is task ${pid}, and has had its first turn`);
  yield* wait(pid);
  console.log("it has ended");
}
