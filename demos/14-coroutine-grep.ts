// Part 1. A coroutine: a generator that receives.
//
// `yield` works in both directions. A generator that uses what `yield` returns is fed by others,
// and waits in the middle of its body for the next value. It can be closed, and cleans up; an error
// can be thrown into it, and arrives at its `yield`.
//
// Plain JavaScript lets two mistakes pass in silence, as the first lines show: the first value sent
// is lost, because nobody waits for it yet, and so are all that come after the end. `coroutine()`
// runs the body to its first `yield` at once, and makes a send after the end an error.

import type { Program } from "../syscalls";
import { coroutine, type Receiver } from "../tasks";

export const about = "a coroutine is primed, sent to, thrown into and closed";

function* grep(pattern: string): Receiver<string> {
  console.log(`  looking for "${pattern}"`);
  try {
    for (;;) {
      const line = yield;
      if (line.includes(pattern)) console.log(`  found: ${line}`);
    }
  } finally {
    console.log("  going away; good-bye");
  }
}

const primed = coroutine(grep);

const patient = coroutine(function* patient(): Receiver<string> {
  for (;;) {
    try {
      console.log(`  got ${yield}`);
    } catch (error) {
      console.log(`  caught ${String(error)}, and goes on`);
    }
  }
});

function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    console.log(`  ${String(error)}`);
  }
}

export default function* main(): Program<void> {
  console.log("a bare generator:");
  const bare = grep("python");
  bare.next("the first python is lost");
  bare.next("the second python is found");
  bare.return();
  bare.next("this python is lost, too");

  console.log("a coroutine:");
  const target = primed("python");
  target.send("the first python is found");
  target.send("a parrot is not");
  console.log("closed:");
  target.close();
  attempt(() => target.send("one python too many"));

  console.log("thrown into:");
  const fragile = primed("python");
  attempt(() => fragile.throw(new Error("a parrot!")));
  attempt(() => fragile.send("python?"));
  const tough = patient();
  tough.throw(new Error("a parrot!"));
  tough.send("a python");
  tough.close();
}
