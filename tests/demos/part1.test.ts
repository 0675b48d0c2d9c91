// Part 1 of the course: what its demos print.

import * as countdown from "../../demos/11-countdown";
import * as followDemo from "../../demos/12-follow";
import * as grepPull from "../../demos/13-grep-pull";
import * as coroutineGrep from "../../demos/14-coroutine-grep";
import { close, kill, open, sleep, spawn, wait, write, type Program } from "../../syscalls";
import { runDemo } from "../helpers/demo";

test("11: a generator runs when it is asked, and two tasks count at once", () => {
  expect(runDemo(countdown)).toMatchInlineSnapshot(`
   "it is made, and not a line of it has run
   (counting down from 3)
   asked once: 3
   nobody asks, so it waits
   asked by for…of: 2
   asked by for…of: 1
   (done)
   asked after the end: undefined

   (counting down from 3)
   Ariane: 3
   (counting down from 3)
   Soyuz: 3
   Ariane: 2
   Soyuz: 2
   Ariane: 1
   Soyuz: 1
   (done)
   Ariane lifts off
   (done)
   Soyuz lifts off
   "
  `);
});

test("12: a follower shows whole lines, whatever the writer does", () => {
  expect(runDemo(followDemo)).toMatchInlineSnapshot(`
   "writer: two lines at once
             follower: "one"
             follower: "two"
   writer: half a line …
   writer: … and the other half
             follower: "half a line, and the other half"
   writer: two of the three bytes of a €
   writer: the third
             follower: "price: 5 €"
   writer: a line as a host with CR LF ends it
             follower: "carriage return"
   writer: the beginning of a line
   writer: empties the file
             follower: the file was cut
             follower: "to be contin"
   writer: a new line
             follower: "anew"
             follower: closed the file
   "
  `);
});

test("12: follows a file that is named, from its end, until it is told to stop", () => {
  function* user(): Program<void> {
    const follower = yield* spawn(followDemo.default(["/log"]));
    yield* sleep(1);
    const fd = yield* open("/log", "a");
    yield* write(fd, "new\n");
    yield* sleep(1000);
    yield* kill(follower);
    console.log((yield* wait(follower)).kind);
    yield* close(fd);
  }
  const demo = { about: "", default: user };
  expect(runDemo(demo, [], { files: { "/log": "old\n" } })).toMatchInlineSnapshot(`
   "          follower: "new"
             follower: closed the file
   killed
   "
  `);
});

test("13: a line is asked for when the one before has gone all the way", () => {
  expect(runDemo(grepPull)).toMatchInlineSnapshot(`
   "pulled out of a list:
     source: a python
     found: a python
     source: a parrot
     source: another python
     found: another python
   pulled out of a pipe, 20 bytes at a time, for "python":
   10.0.0.9  GET /python/généré.html 5042
   10.0.0.9  GET /python/curious/€.pdf 301276
   10.0.0.3  GET /python-and-ply.html 1712
   "
  `);
});

test("13: greps a file for a pattern", () => {
  const files = { "/notes": "one\r\ntwo\nthree" };
  expect(runDemo(grepPull, ["t", "/notes"], { files })).toBe("two\nthree\n");
});

test("14: a coroutine is primed, closed, thrown into; a bare generator loses what it is sent", () => {
  expect(runDemo(coroutineGrep)).toMatchInlineSnapshot(`
   "a bare generator:
     looking for "python"
     found: the second python is found
     going away; good-bye
   a coroutine:
     looking for "python"
     found: the first python is found
   closed:
     going away; good-bye
     EndedError: cannot send to "grep": it was closed
   thrown into:
     looking for "python"
     going away; good-bye
     Error: a parrot!
     EndedError: cannot send to "grep": it threw Error: a parrot!
     caught Error: a parrot!, and goes on
     got a python
   "
  `);
});
