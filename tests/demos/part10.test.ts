// Part 10 of the course, tasks that work together: what its demos print, and that genix has nothing
// to say against any of them but what the demo is about.

import * as philosophers from "../../demos/101-philosophers";
import * as bakery from "../../demos/102-bakery";
import * as readersWriters from "../../demos/103-readers-writers";
import * as chat from "../../demos/104-chat";
import * as crawler from "../../demos/105-crawler";
import * as bank from "../../demos/106-bank";
import { runDemo } from "../helpers/demo";

const watched = { development: true };

/** Without the paths of this host, and the lines of the demo. */
function anywhere(transcript: string): string {
  return transcript.replace(/\(?\/\S*?([\w-]+\.ts):\d+:\d+\)?/g, "($1)");
}

test("101: the philosophers starve, and the report has the circle and who holds which fork", () => {
  expect(anywhere(runDemo(philosophers))).toMatchInlineSnapshot(`
   "genix: deadlock: every task waits, and nothing is left that could wake one
     task 2 "main" waits in wait(3): a child to exit
     task 3 "group" waits in wait(): a child to exit
     task 4 "table" waits in linger([Nursery], { pid: 4, name: "table", kind: "exited", value: undefined }): the group to end
     task 5 "plato" waits in lock([Lock "fork 2"]): the lock fork 2, held by task 6 "kant"
     task 6 "kant" waits in lock([Lock "fork 3"]): the lock fork 3, held by task 7 "hume"
     task 7 "hume" waits in lock([Lock "fork 4"]): the lock fork 4, held by task 8 "laozi"
     task 8 "laozi" waits in lock([Lock "fork 5"]): the lock fork 5, held by task 9 "hypatia"
     task 9 "hypatia" waits in lock([Lock "fork 1"]): the lock fork 1, held by task 5 "plato"
     circle: task 5 "plato" -> task 6 "kant" -> task 7 "hume" -> task 8 "laozi" -> task 9 "hypatia" -> task 5 "plato"
   "
  `);
});

test("101: those who happened not to starve are warned", () => {
  expect(anywhere(runDemo(philosophers, ["lucky"], watched))).toMatchInlineSnapshot(`
   "  11 ms  plato has eaten once
     22 ms  plato has eaten twice
     61 ms  kant has eaten once
     72 ms  kant has eaten twice
    111 ms  hume has eaten once
    122 ms  hume has eaten twice
    161 ms  laozi has eaten once
    172 ms  laozi has eaten twice
    211 ms  hypatia has eaten once
    222 ms  hypatia has eaten twice
    250 ms  nobody has starved
   genix: lock order: these tasks can deadlock
     task 9 "hypatia" takes fork 1 while it holds fork 5, at reach (101-philosophers.ts)
     task 5 "plato" takes fork 2 while it holds fork 1, at reach (101-philosophers.ts)
     task 6 "kant" takes fork 3 while it holds fork 2, at reach (101-philosophers.ts)
     task 7 "hume" takes fork 4 while it holds fork 3, at reach (101-philosophers.ts)
     task 8 "laozi" takes fork 5 while it holds fork 4, at reach (101-philosophers.ts)
     fix: take locks in one order everywhere
   "
  `);
});

test("101: nobody starves who takes the lower number first, and nobody is warned", () => {
  expect(runDemo(philosophers, ["order"], watched)).toMatchInlineSnapshot(`
   "  11 ms  laozi has eaten once
     21 ms  hume has eaten once
     31 ms  kant has eaten once
     32 ms  laozi has eaten twice
     41 ms  plato has eaten once
     42 ms  hume has eaten twice
     52 ms  hypatia has eaten once
     52 ms  kant has eaten twice
     63 ms  plato has eaten twice
     74 ms  hypatia has eaten twice
     74 ms  nobody has starved
   "
  `);
});

test("101: nobody starves where a waiter leaves one seat empty", () => {
  expect(runDemo(philosophers, ["waiter"])).toMatchInlineSnapshot(`
   "  11 ms  laozi has eaten once
     21 ms  hume has eaten once
     31 ms  kant has eaten once
     41 ms  plato has eaten once
     51 ms  hypatia has eaten once
     61 ms  laozi has eaten twice
     71 ms  hume has eaten twice
     81 ms  kant has eaten twice
     91 ms  plato has eaten twice
    101 ms  hypatia has eaten twice
    101 ms  nobody has starved
   "
  `);
});

