// Part 10. A producer, consumers, and a shelf between them.
//
// The baker bakes faster than the shop can sell. The shelf settles it: a channel that holds two
// loaves. When it is full `send` waits, so the baker slows down to what is sold, and the bakery
// never fills up with bread. That is backpressure, and nobody had to write it.
//
// Look at the end of the day, too. `close` says that no more will come; what is on the shelf is
// still sold, and then the loop of each seller ends by itself.
//
// Two sellers do not see that end. Bob is told to go home (TERM) while he serves: he is shielded
// then, so he serves to the end. Cid has fallen asleep on his feet (STOP); a loaf is handed to
// him, and before he looks at it lightning strikes him (KILL). No code of his runs any more, so
// the system hands that loaf to the next one. Count the loaves.

import { Channel, kill, sleep, spawn, wait, type Program } from "../syscalls";
import { describeExit, each, shield } from "../tasks";
import { elapsed, say, startClock } from "./shared";

export const about = "producer and consumers: backpressure, close and drain, and no loaf is lost";

const LOAVES = 8;
const BAKING = 5;
const SERVING = 20;

function* baker(shelf: Channel<number>): Program<void> {
  for (let loaf = 1; loaf <= LOAVES; loaf++) {
    yield* sleep(BAKING);
    const full = shelf.length === shelf.capacity;
    const baked = yield* elapsed();
    yield* shelf.send(loaf);
    const waited = (yield* elapsed()) - baked;
    yield* say(
      `baker: loaf ${loaf}${full && waited > 0 ? `, which waited ${waited} ms for room` : ""}`,
    );
  }
  yield* shelf.close();
  yield* say(`baker: that was all; ${shelf.length} on the shelf`);
}

function* seller(name: string, shelf: Channel<number>, till: number[]): Program<void> {
  yield* each(shelf, (loaf) => shield(serve(name, loaf, till)));
  yield* say(`${name}: sold out`);
}

function* serve(name: string, loaf: number, till: number[]): Program<void> {
  yield* sleep(SERVING);
  till.push(loaf);
  yield* say(`${name}: sold loaf ${loaf}`);
}

export default function* main(): Program<void> {
  const shelf = new Channel<number>(2, { name: "shelf" });
  const till: number[] = [];
  yield* startClock();
  const open = (name: string) => spawn(seller(name, shelf, till), { name });

  const cid = yield* open("cid"); // waits in front of ann
  const ann = yield* open("ann");
  yield* kill(cid, "STOP");
  const bakery = yield* spawn(baker(shelf), { name: "baker" });
  yield* sleep(BAKING + 2);
  yield* kill(cid, "KILL", "lightning");
  yield* say(`main: ${describeExit(yield* wait(cid))}`);

  const bob = yield* open("bob");
  yield* sleep(SERVING / 2);
  yield* kill(bob, "TERM", "go home");
  yield* say(`main: ${describeExit(yield* wait(bob))}`);

  for (const pid of [bakery, ann]) yield* wait(pid);
  console.log(`baked ${LOAVES}, sold ${till.sort((a, b) => a - b).join(" ")}`);
}
