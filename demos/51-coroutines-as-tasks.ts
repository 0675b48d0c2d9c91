// Part 5. Coroutines as tasks.
//
// A coroutine runs until it yields, keeps its local variables while it is parked, and goes on
// where it was. That is all a processor asks of a task. So fewer than twenty lines make a
// scheduler: look for `runAll`, and see how foo and bar take turns.
//
// Then look at what it takes to sleep. The toy has no way to wait: its tasks can only ask "is it
// time yet?" over and over. A kernel is what you get when a task may say what it waits for: its
// sleeper takes one turn to fall asleep and one to wake, however long it sleeps.

import { now, ps, sleep, spawn, wait, yieldCpu, type Program } from "../syscalls";

export const about = "a scheduler of twenty lines, and what a kernel adds to it";

/** The whole scheduler: who is first in the queue runs to its next yield, then goes to its end. */
function runAll(...tasks: Generator<void, void, void>[]): number {
  let turns = 0;
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
    turns += 1;
    if (task.next().done !== true) tasks.push(task);
  }
  return turns;
}

function* counter(name: string, rounds: number): Generator<void, void, void> {
  for (let i = 1; i <= rounds; i++) {
    console.log(`  ${name} ${i}`);
    yield;
  }
}

/** Sleeping without a kernel: a turn is spent on every look at the clock. */
function* restless(clock: { time: number }, until: number): Generator<void, void, void> {
  while (clock.time < until) yield;
  console.log("  restless: it is time");
}

function* ticking(clock: { time: number }): Generator<void, void, void> {
  for (; clock.time < 1000; clock.time++) yield;
}

function* sleeper(): Program<void> {
  yield* sleep(1000);
  console.log("  sleeper: it is time");
}

/** What a toy cannot know: each task's name, state, and what it waits for. */
function* lookAround(): Program<void> {
  yield* yieldCpu();
  for (const { pid, name, state, call } of yield* ps()) {
    console.log(`  task ${pid} ${name}: ${state}${call === undefined ? "" : ` in ${call}`}`);
  }
}

export default function* main(): Program<void> {
  console.log("A scheduler made by hand runs two counters:");
  const turns = runAll(counter("foo", 3), counter("bar", 2));
  console.log(`  ${turns} turns, one more for each to find that it has ended`);

  console.log("A task of the toy waits for 1,000 ticks of a clock:");
  const clock = { time: 0 };
  console.log(`  ${runAll(restless(clock, 1000), ticking(clock))} turns, and all it did was look`);

  console.log("A task of the kernel sleeps for 1,000 ms:");
  const began = yield* now();
  const pid = yield* spawn(sleeper);
  yield* lookAround();
  yield* wait(pid);
  const slept = (yield* now()) - began;
  console.log(
    `  it slept ${slept >= 1000 ? "long enough" : "too little"}, in two turns of its own`,
  );
}
