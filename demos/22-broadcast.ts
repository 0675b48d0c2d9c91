// Part 2. One source, many targets.
//
// What a puller cannot do: send every line to several pipelines at once. Each of them keeps its own
// state between two lines, in its local variables.
//
// Look for `bytes`: a line without a number is its death. A broadcast reports that, drops it, and
// goes on with the others. In a pipeline of plain generators the first such line would end it all,
// or, worse, the dead one would go on taking lines in silence.

import type { Program } from "../syscalls";
import { broadcast, coroutine, filter, lineReader, pump, type Receiver } from "../tasks";
import { accessLog } from "./data/access-log";
import { pour } from "./data/pour";

export const about = "one source, many targets; a target that dies is reported and dropped";

const printer = coroutine(function* printer(label: string): Receiver<string> {
  for (;;) console.log(`${label}: ${yield}`);
});

const clients = coroutine(function* clients(): Receiver<string> {
  const seen = new Set<string>();
  try {
    for (;;) seen.add((yield).split(" ", 1)[0] ?? "");
  } finally {
    console.log(`clients: ${[...seen].sort().join(", ")}`);
  }
});

const bytes = coroutine(function* bytes(): Receiver<string> {
  let total = 0;
  try {
    for (;;) {
      const line = yield;
      const count = Number(line.split(" ").at(-1));
      if (Number.isNaN(count)) throw new Error(`no number at the end of "${line}"`);
      total += count;
    }
  } finally {
    console.log(`bytes: ${total} so far`);
  }
});

export default function* main(): Program<void> {
  const targets = [
    filter((line: string) => line.includes("python"), printer("python")),
    bytes(),
    filter((line: string) => line.includes("ply"), printer("ply")),
    clients(),
  ];
  const all = broadcast(targets, (target, error) => {
    console.log(`broadcast: dropped ${target.name}: ${String(error)}`);
  });
  yield* pump(lineReader(yield* pour(accessLog)), all);
}
