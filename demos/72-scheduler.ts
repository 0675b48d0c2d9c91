// Part 7, step 2. The scheduler is a queue.
//
// Whoever is at its head runs to the next trap and goes to its end: first come, first served, and
// nobody is forgotten. Look for the order: foo, bar, baz, round after round, though none of them
// knows of the others.

import { wait, yieldCpu, type Program } from "../syscalls";
import { startTogether } from "./shared";

export const about = "pyos step 2: three tasks take turns, first come, first served";

const ROUNDS = 3;

function* foo(): Program<void> {
  for (let i = 0; i < ROUNDS; i++) {
    console.log("I'm foo");
    yield* yieldCpu();
  }
}

function* bar(): Program<void> {
  for (let i = 0; i < ROUNDS; i++) {
    console.log("I'm bar");
    yield* yieldCpu();
  }
}

function* baz(): Program<void> {
  for (let i = 0; i < ROUNDS; i++) {
    console.log("I'm baz");
    yield* yieldCpu();
  }
}

export default function* main(): Program<void> {
  for (const pid of yield* startTogether(foo, bar, baz)) yield* wait(pid);
}
