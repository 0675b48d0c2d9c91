// Part 6. Two readers of one descriptor.
//
// The original kept its readers in a table with one place per descriptor: a second one overwrote
// the first, who then waited for ever. Here the second gets EBUSY at once, and the first keeps its
// place.
//
// Look for the error, which names who was first; and for the letters: the second reader tries
// again later, and each gets one.

import { decode, pipe, read, sleep, spawn, SystemError, wait, write } from "../syscalls";
import type { Fd, Program } from "../syscalls";

export const about = "bad luck 4: two readers of one descriptor; the second is told, none is lost";

const LETTER = "letter 1".length;

function* reader(name: string, mailbox: Fd): Program<void> {
  for (;;) {
    try {
      console.log(`${name} looks into the mailbox`);
      const letter = yield* read(mailbox, LETTER);
      console.log(`${name} has ${decode(letter)}`);
      return;
    } catch (error) {
      if (!(error instanceof SystemError) || error.errno !== "EBUSY") throw error;
      console.log(error.message);
      yield* sleep(20);
    }
  }
}

export default function* main(): Program<void> {
  const [mailbox, slot] = yield* pipe();
  const readers = [
    yield* spawn(reader("Ann", mailbox), { name: "Ann" }),
    yield* spawn(reader("Ben", mailbox), { name: "Ben" }),
  ];
  console.log("here comes the post");
  yield* write(slot, "letter 1");
  yield* write(slot, "letter 2");
  for (const pid of readers) yield* wait(pid);
}
