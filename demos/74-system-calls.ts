// Part 7, step 4. A system call.
//
// `yield* getpid()` is the whole mechanism: the task yields an object that says what it wants, the
// kernel reads it, and sends the reply back in. To the task it looks like a function that returns;
// to the type checker as well: `me` is a number.
//
// Look for the ids in the lines, and for foo, who now is the one to end first.

import { getpid, wait, yieldCpu, type Program } from "../syscalls";
import { startTogether } from "./shared";

export const about = "pyos step 4: the first system call, getting one's own id";

function* foo(): Program<void> {
  const me = yield* getpid();
  for (let i = 0; i < 5; i++) {
    console.log(`I'm foo ${me}`);
    yield* yieldCpu();
  }
}

function* bar(): Program<void> {
  const me = yield* getpid();
  for (let i = 0; i < 10; i++) {
    console.log(`I'm bar ${me}`);
    yield* yieldCpu();
  }
}

export default function* main(): Program<void> {
  for (const pid of yield* startTogether(foo, bar)) yield* wait(pid);
}
