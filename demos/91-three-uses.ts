// Part 9. The three uses of yield.
//
// The same keyword does three jobs, and the function looks the same each time. What differs is who
// is at the other end:
//
//   iteration   yield sends data out, to a `for` loop that pulls        countdown
//   coroutine   yield takes data in, from someone who pushes            mean
//   task        yield traps: the kernel services it and replies         napper
//
// They do not mix. Look at the second half: what becomes of a generator in the wrong hands. A good
// rule is that a generator has one of the three jobs, and that its type says which.

import { now, sleep, spawn, wait, type Program } from "../syscalls";
import { describeExit } from "../tasks";

export const about = "iteration, coroutine, task: three uses of yield, and why not to mix them";

/** 1. Iteration: produces numbers, receives nothing. */
function* countdown(from: number): Generator<number, void, void> {
  for (let n = from; n > 0; n--) yield n;
}

/** 2. Coroutine: receives numbers for as long as it lives, answers each with the mean so far. */
function* mean(): Generator<number, void, number> {
  let sum = 0;
  for (let count = 1; ; count++) sum += yield sum / (count - 1 || 1);
}

/** 3. Task: what it yields is for the kernel alone; what it has to tell, it returns. */
function* napper(): Program<number> {
  const began = yield* now();
  yield* sleep(20);
  return (yield* now()) - began;
}

/** All at once: a task that would like to be an iterator too. */
function* muddle(): Program<void> {
  yield* sleep(20);
  // @ts-expect-error The type checker objects: a number is no system call.
  yield 3; // eslint-disable-line genix/no-foreign-yield -- so does the linter
}

function* inGoodHands(): Program<void> {
  console.log(`iteration: ${[...countdown(3)].join(" ")}`);

  const coroutine = mean();
  coroutine.next(); // A coroutine has to get to its first yield before it can receive.
  const means = [2, 4, 9].map((n) => coroutine.next(n).value);
  coroutine.return();
  console.log(`coroutine: ${means.join(" ")}`);

  const end = yield* wait(yield* spawn(napper));
  if (end.kind === "exited") console.log(`task: ${end.value >= 20 ? "slept well" : "slept badly"}`);
}

function* inWrongHands(): Program<void> {
  const yielded = [...napper()].map(String);
  console.log(`a task in a for loop: ${yielded.join(", ")}; nobody slept`);

  const coroutine = mean();
  const means = [100, 2].map((n) => coroutine.next(n).value);
  console.log(`a coroutine that was not started first: ${means.join(" ")}; the 100 is lost`);

  const end = yield* wait(yield* spawn(muddle));
  console.log(`data from a task: ${describeExit(end)}`);
}

export default function* main(): Program<void> {
  yield* inGoodHands();
  yield* inWrongHands();
}