test("101: nobody starves who lays down the first fork and tries again, and nobody is warned", () => {
  expect(runDemo(philosophers, ["patience"], watched)).toMatchInlineSnapshot(`
   "  17 ms  kant has eaten once
     25 ms  hypatia has eaten once
     28 ms  hume has eaten once
     36 ms  plato has eaten once
     41 ms  laozi has eaten once
     47 ms  kant has eaten twice
     52 ms  hypatia has eaten twice
     58 ms  hume has eaten twice
     63 ms  plato has eaten twice
     69 ms  laozi has eaten twice
     69 ms  nobody has starved
   "
  `);
});

test.each(["order", "waiter", "patience"])("101: whoever runs first, %s is a cure", (cure) => {
  for (let seed = 1; seed <= 30; seed++) {
    const transcript = runDemo(philosophers, [cure], { seed, shuffle: true });
    expect(transcript).toMatch(/nobody has starved\n$/);
  }
});

test("102: a full shelf slows the baker down, and every loaf is sold once", () => {
  expect(runDemo(bakery, [], watched)).toMatchInlineSnapshot(`
   "   5 ms  baker: loaf 1
      7 ms  main: task 3 "cid" was killed with KILL by task 2 "main": lightning
     10 ms  baker: loaf 2
     15 ms  baker: loaf 3
     20 ms  baker: loaf 4
     27 ms  ann: sold loaf 1
     27 ms  baker: loaf 5, which waited 2 ms for room
     30 ms  bob: sold loaf 2
     30 ms  main: task 6 "bob" was killed with TERM by task 2 "main": go home
     47 ms  ann: sold loaf 3
     47 ms  baker: loaf 6, which waited 15 ms for room
     67 ms  ann: sold loaf 4
     67 ms  baker: loaf 7, which waited 15 ms for room
     87 ms  ann: sold loaf 5
     87 ms  baker: loaf 8, which waited 15 ms for room
     87 ms  baker: that was all; 2 on the shelf
    107 ms  ann: sold loaf 6
    127 ms  ann: sold loaf 7
    147 ms  ann: sold loaf 8
    147 ms  ann: sold out
   baked 8, sold 1 2 3 4 5 6 7 8
   "
  `);
});

test("102: whoever runs first, every loaf is sold once", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const transcript = runDemo(bakery, [], { seed, shuffle: true });
    expect(transcript).toMatch(/baked 8, sold 1 2 3 4 5 6 7 8\n$/);
  }
});

test("103: readers go in together, and nobody overtakes a writer who waits", () => {
  expect(runDemo(readersWriters, [], watched)).toMatchInlineSnapshot(`
   "ann   |rrrrrrrr
   ben   |  rrrr
   Wanda |    ----wwwwww
   dan   |     ---------rrrr
   eve   |       -------rrrrrr
   Wim   |          ----------wwww
   fay   |               ---------rrr
   "
  `);
});

test("104: guests talk, a slow one is told what it missed, one who listens to nobody is out", () => {
  expect(runDemo(chat, [], watched)).toMatchInlineSnapshot(`
   "server: come in with nc 127.0.0.1 49152
     ann reads: * What is your name?
   server: ann has come; here are ann
     ann reads: * ann has come; here are ann
   server: ben has come; here are ann, ben
     ben reads: * What is your name?
     ann reads: * ben has come; here are ann, ben
     ben reads: * ben has come; here are ann, ben
   server: rex has come; here are ann, ben, rex
     ann reads: * rex has come; here are ann, ben, rex
     ben reads: * rex has come; here are ann, ben, rex
     ann reads: rex: is anybody there?
     ben reads: rex: is anybody there?
   server: rex has left
     ann reads: * rex has left
     ben reads: * rex has left
   server: sid has come; here are ann, ben, sid
     ann reads: * sid has come; here are ann, ben, sid
     ben reads: * sid has come; here are ann, ben, sid
   server: zoe has come; here are ann, ben, sid, zoe
     ann reads: * zoe has come; here are ann, ben, sid, zoe
     ben reads: * zoe has come; here are ann, ben, sid, zoe
     ben reads: ann: good evening! I have brought some photos
     ben reads: ann: that was the last one
     sid reads: * What is your name?
     sid reads: * sid has come; here are ann, ben, sid
     sid reads: * zoe has come; here are ann, ben, sid, zoe
     sid reads: ann: good evening! I have brought some photos
     sid reads: * You are slow, and have missed 233 messages.
     sid reads: ann: that was the last one
   server: zoe did not listen any more
     ann reads: * zoe did not listen any more
     ben reads: * zoe did not listen any more
     sid reads: * zoe did not listen any more
     ann reads: * The server closes. Good-bye!
     ben reads: * The server closes. Good-bye!
     sid reads: * The server closes. Good-bye!
   server: ann has left
   server: ben has left
   server: sid has left
     ann is home, and has seen 0 photos
     ben is home, and has seen 250 photos
     sid is home, and has seen 17 photos
   "
  `);
});

