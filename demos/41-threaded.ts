// Part 4. The second half of a pipeline in a thread of its own.
//
// A coroutine does not care who sends to it, nor from where. `threaded` builds one in a thread:
// `bigReplies` below runs there, with a filter and a printer behind it, while the tasks here go on.
// A function cannot cross to a thread, so it is named by its module and its export; what is sent
// crosses as JSON.
//
// Three things stay as they were: `send`, which now waits when the thread falls behind by 16
// messages; `close`, which comes back when everything over there has been closed; and errors. Look
// at the second pipeline: it breaks over there, and the error arrives here, with the line.

import type { Program } from "../syscalls";
import { coroutine, filter, lineReader, threaded, type Receiver } from "../tasks";
import { accessLog } from "./data/access-log";
import { pour } from "./data/pour";

export const about = "the second half of a pipeline in a thread of its own";

/** Over there: a filter, and what it sends to. */
export function* bigReplies(least: number): Receiver<string> {
  const big = filter((line: string) => sizeOf(line) >= least, printer());
  try {
    for (;;) big.send(yield);
  } finally {
    big.close();
  }
}

const printer = coroutine(function* printer(): Receiver<string> {
  try {
    for (;;) console.log(`  in the thread: ${yield}`);
  } finally {
    console.log("  in the thread: good-bye");
  }
});

function sizeOf(line: string): number {
  const field = line.split(" ").at(-1);
  if (field === undefined || !/^(\d+|-)$/.test(field)) throw new RangeError(`no size: ${line}`);
  return field === "-" ? 0 : Number(field);
}

/** Here: the source. */
function* source(log: string): Program<void> {
  const lines = lineReader(yield* pour(log));
  const target = yield* threaded<string>(__filename, "bigReplies", 50_000);
  try {
    for (let line = yield* lines.next(); line !== undefined; line = yield* lines.next()) {
      yield* target.send(line);
    }
  } finally {
    yield* target.close();
  }
}

export default function* main(): Program<void> {
  console.log("replies of 50,000 bytes and more:");
  yield* source(accessLog);
  console.log("the same with a line that breaks it:");
  try {
    yield* source(`10.0.0.7  GET /big.iso 700000000\n10.0.0.7  GET /\n`);
  } catch (error) {
    console.log(`here: ${String(error)}`);
  }
}
