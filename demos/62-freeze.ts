// Part 6. A task that computes and computes.
//
// Tasks here are cooperative: between two traps a task has the processor to itself. One that
// computes for a long time without a trap freezes everything else, the clock's interrupts
// included. No kernel of this kind can prevent it; a program can see it, and can be written so
// that it does not happen.
//
// Look at the beats while the hog computes in one piece, and while it gives up the CPU in between.
// Each compares the time it asked for with the time it woke at. (A virtual machine's clock stands
// still while a task computes. There, no beat is ever late.)

import { now, sleepUntil, spawn, wait, yieldCpu, type Program } from "../syscalls";

export const about = "bad luck 2: a long computation freezes all the others, or does not";

/** How long the hog computes, and how late a beat may be before it complains; in milliseconds. */
const WORK = 300;
const PATIENCE = 100;

function* heart(): Program<number> {
  let worst = 0;
  for (let beat = 1; beat <= 5; beat++) {
    const due = (yield* now()) + 20;
    yield* sleepUntil(due);
    const late = (yield* now()) - due;
    console.log(`  beat ${beat} is ${late > PATIENCE ? "far too late" : "in time"}`);
    worst = Math.max(worst, late);
  }
  return worst;
}

/** Computes for `duration` ms. Asking the kernel for the time would be a trap. */
function compute(duration: number): void {
  const end = Date.now() + duration;
  while (Date.now() < end);
}

function* rudeHog(): Program<void> {
  yield* sleepUntil((yield* now()) + 50);
  compute(WORK);
  console.log("  the hog is done");
}

function* politeHog(): Program<void> {
  yield* sleepUntil((yield* now()) + 50);
  for (let i = 0; i < WORK; i++) {
    compute(1);
    yield* yieldCpu();
  }
  console.log("  the hog is done");
}

function* measure(hog: () => Program<void>): Program<void> {
  const heartPid = yield* spawn(heart);
  const hogPid = yield* spawn(hog);
  const end = yield* wait(heartPid);
  yield* wait(hogPid);
  const frozen = end.kind === "exited" && end.value > PATIENCE;
  console.log(`  ${frozen ? "everything stood still meanwhile" : "nobody had to wait"}`);
}

export default function* main(): Program<void> {
  console.log("A hog computes in one piece:");
  yield* measure(rudeHog);
  console.log("The same work, with a yieldCpu() every millisecond:");
  yield* measure(politeHog);
}
