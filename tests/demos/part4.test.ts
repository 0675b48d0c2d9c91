// Part 4 of the course: what its demos print. Here the remote targets run in this thread; that they
// print the same in real threads and processes is in tests/machine/remote.test.ts.

import * as processed from "../../demos/42-processed";
import * as running from "../../demos/43-running-coroutine";
import * as threaded from "../../demos/41-threaded";
import { runDemo } from "../helpers/demo";

const load = (module: string): unknown => jest.requireActual<object>(module);

/** Without the folders and lines that it names. */
function placeless(transcript: string): string {
  return transcript.replace(/in \S+(demos.\d\S+?):\d+:\d+/g, "in $1");
}

test("41: the second half of a pipeline runs in a thread; what breaks there is an error here", () => {
  expect(placeless(runDemo(threaded, [], { load }))).toMatchInlineSnapshot(`
   "replies of 50,000 bytes and more:
     in the thread: 10.0.0.7  GET /ply/ply.html 97238
     in the thread: 10.0.0.3  GET /ply/ply-3.0.tar.gz 81241
     in the thread: 10.0.0.8  GET /swig/swig-doc.pdf 1204811
     in the thread: 10.0.0.9  GET /python/curious/€.pdf 301276
     in the thread: good-bye
   the same with a line that breaks it:
     in the thread: 10.0.0.7  GET /big.iso 700000000
     in the thread: good-bye
   here: RemoteError: "bigReplies" in a thread threw RangeError: no size: 10.0.0.7  GET /, at message 2, in demos/41-threaded.ts
   "
  `);
});

test("42: a target in a process is thrown into, breaks, and is left alone", () => {
  expect(placeless(runDemo(processed, [], { load }))).toMatchInlineSnapshot(`
   "Ann's account:
     Ann: end of the week: 100
     Ann: the books are closed at 70
   Bob's account:
     Bob: the books are closed at 100
   here: "books" in a process threw RangeError: no money for a yacht, at message 2, in demos/42-processed.ts; messages lost after that: 1
   Eve's account, whose owner is killed:
     Eve: before the end: 5
     Eve: the books are closed at 5
   "
  `);
});

test("43: sending into a coroutine that is running names the circle", () => {
  expect(runDemo(running)).toMatchInlineSnapshot(`
   "a bare generator that sends to itself:
     TypeError: Generator is already running
   a sends to b, and b to a:
     ReentryError: cannot send to "a", which is running: a -> b -> a
     its chain: a, b, a
   a callback that sends to its caller:
     ReentryError: cannot send to "counter", which is running: counter -> counter
     its chain: counter, counter
   the cure, a queue:
     a gets 1
     a gets 4
     a gets 10
     a gets 22
   "
  `);
});
