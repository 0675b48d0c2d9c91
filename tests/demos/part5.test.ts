// Part 5 of the course: what its demo prints.

import * as coroutinesAsTasks from "../../demos/51-coroutines-as-tasks";
import { runDemo } from "../helpers/demo";

test("51: a scheduler made by hand takes turns; the kernel's sleeper takes only two", () => {
  expect(runDemo(coroutinesAsTasks)).toMatchInlineSnapshot(`
   "A scheduler made by hand runs two counters:
     foo 1
     bar 1
     foo 2
     bar 2
     foo 3
     7 turns, one more for each to find that it has ended
   A task of the toy waits for 1,000 ticks of a clock:
     restless: it is time
     2003 turns, and all it did was look
   A task of the kernel sleeps for 1,000 ms:
     task 1 init: blocked in wait()
     task 2 main: running
     task 3 sleeper: blocked in sleep(1000)
     sleeper: it is time
     it slept long enough, in two turns of its own
   "
  `);
});
