// Part 10. The lost update.
//
// Two tellers carry out orders: so much from one account to another. Each reads the balance, asks
// the head office, and stores what is left. Between two system calls a task runs alone, so nobody
// comes between the lines of a teller; but the head office answers in 50 ms, and what the teller
// has read is then old. Who stores it undoes what others have stored meanwhile.
//
//   genix run demos/106-bank.ts            the audit counts money that nobody has paid in
//   genix run demos/106-bank.ts mutex      cure 1: one order at a time
//   genix run demos/106-bank.ts fresh      cure 2: read, and store, with no system call between
//
// For most of the day nothing goes wrong. docs/debugging-a-lost-update.md goes back from the audit
// to the moment in which it did.

import { sleep, spawn, stdout, wait, write, type Program } from "../syscalls";
import { Mutex } from "../tasks";

export const about = "a bank loses an update, and an audit finds it; two cures ([mutex | fresh])";

const ASKING = 50;

type Accounts = Record<"ann" | "ben" | "cid", number>;

interface Order {
  readonly from: keyof Accounts;
  readonly to: keyof Accounts;
  readonly amount: number;
}

type Transfer = (accounts: Accounts, order: Order) => Program<void>;

function* naive(accounts: Accounts, { from, to, amount }: Order): Program<void> {
  const before = accounts[from];
  yield* sleep(ASKING); // the head office agrees
  accounts[from] = before - amount;
  accounts[to] += amount;
}

const counter = new Mutex("counter");

function* mutex(accounts: Accounts, order: Order): Program<void> {
  yield* counter.with(() => naive(accounts, order));
}

function* fresh(accounts: Accounts, { from, to, amount }: Order): Program<void> {
  yield* sleep(ASKING);
  accounts[from] -= amount;
  accounts[to] += amount;
}

const choices: Readonly<Record<string, Transfer>> = { naive, mutex, fresh };

const orders = {
  uma: [
    { from: "ann", to: "ben", amount: 30 },
    { from: "ben", to: "cid", amount: 20 },
    { from: "ann", to: "cid", amount: 10 },
  ],
  vic: [
    { from: "cid", to: "ann", amount: 40 },
    { from: "ann", to: "ben", amount: 25 },
  ],
} as const;

function* teller(
  name: keyof typeof orders,
  pace: number,
  carryOut: (order: Order) => Program<void>,
): Program<void> {
  for (const order of orders[name]) {
    yield* sleep(pace); // counts the notes
    yield* carryOut(order);
    const { amount, from, to } = order;
    yield* write(stdout, `${name}: ${amount} from ${from} to ${to}\n`);
  }
}

function audit(accounts: Accounts, paidIn: number): void {
  const sum = accounts.ann + accounts.ben + accounts.cid;
  if (sum !== paidIn) throw new Error(`the accounts hold ${sum}, and ${paidIn} was paid in`);
}

export default function* main([choice = "naive"]: string[] = []): Program<void> {
  const transfer = choices[choice];
  if (transfer === undefined)
    throw new RangeError(`there is only ${Object.keys(choices).join(", ")}`);
  const accounts = { ann: 100, ben: 100, cid: 100 };
  const carryOut = (order: Order) => transfer(accounts, order);
  const uma = yield* spawn(teller("uma", 100, carryOut), { name: "uma" });
  const vic = yield* spawn(teller("vic", 160, carryOut), { name: "vic" });
  for (const pid of [uma, vic]) yield* wait(pid);
  audit(accounts, 300);
  yield* write(stdout, "the audit has found nothing\n");
}
