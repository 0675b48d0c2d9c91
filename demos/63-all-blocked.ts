// Part 6. All tasks are blocked.
//
// Two diners, two forks, and each has taken one and waits for the other's. In the original the
// scheduler went on with an empty queue, for ever and in silence. This kernel notices the moment
// in which nothing can happen any more: no task is ready, no deadline is ahead, no device is open.
//
// Look at the report: every task, the call it waits in, and what for. Then the tasks are told to
// stop, and put down their forks.

import { park, sleep, spawn, unpark, wait, waitQueue } from "../syscalls";
import type { Program, WaitQueue } from "../syscalls";

export const about = "bad luck 3: all tasks wait for each other, and the report says for what";

/** A lock of one's own, made of a flag and a wait queue. */
class Fork {
  #taken = false;
  readonly #queue: WaitQueue;

  constructor(name: string) {
    this.#queue = waitQueue(name);
  }

  *take(): Program<void> {
    while (this.#taken) yield* park(this.#queue);
    this.#taken = true;
  }

  *put(): Program<void> {
    this.#taken = false;
    yield* unpark(this.#queue);
  }
}

function* diner(name: string, first: Fork, second: Fork): Program<void> {
  yield* first.take();
  console.log(`${name} has one fork`);
  try {
    yield* sleep(10);
    yield* second.take();
    console.log(`${name} eats`);
    yield* second.put();
  } finally {
    console.log(`${name} puts it down`);
    yield* first.put();
  }
}

export default function* main(): Program<void> {
  const left = new Fork("the left fork");
  const right = new Fork("the right fork");
  const diners = [
    yield* spawn(diner("Alice", left, right), { name: "Alice" }),
    yield* spawn(diner("Bob", right, left), { name: "Bob" }),
  ];
  for (const pid of diners) yield* wait(pid);
}
