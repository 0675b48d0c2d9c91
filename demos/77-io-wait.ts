// Part 7, step 7. Waiting for input and output.
//
// `readWait` and `writeWait` read and write nothing: they park the task until its next read, or
// its next write, would not block. With them one slow reader no longer holds up the rest.
//
// Look for "I'm alive!": it goes on while the writer waits for room in a full pipe, and while the
// reader waits for bytes. (`read` and `write` wait by themselves; these two are for programs that
// want to know without taking.)

import { close, pipe, read, readWait, sleep, spawn, wait, write, writeWait } from "../syscalls";
import type { Fd, Program } from "../syscalls";

export const about = "pyos step 7: tasks wait for bytes, and for room, while others run";

const PIPE_SIZE = 65536;

function* alive(): Program<void> {
  for (;;) {
    console.log("I'm alive!");
    yield* sleep(40);
  }
}

function* writer(fd: Fd): Program<void> {
  yield* write(fd, "x".repeat(PIPE_SIZE));
  console.log("writer: the pipe is full");
  yield* writeWait(fd);
  console.log("writer: there is room again");
  yield* sleep(80);
  yield* writeWait(fd);
  yield* write(fd, "the last word");
  yield* close(fd);
}

function* reader(fd: Fd): Program<void> {
  yield* sleep(100);
  for (;;) {
    yield* readWait(fd);
    const bytes = yield* read(fd, PIPE_SIZE);
    if (bytes.length === 0) break;
    console.log(`reader: ${bytes.length} bytes`);
  }
  console.log("reader: that was all");
}

export default function* main(): Program<void> {
  const [from, to] = yield* pipe();
  yield* spawn(alive, { daemon: true });
  const tasks = [
    yield* spawn(writer(to), { name: "writer", give: [to] }),
    yield* spawn(reader(from), { name: "reader", give: [from] }),
  ];
  for (const pid of tasks) yield* wait(pid);
}
