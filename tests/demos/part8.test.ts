// Part 8 of the course: what its demos print.

import * as byHand from "../../demos/81-trampoline-by-hand";
import * as byKernel from "../../demos/82-trampoline-by-kernel";
import * as socket from "../../demos/83-socket";
import { runDemo } from "../helpers/demo";

test("81: a trampoline made by hand calls subroutines and recurses 100,000 deep", () => {
  expect(runDemo(byHand)).toMatchInlineSnapshot(`
   "One call, by hand:
     the subroutine came back with 3
   The same on a trampoline:
     the subroutine came back with 3
     1 + 2 + 3 = 6
   A recursion on a trampoline:
     1 + … + 100,000 = 5000050000, 100000 calls deep
   What is missing: exceptions that reach the caller's try, and other tasks meanwhile.
   See the next demo.
   "
  `);
});

test("82: the kernel's does it with exceptions, other tasks, and no end of depth", () => {
  expect(runDemo(byKernel)).toMatchInlineSnapshot(`
   "Results come back as values, errors as exceptions:
     (another task has its turn meanwhile)
     the average of 1, 2 and 6: 3
     the average of nothing: RangeError: division by zero
   How deep can it go?
     by native yield*: RangeError: Maximum call stack size exceeded
     by call: 100000
   "
  `);
});

test("83: the echo server on the Socket class", () => {
  expect(runDemo(socket, ["--clients", "2"])).toMatchInlineSnapshot(`
   "listening; say something with: nc 127.0.0.1 49152
   client 1 hears "hello"
   client 1 hears "how are you"
   client 2 hears "hello"
   client 1 hears "good-bye"
   client 2 hears "how are you"
   a session of 24 bytes is over
   client 2 hears "good-bye"
   a session of 24 bytes is over
   "
  `);
});
