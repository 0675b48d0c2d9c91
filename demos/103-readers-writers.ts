// Part 10. Readers and writers.
//
// A timetable hangs on the wall. Any number of people may read it together; who changes it must
// be alone with it. An RwLock says who may go in.
//
// The question is what becomes of a writer who comes while somebody reads. Were the next readers
// let in with the first, as they get along so well, a writer might wait for ever, as long as one
// reader always comes before another leaves. Let writers go first, and the readers may starve.
// Here it is first come, first served: look at dan, who could read at once, with ann and ben,
// but came after the writer. So he waits behind her, and then all who wait to read go in
// together.
//
// One line a task, one column for 5 ms:   - waits   r reads   w writes

import { sleep, type Program } from "../syscalls";
import { map, RwLock } from "../tasks";
import { elapsed, startClock } from "./shared";

export const about = "readers and writers: who waits for whom, as a timeline";

const COLUMN = 5;

/** Who comes when, to do what, for how long. */
const people = [
  { name: "ann", comes: 0, does: "r", takes: 40 },
  { name: "ben", comes: 10, does: "r", takes: 20 },
  { name: "Wanda", comes: 20, does: "w", takes: 30 },
  { name: "dan", comes: 25, does: "r", takes: 20 },
  { name: "eve", comes: 35, does: "r", takes: 30 },
  { name: "Wim", comes: 50, does: "w", takes: 20 },
  { name: "fay", comes: 75, does: "r", takes: 15 },
] as const;

type Person = (typeof people)[number];

function* visit(lock: RwLock, person: Person): Program<string> {
  yield* sleep(person.comes);
  let began = 0;
  const stay = function* (): Program<void> {
    began = yield* elapsed();
    yield* sleep(person.takes);
  };
  yield* person.does === "r" ? lock.withRead(stay) : lock.withWrite(stay);
  return draw(person, began, yield* elapsed());
}

function draw({ name, comes, does }: Person, began: number, ended: number): string {
  const [a, b, c] = [comes, began, ended].map((time) => Math.round(time / COLUMN)) as [
    number,
    number,
    number,
  ];
  return `${name.padEnd(5)} |${" ".repeat(a)}${"-".repeat(b - a)}${does.repeat(c - b)}`;
}

export default function* main(): Program<void> {
  const lock = new RwLock("timetable");
  yield* startClock();
  const lines = yield* map(people, (person) => visit(lock, person));
  console.log(lines.join("\n"));
}
