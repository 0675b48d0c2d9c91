// The tour on the virtual machine: the same program, in no time.

import * as tour from "../../demos/tour";
import { runDemo } from "../helpers/demo";

test("the tour shows its four sights and ends by itself", () => {
  const transcript = runDemo(tour, ["/tmp/tour.log"]);
  // How often tail looks at the file is its own affair.
  expect(transcript.replace(/(tail +blocked +)\d+/, "$1...")).toMatchInlineSnapshot(`
   "genix: an operating system whose processes are generators
   Four sights, all of them in this one process. It takes about five seconds.

   1. An echo server, with a task for every connection (nc 127.0.0.1 49152)
      Ann hears "hello 1 from Ann"
      Ben hears "hello 1 from Ben"
      Cleo hears "hello 1 from Cleo"
      Ann hears "hello 2 from Ann"
      Ben hears "hello 2 from Ben"
      Cleo hears "hello 2 from Cleo"
      They go on talking while you see the rest.

   2. tail -f /tmp/tour.log | grep ERROR
      ERROR the tea is cold
      ERROR the biscuits are finished
      ERROR somebody noticed
      The writer has 15 lines to write; grep lets through what it looks for.

   3. ps: every task at this moment, what it holds, and the call it waits in
      PID  PPID  NAME     STATE    STEPS  HOLDS  WAITS IN
        1     0  init     blocked      2  0,1,2  wait()
        2     1  main     running     16
        3     2  server   blocked      7  3      accept(3)
        4     2  Ann      blocked     19  5      sleep(500)
        5     2  Ben      blocked     19  6      sleep(500)
        6     1  session  blocked     13  4      read(4)
        7     2  Cleo     blocked     19  8      sleep(500)
        8     1  session  blocked     13  7      read(7)
        9     1  session  blocked     13  9      read(9)
       10     2  tail     blocked    ...  12,13  sleep(50)
       11     2  grep     blocked      9  11     read(11)
       12     2  writer   blocked     17  14     sleep(200)

   4. A recursion 100,000 calls deep
      1 + 2 + … + 100000 = 5000050000
      Its frames are on the task's own stack, and the others had their turns at every call.

   And how it ends
      Ann has exited: 10 answers
      Ben has exited: 10 answers
      Cleo has exited: 10 answers
      writer has exited: 15 lines
      task 10 "tail" was killed with TERM by task 2 "main": the tour is over
      grep has exited: 3 of 15 lines
      The server is a daemon: it is told to stop when nobody else is left.

   That was the tour: 5.0 seconds.
   "
  `);
});

test("a log file that was there is overwritten; without an argument it makes one of its own", () => {
  const files = { "/tmp/tour.log": "ERROR of long ago\n" };
  expect(runDemo(tour, ["/tmp/tour.log"], { files })).not.toContain("long ago");
  expect(runDemo(tour)).toMatch(/tail -f \/tmp\/genix-tour-\d+\.log/);
});
