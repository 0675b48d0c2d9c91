// Part 7, step 6. Waiting for a task.
//
// A parent that waits is on no queue of the scheduler's: it costs nothing until its child has
// ended. (In the original the reply only said whether there was such a task; here it tells how it
// ended. And a task that waits for itself, which hung there for ever, gets EDEADLK: try `--self`.)
//
// Look for "Waiting for child" after foo's first line, and "Child done" after its last.

import { getpid, SystemError, wait, yieldCpu, type Program } from "../syscalls";
import { start } from "./shared";

export const about = "pyos step 6: a parent waits for its child, at no cost";

function* foo(): Program<void> {
  for (let i = 0; i < 5; i++) {
    console.log("I'm foo");
    yield* yieldCpu();
  }
}

export default function* main(argv: string[] = []): Program<void> {
  const me = yield* getpid();
  try {
    const child = yield* start(foo);
    console.log("Waiting for child");
    yield* wait(child);
    console.log("Child done");
    if (argv.includes("--self")) yield* waitForSelf();
  } finally {
    console.log(`Task ${me} terminated`);
  }
}

function* waitForSelf(): Program<void> {
  try {
    yield* wait(yield* getpid());
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    console.log(error.message);
  }
}
