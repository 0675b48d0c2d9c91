// Part 7 of the course, pyos in eight steps: what each demo prints. The order of the classic four is
// that of the original; with init as task 1 and main as task 2, the ids are higher.

import * as tasks from "../../demos/71-tasks";
import * as scheduler from "../../demos/72-scheduler";
import * as exit from "../../demos/73-exit";
import * as systemCalls from "../../demos/74-system-calls";
import * as spawnAndKill from "../../demos/75-spawn-and-kill";
import * as wait from "../../demos/76-wait";
import * as ioWait from "../../demos/77-io-wait";
import * as echoServer from "../../demos/78-echo-server";
import { runDemo } from "../helpers/demo";

function lines(transcript: string): string[] {
  return transcript.trimEnd().split("\n");
}

function times<T>(n: number, ...items: T[]): T[] {
  return new Array<T[]>(n).fill(items).flat();
}

test("71: a task runs from one yield to the next, and its parent in between", () => {
  expect(runDemo(tasks)).toMatchInlineSnapshot(`
   "the program is made, and nothing has run
   Part 1
   it is task 3, and has had its first turn
   Part 2
   it has ended
   "
  `);
});

test("72: three tasks take turns", () => {
  expect(runDemo(scheduler)).toMatchInlineSnapshot(`
   "I'm foo
   I'm bar
   I'm baz
   I'm foo
   I'm bar
   I'm baz
   I'm foo
   I'm bar
   I'm baz
   Task 3 terminated
   Task 4 terminated
   Task 5 terminated
   "
  `);
});

test("73: bar ends after five rounds, and foo goes on to its tenth", () => {
  expect(lines(runDemo(exit))).toEqual([
    ...times(5, "I'm foo", "I'm bar"),
    "I'm foo",
    "Task 4 terminated",
    ...times(4, "I'm foo"),
    "Task 3 terminated",
  ]);
});

test("74: each knows its id; foo ends after five rounds, and bar goes on to its tenth", () => {
  expect(lines(runDemo(systemCalls))).toEqual([
    ...times(5, "I'm foo 3", "I'm bar 4"),
    "Task 3 terminated",
    ...times(5, "I'm bar 4"),
    "Task 4 terminated",
  ]);
});

test("75: foo has five turns before it is killed, and is gone before main goes on", () => {
  expect(lines(runDemo(spawnAndKill))).toEqual([
    ...times(5, "I'm foo 3"),
    "Task 3 terminated",
    "main done",
    "Task 2 terminated",
  ]);
});

test("76: the parent waits until its child is done", () => {
  expect(lines(runDemo(wait))).toEqual([
    "I'm foo",
    "Waiting for child",
    ...times(4, "I'm foo"),
    "Task 3 terminated",
    "Child done",
    "Task 2 terminated",
  ]);
});

test("76: a task that waits for itself is told so", () => {
  expect(lines(runDemo(wait, ["--self"])).slice(-3)).toMatchInlineSnapshot(`
   [
     "Child done",
     "EDEADLK: task 2 "main": wait(2): it would wait for itself",
     "Task 2 terminated",
   ]
  `);
});

test("77: others run while one waits for room in a pipe, and one for bytes", () => {
  expect(runDemo(ioWait)).toMatchInlineSnapshot(`
   "I'm alive!
   writer: the pipe is full
   I'm alive!
   I'm alive!
   writer: there is room again
   reader: 65536 bytes
   I'm alive!
   I'm alive!
   reader: 13 bytes
   reader: that was all
   "
  `);
});

test("78: the echo server serves its clients at the same time", () => {
  expect(runDemo(echoServer, ["--clients", "2"])).toMatchInlineSnapshot(`
   "listening; say something with: nc 127.0.0.1 49152
   connected
   client 1 hears "hello"
   connected
   client 1 hears "and good-bye"
   client 2 hears "hello"
   disconnected
   client 2 hears "and good-bye"
   disconnected
   "
  `);
});

test("78: it listens at the port it is told", () => {
  const transcript = runDemo(echoServer, ["8000", "--clients", "1"]);
  expect(lines(transcript)[0]).toBe("listening; say something with: nc 127.0.0.1 8000");
});

test("78: arguments that are no numbers are named", () => {
  expect(runDemo(echoServer, ["http"])).toContain('"http" is no number');
  expect(runDemo(echoServer, ["--clients", "many"])).toContain('"many" is no number');
});
