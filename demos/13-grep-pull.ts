// Part 1. A pipeline of generators, pulled from its end.
//
// Each stage is a generator with a for…of over the stage before it. Nothing is stored between them:
// who wants a line asks, and the question travels up to the source. Look at the order of the lines
// below: a stage asks for its second line when the first has gone all the way.
//
// Where the source has to wait, asking has to be able to wait too. So on this system the source of
// such a pipeline has a `next` that is itself a program, and a stage is an object with the same.
//
//   genix run demos/13-grep-pull.ts [PATTERN [FILE]]

import { open, type Program } from "../syscalls";
import { lineReader, type Lines } from "../tasks";
import { accessLog } from "./data/access-log";
import { pour } from "./data/pour";

export const about = "a grep pipeline, pulled line by line ([PATTERN [FILE]])";

function* spoken(lines: Iterable<string>): Generator<string> {
  for (const line of lines) {
    console.log(`  source: ${line}`);
    yield line;
  }
}

function* grep(pattern: string, lines: Iterable<string>): Generator<string> {
  for (const line of lines) if (line.includes(pattern)) yield line;
}

/** The same for a source that waits. */
function grepWaiting(pattern: string, lines: Lines): Lines {
  return {
    *next() {
      for (;;) {
        const line = yield* lines.next();
        if (line === undefined || line.includes(pattern)) return line;
      }
    },
  };
}

export default function* main(argv: string[] = []): Program<void> {
  const [pattern = "python", file] = argv;
  if (file === undefined) {
    console.log("pulled out of a list:");
    const poem = ["a python", "a parrot", "another python"];
    for (const line of grep("python", spoken(poem))) console.log(`  found: ${line}`);
    console.log(`pulled out of a pipe, 20 bytes at a time, for "${pattern}":`);
  }
  const fd = file === undefined ? yield* pour(accessLog, 20) : yield* open(file);
  const found = grepWaiting(pattern, lineReader(fd));
  for (let line = yield* found.next(); line !== undefined; line = yield* found.next()) {
    console.log(line);
  }
}
