// Part 4. A target in a process of its own.
//
// `processed` is `threaded` with a higher wall: the target has a memory of its own, and if it dies
// the worst of deaths it takes nothing along. Its standard output is the same as ours.
//
// Here it keeps the books. Errors cross in both directions: one that is thrown into it is an order
// to print the balance, caught over there; one that it throws ends it, and is told to whoever sends
// next, or closes it. And whoever owns a target need not think of closing it: look at the last one,
// whose owner is killed. Its `finally` runs all the same.

import { getpid, kill, spawn, wait, type Program } from "../syscalls";
import { processed, RemoteError, type Receiver, type RemoteTarget } from "../tasks";

export const about = "a target in a process of its own, thrown into, broken, and left alone";

interface Entry {
  readonly text: string;
  readonly amount: number;
}

/** Over there. */
export function* books(owner: string): Receiver<Entry> {
  let balance = 0;
  try {
    for (;;) {
      try {
        const { text, amount } = yield;
        if (balance + amount < 0) throw new RangeError(`no money for ${text}`);
        balance += amount;
      } catch (error) {
        if ((error as Error).name !== "Audit") throw error;
        console.log(`  ${owner}: ${(error as Error).message}: ${balance}`);
      }
    }
  } finally {
    console.log(`  ${owner}: the books are closed at ${balance}`);
  }
}

function open(owner: string): Program<RemoteTarget<Entry>> {
  return processed(__filename, "books", owner);
}

function audit(why: string): Error {
  return Object.assign(new Error(why), { name: "Audit" });
}

function* ann(): Program<void> {
  const account = yield* open("Ann");
  yield* account.send({ text: "wages", amount: 100 });
  yield* account.throw(audit("end of the week"));
  yield* account.send({ text: "a book", amount: -30 });
  yield* account.close();
}

function* bob(): Program<void> {
  const account = yield* open("Bob");
  yield* account.send({ text: "wages", amount: 100 });
  yield* account.send({ text: "a yacht", amount: -1_000_000 });
  yield* account.send({ text: "a captain", amount: -1000 });
  try {
    yield* account.close();
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    console.log(`here: ${error.message}`);
  }
}

function* eve(): Program<void> {
  const account = yield* open("Eve");
  yield* account.send({ text: "a gift", amount: 5 });
  yield* account.throw(audit("before the end"));
  yield* kill(yield* getpid(), "KILL");
}

export default function* main(): Program<void> {
  console.log("Ann's account:");
  yield* ann();
  console.log("Bob's account:");
  yield* bob();
  console.log("Eve's account, whose owner is killed:");
  yield* wait(yield* spawn(eve));
}
