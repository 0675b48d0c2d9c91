// Part 2 of the course: what its demos print.

import * as pushPipeline from "../../demos/21-push-pipeline";
import * as broadcastDemo from "../../demos/22-broadcast";
import * as fanInDemo from "../../demos/23-fan-in";
import { kill, open, sleep, spawn, wait, write, type Program } from "../../syscalls";
import { runDemo } from "../helpers/demo";

test("21: a task pushes lines through a filter into a sink, and closes them", () => {
  expect(runDemo(pushPipeline)).toMatchInlineSnapshot(`
   "10.0.0.9  GET /python/généré.html 5042
   10.0.0.9  GET /python/curious/€.pdf 301276
   10.0.0.3  GET /python-and-ply.html 1712
   (lines: 3)
   "
  `);
});

test("21: follows a file that is named; the sink still has its say when the source is killed", () => {
  function* user(): Program<void> {
    const pipeline = yield* spawn(pushPipeline.default(["parrot", "/log"]));
    yield* sleep(1);
    yield* write(yield* open("/log", "a"), "a python\na parrot\n");
    yield* sleep(1000);
    yield* kill(pipeline);
    console.log((yield* wait(pipeline)).kind);
  }
  const demo = { about: "", default: user };
  expect(runDemo(demo, [], { files: { "/log": "an old parrot\n" } })).toMatchInlineSnapshot(`
   "a parrot
   (lines: 1)
   killed
   "
  `);
});

test("22: all targets get all lines, but for the one that died", () => {
  expect(runDemo(broadcastDemo)).toMatchInlineSnapshot(`
   "ply: 10.0.0.7  GET /ply/ply.html 97238
   python: 10.0.0.9  GET /python/généré.html 5042
   bytes: 102280 so far
   broadcast: dropped bytes: Error: no number at the end of "10.0.0.7  GET /favicon.ico -"
   ply: 10.0.0.3  GET /ply/ply-3.0.tar.gz 81241
   python: 10.0.0.9  GET /python/curious/€.pdf 301276
   python: 10.0.0.3  GET /python-and-ply.html 1712
   ply: 10.0.0.3  GET /python-and-ply.html 1712
   clients: 10.0.0.3, 10.0.0.7, 10.0.0.8, 10.0.0.9
   "
  `);
});

test("23: the target of two is closed once, by the last", () => {
  expect(runDemo(fanInDemo)).toMatchInlineSnapshot(`
   "10.0.0.7  GET /ply/ply.html 97238
   10.0.0.9  GET /python/généré.html 5042
   10.0.0.3  GET /ply/ply-3.0.tar.gz 81241
   10.0.0.9  GET /python/curious/€.pdf 301276
   10.0.0.3  GET /python-and-ply.html 1712
   10.0.0.3  GET /python-and-ply.html 1712
   (good-bye)
   without fanIn:
   from the first
   (good-bye)
   EndedError: cannot send to "printer": it was closed
   "
  `);
});
