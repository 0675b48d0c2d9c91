// Part 1. A generator is a function that stops halfway and waits to be asked for more.
//
// Calling one runs nothing. Each `next()` runs it to its next `yield`, and there it stops, with its
// variables and its place in the loop, for as long as you like. for…of asks until it has ended.
//
// All of this system follows from that: if a function can stop anywhere, somebody else can run
// meanwhile. Look for the two rockets at the end: each is a plain loop, both count at once.

import { sleep, spawn, wait, type Program } from "../syscalls";

export const about = "generators: a function that stops halfway, and two that do so at once";

function* countdown(from: number): Generator<number> {
  console.log(`(counting down from ${from})`);
  for (let n = from; n > 0; n--) yield n;
  console.log("(done)");
}

function* rocket(name: string, pause: number): Program<void> {
  for (const n of countdown(3)) {
    console.log(`${name}: ${n}`);
    yield* sleep(pause);
  }
  console.log(`${name} lifts off`);
}

export default function* main(): Program<void> {
  const numbers = countdown(3);
  console.log("it is made, and not a line of it has run");
  console.log(`asked once: ${numbers.next().value}`);
  console.log("nobody asks, so it waits");
  for (const n of numbers) console.log(`asked by for…of: ${n}`);
  console.log(`asked after the end: ${String(numbers.next().value)}\n`);

  const rockets = [
    yield* spawn(rocket("Ariane", 100), { name: "Ariane" }),
    yield* spawn(rocket("Soyuz", 140), { name: "Soyuz" }),
  ];
  for (const pid of rockets) yield* wait(pid);
}
