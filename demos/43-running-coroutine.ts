// Part 4. The classic failure: sending into a coroutine that is running.
//
// A coroutine that sends waits in that `send` until the other one has dealt with the value. All
// that time it is running, though others have the word. Who sends to it now asks it to listen in
// the middle of its own sentence. That cannot work; and the fault is the whole circle, not the
// place where it closes, so the error names the chain.
//
// Two tasks that send into one coroutine are no such case. A send is one step, in which no other
// task runs.
//
// The cure is at the end. What comes back is not sent but queued, and whoever owns the queue sends
// it when the coroutine is waiting again.

import type { Program } from "../syscalls";
import { coroutine, ReentryError, type Receiver, type Target } from "../tasks";

export const about = "sending into a coroutine that is running, and how not to";

/** A circle has to be closed after its parts are made. */
interface Later {
  target?: Target<number>;
}

const a = coroutine(function* a(next: Target<number>): Receiver<number> {
  for (;;) next.send((yield) + 1);
});

const b = coroutine(function* b(back: Later): Receiver<number> {
  for (;;) {
    const value = yield;
    back.target?.send(value * 2);
  }
});

function circle(): void {
  const back: Later = {};
  back.target = a(b(back));
  back.target.send(1);
}

/** Nobody sees a circle here: it runs through a callback. */
const counter = coroutine(function* counter(onTen: () => void): Receiver<string> {
  for (let count = 1; ; count++) {
    yield;
    if (count % 10 === 0) onTen();
  }
});

function callback(): void {
  const target: Target<string> = counter(() => target.send("that was ten"));
  for (let i = 0; i < 10; i++) target.send("one more");
}

/** JavaScript says only that there is one, and not where it goes. */
function bareGenerator(): void {
  function* loop(self: () => Receiver<number>): Receiver<number> {
    for (;;) self().next(yield);
  }
  const bare: Receiver<number> = loop(() => bare);
  bare.next(0);
  bare.next(1);
}

/** The halves of the circle no longer call each other; this loop calls them by turns. */
function queue(): void {
  const waiting = [1];
  const double = coroutine(function* double(): Receiver<number> {
    for (;;) waiting.push((yield) * 2);
  });
  const head = a(double());
  for (let value = waiting.shift(); value !== undefined; value = waiting.shift()) {
    console.log(`  a gets ${value}`);
    if (value < 20) head.send(value);
  }
  head.close();
}

function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    console.log(`  ${String(error)}`);
    if (error instanceof ReentryError) console.log(`  its chain: ${error.chain.join(", ")}`);
  }
}

export default function* main(): Program<void> {
  console.log("a bare generator that sends to itself:");
  attempt(bareGenerator);
  console.log("a sends to b, and b to a:");
  attempt(circle);
  console.log("a callback that sends to its caller:");
  attempt(callback);
  console.log("the cure, a queue:");
  queue();
}
