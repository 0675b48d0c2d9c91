// Part 7, step 5. Making tasks and stopping them.
//
// foo would go on for ever. main gives it five turns, then kills it: the signal TERM is an
// exception at the call that foo is in, so its `finally` runs, and nothing after it does.
//
// Look for the order of the last three lines: foo is gone before main goes on.

import { getpid, kill, yieldCpu, type Program } from "../syscalls";
import { start } from "./shared";

export const about = "pyos step 5: a task makes another and kills it";

function* foo(): Program<void> {
  const me = yield* getpid();
  for (;;) {
    console.log(`I'm foo ${me}`);
    yield* yieldCpu();
  }
}

export default function* main(): Program<void> {
  const me = yield* getpid();
  try {
    const child = yield* start(foo);
    for (let i = 0; i < 5; i++) yield* yieldCpu();
    yield* kill(child);
    console.log("main done");
  } finally {
    console.log(`Task ${me} terminated`);
  }
}
