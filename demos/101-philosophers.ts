// Part 10. The dining philosophers (Dijkstra, 1965).
//
// Five philosophers sit around a table, with a fork between each two. Who is hungry takes the
// fork on the left, then the one on the right. When all take their left one at once, each holds
// what the next one waits for, and nobody ever eats again.
//
//   genix run demos/101-philosophers.ts            they starve, and genix says who waits for whom
//   genix run demos/101-philosophers.ts lucky      the same, but they happen to come in turn
//   genix run demos/101-philosophers.ts order      cure 1: everybody takes the lower number first
//   genix run demos/101-philosophers.ts waiter     cure 2: a waiter lets four sit down at a time
//   genix run demos/101-philosophers.ts patience   cure 3: lay down the first fork, try later
//
// Each cure takes away one of the things that a deadlock needs: `order` the circle; `waiter` the
// fifth hand in it; `patience` that nobody lets go. Look at `lucky` too: nothing goes wrong, and
// genix warns all the same, for it has seen forks taken in orders that make a circle. It warns
// with `waiter` as well: it sees that the orders are the same, and cannot count seats.

import { random, sleep, type Program } from "../syscalls";
import { group, Mutex, Semaphore, timeout, TimeoutError } from "../tasks";
import { say, startClock } from "./shared";

export const about = "five philosophers starve; three cures ([lucky | order | waiter | patience])";

const NAMES = ["plato", "kant", "hume", "laozi", "hypatia"];
const MEALS = 2;

/** How to get both forks, eat, and lay them down. */
type Manners = (left: Mutex, right: Mutex) => Program<void>;

function* naive(left: Mutex, right: Mutex): Program<void> {
  yield* left.with(function* reach() {
    yield* sleep(1); // reaches across the plate
    yield* right.with(eat);
  });
}

function* eat(): Program<void> {
  yield* sleep(10);
}

/** Somebody's two forks are the first and the last; that one now reaches the other way. */
function* order(left: Mutex, right: Mutex): Program<void> {
  if (left.name < right.name) yield* naive(left, right);
  else yield* naive(right, left);
}

/** Four philosophers cannot hold five forks so that none has two. */
const seats = new Semaphore(NAMES.length - 1, { name: "seats" });

function* waiter(left: Mutex, right: Mutex): Program<void> {
  yield* seats.with(() => naive(left, right));
}

/** The pauses are random, or they would all give up and come back together, for ever. */
function* patience(left: Mutex, right: Mutex): Program<void> {
  for (let pause = 5; ; pause *= 2) {
    try {
      return yield* left.with(function* tryRight() {
        yield* sleep(1);
        yield* timeout(5, right.lock());
        yield* finallyUnlock(right, eat());
      });
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
    }
    yield* sleep(pause * (yield* random()));
  }
}

function* finallyUnlock(fork: Mutex, meal: Program<void>): Program<void> {
  try {
    yield* meal;
  } finally {
    yield* fork.unlock();
  }
}

const choices: Readonly<Record<string, Manners>> = { naive, lucky: naive, order, waiter, patience };

function* philosopher(name: string, dine: () => Program<void>): Program<void> {
  for (let meal = 1; meal <= MEALS; meal++) {
    yield* dine();
    yield* say(`${name} has eaten ${meal === 1 ? "once" : "twice"}`);
  }
}

export default function* main([choice = "naive"]: string[] = []): Program<void> {
  const manners = choices[choice];
  if (manners === undefined)
    throw new RangeError(`there is only ${Object.keys(choices).join(", ")}`);
  const forks = NAMES.map((_, i) => new Mutex(`fork ${i + 1}`));
  yield* startClock();
  yield* group(function* table(g) {
    for (const [seat, name] of NAMES.entries()) {
      const [left, right] = [forks[seat], forks[(seat + 1) % forks.length]] as [Mutex, Mutex];
      yield* g.spawn(
        philosopher(name, () => manners(left, right)),
        { name },
      );
      if (choice === "lucky") yield* sleep(50);
    }
  });
  yield* say("nobody has starved");
}