test("104: whoever runs first, ben sees all photos, zoe is out, and all others hear good-bye", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const transcript = runDemo(chat, [], { seed, shuffle: true });
    expect(transcript).toContain("ben is home, and has seen 250 photos");
    expect(transcript.match(/(ann|ben|sid) reads: \* The server closes/g)).toHaveLength(3);
    expect(transcript.match(/reads: \* zoe did not listen any more/g)).toHaveLength(3);
  }
});

test("105: the crawler gets to the end of a bad site, and says what failed, and why", () => {
  expect(runDemo(crawler, [], watched)).toMatchInlineSnapshot(`
   "   0 ms  ann gets /
     20 ms  ben gets /about
     20 ms  cid gets /news
     20 ms  ann gets /old
     40 ms  ann gets /team
     40 ms  ben gets /today
     40 ms  cid gets /missing
     60 ms  cid gets /never
     60 ms  ben gets /flaky
     60 ms  ann gets /team/ann
     80 ms  ann gets /broken
            task 5 "ann" crashed: URIError: URI malformed; ann is started again
    100 ms  ann gets /team/ben
    111 ms  ben tries again /flaky
    120 ms  ann gets /here
    132 ms  ben tries again /flaky
    140 ms  ann gets /team/100%
    152 ms  ben gets /there
    160 ms  ann gets /archive
    186 ms  cid tries again /never
    384 ms  cid tries again /never

   The site:
   /                       4 links
     /about                3 links
       /team               5 links
         /team/ann         1 link
         /team/ben         2 links
           /team/100%      1 link
         /here             moved to /there
     /news                 4 links
       /today              2 links
       /flaky              1 link
         /archive          2 links
     /old                  moved to /news

   What failed:
   /missing        linked from /about      404 Not found
   /never          linked from /news       failed 3 times; the last time: it took longer than 100 ms
   /broken         linked from /today      crashed its worker: URIError: URI malformed
   /there          linked from /here       301 moves in a circle: /here, /there

   20 requests, at most 3 at a time; 12 duplicates
   "
  `);
});

test("105: whoever runs first, it finds the same pages, with at most three requests at a time", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const transcript = runDemo(crawler, [], { seed, shuffle: true });
    const [, map = "", failed = "", count = ""] = transcript.split("\n\n");
    expect(map.match(/\/\S* +(\d links?|moved)/g)).toHaveLength(12);
    expect(failed.match(/^\/\w+/gm)?.sort()).toEqual(["/broken", "/missing", "/never", "/there"]);
    expect(count).toMatch(/^20 requests, at most 3 at a time; 12 duplicates$/m);
  }
});

test("106: the audit finds money that nobody has paid in", () => {
  expect(anywhere(runDemo(bank, [], watched))).toMatchInlineSnapshot(`
   "uma: 30 from ann to ben
   vic: 40 from cid to ann
   uma: 20 from ben to cid
   vic: 25 from ann to ben
   uma: 10 from ann to cid
   task 2 "main" crashed
     Error: the accounts hold 325, and 300 was paid in
         at audit (106-bank.ts)
         at Object.main [as default] (106-bank.ts)
         in task 2 "main"
         in task 1 "init"
   "
  `);
});

test.each(["mutex", "fresh"])(
  "106: with the cure %s no update is lost, whoever runs first",
  (cure) => {
    expect(runDemo(bank, [cure], watched)).toContain("the audit has found nothing");
    for (let seed = 1; seed <= 20; seed++) {
      const transcript = runDemo(bank, [cure], { seed, shuffle: true });
      expect(transcript).toContain("the audit has found nothing");
    }
  },
);
