// Part 6. A task that crashes.
//
// In the original the exception of one task went through the scheduler, and everything died of it.
// An operating system keeps the damage where it was done.
//
// Look for three things: the worker never notices; whoever waits for the crashed task learns why
// it died; and a crash that nobody waits for is not lost either: init reports it, with its stack.

import { sleep, spawn, wait, type Program } from "../syscalls";
import { describeExit } from "../tasks";

export const about = "bad luck 1: a task crashes, the others go on, and somebody learns why";

function* worker(): Program<string> {
  for (const job of ["sweep", "wash", "polish"]) {
    console.log(`worker: ${job}`);
    yield* sleep(20);
  }
  return "a clean house";
}

function* clumsy(): Program<void> {
  console.log("clumsy: I shall carry the vase");
  yield* sleep(10);
  throw new Error("dropped it");
}

export default function* main(): Program<void> {
  const good = yield* spawn(worker);
  const bad = yield* spawn(clumsy);

  const crash = yield* wait(bad);
  console.log(`main: ${describeExit(crash)}`);

  const end = yield* wait(good);
  if (end.kind === "exited") console.log(`main: the worker made ${end.value}`);

  console.log("main: once more, and this time nobody waits for it");
  yield* spawn(clumsy, { detached: true });
  yield* sleep(30);
  console.log("main: still here");
}
