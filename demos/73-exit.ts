// Part 7, step 3. A task's end.
//
// In the first version of the original the scheduler died with the first task that returned. Here
// a return is an exit: the task leaves the queue, what it held is freed, and the rest go on.
//
// Look for the moment when bar, who has only five rounds to go, ends between two lines of foo.
// (Init is task 1 on this system and main is task 2, so foo is 3 and bar 4.)

import { wait, yieldCpu, type Program } from "../syscalls";
import { startTogether } from "./shared";

export const about = "pyos step 3: a task that returns leaves, and the others go on";

function* foo(): Program<void> {
  for (let i = 0; i < 10; i++) {
    console.log("I'm foo");
    yield* yieldCpu();
  }
}

function* bar(): Program<void> {
  for (let i = 0; i < 5; i++) {
    console.log("I'm bar");
    yield* yieldCpu();
  }
}

export default function* main(): Program<void> {
  for (const pid of yield* startTogether(foo, bar)) yield* wait(pid);
}
