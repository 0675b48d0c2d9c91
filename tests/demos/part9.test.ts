// Part 9 of the course: what its demo prints.

import * as threeUses from "../../demos/91-three-uses";
import { runDemo } from "../helpers/demo";

test("91: three uses of yield, each in good hands, then in the wrong ones", () => {
  expect(runDemo(threeUses)).toMatchInlineSnapshot(`
   "iteration: 3 2 1
   coroutine: 2 3 5
   task: slept well
   a task in a for loop: now(), sleep(20), now(); nobody slept
   a coroutine that was not started first: 0 2; the 100 is lost
   data from a task: task 4 "muddle" crashed: SystemError: EINVAL: task 4 "muddle": yielded the number 3; a task yields system calls: yield* sleep(10)
   "
  `);
});
