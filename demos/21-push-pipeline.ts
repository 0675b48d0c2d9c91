// Part 2. A pipeline that is pushed: source -> filter -> sink.
//
// The source is the one who runs; it sends each line into a coroutine, which sends it on, and so
// forth, all within that one `send`. Only the source waits for anything. So it is a task, and the
// coroutines behind it are plain generators that know nothing of tasks: `grep` below would do the
// same without this system.
//
//   genix run demos/21-push-pipeline.ts [PATTERN [FILE]]      as tail -f FILE | grep, until Ctrl-C
//
// Look at the end: closing the head closes what is behind it, one after the other, so the sink can
// say what it has seen. JavaScript itself would leave it hanging there, for ever.

import type { Program } from "../syscalls";
import { coroutine, follow, lineReader, type Lines, type Receiver, type Target } from "../tasks";
import { accessLog } from "./data/access-log";
import { pour } from "./data/pour";

export const about = "source -> filter -> sink, pushed by a task ([PATTERN [FILE]])";

/** The source: a task's loop. */
function* source(lines: Lines, target: Target<string>): Program<void> {
  try {
    for (let line = yield* lines.next(); line !== undefined; line = yield* lines.next()) {
      target.send(line);
    }
  } finally {
    target.close();
  }
}

/** A filter: receives, and sends on. */
const grep = coroutine(function* grep(pattern: string, target: Target<string>): Receiver<string> {
  for (;;) {
    const line = yield;
    if (line.includes(pattern)) target.send(line);
  }
});

/** A sink: receives. */
const printer = coroutine(function* printer(): Receiver<string> {
  let count = 0;
  try {
    for (;;) {
      console.log(yield);
      count += 1;
    }
  } finally {
    console.log(`(lines: ${count})`);
  }
});

export default function* main(argv: string[] = []): Program<void> {
  const [pattern = "python", file] = argv;
  const lines = file === undefined ? lineReader(yield* pour(accessLog, 20)) : yield* follow(file);
  yield* source(lines, grep(pattern, printer()));
}
