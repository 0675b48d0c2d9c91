// Part 2. Many senders, one target.
//
// A broadcast parts the stream, and here it comes together again: two filters push into one
// printer. A line that both let through arrives twice.
//
// Who closes the printer? A coroutine that ends closes its target, so the first filter to end would
// close it to the other. `fanIn` gives each of them an inlet of its own; the target is closed with
// the last of them. Look for the good-bye of the printer: there is one.

import type { Program } from "../syscalls";
import { broadcast, coroutine, fanIn, feed, filter, lineReader, pump } from "../tasks";
import type { Receiver, Target } from "../tasks";
import { accessLog } from "./data/access-log";
import { pour } from "./data/pour";

export const about = "many senders, one target, which is closed with the last of them";

const printer = coroutine(function* printer(): Receiver<string> {
  try {
    for (;;) console.log(yield);
  } finally {
    console.log("(good-bye)");
  }
});

function grep(pattern: string, target: Target<string>): Target<string> {
  return filter((line) => line.includes(pattern), target);
}

export default function* main(): Program<void> {
  const { python, ply } = fanIn(printer(), "python", "ply");
  const both = broadcast([grep("python", python), grep("ply", ply)], (_target, error) => {
    throw error;
  });
  yield* pump(lineReader(yield* pour(accessLog)), both);

  console.log("without fanIn:");
  const shared = printer();
  feed(["from the first"], shared);
  try {
    feed(["from the second"], shared);
  } catch (error) {
    console.log(String(error));
  }
}
