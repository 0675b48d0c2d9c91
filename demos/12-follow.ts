// Part 1. tail -f: a source of lines that never ends.
//
// One task writes to a file, another follows it. A writer does what it likes: it stops in the
// middle of a line, or of a character, or cuts the file down and begins anew. The follower shows
// whole lines all the same, each as soon as its end is there.
//
//   genix run demos/12-follow.ts FILE        follows your file, until Ctrl-C
//
// Look at `show`: it is an endless loop that waits, and nobody else has to wait for it.

import { close, encode, kill, open, random, sleep, spawn, unlink, wait, write } from "../syscalls";
import type { Program } from "../syscalls";
import { follow, type FollowOptions } from "../tasks";

export const about = "tail -f on a file that grows, is cut, and is written in pieces ([FILE])";

/** How long the follower waits at the end of the file, and the writer after each piece, in ms. */
const LOOK = 20;
const PAUSE = 50;

function* show(path: string, options: FollowOptions): Program<never> {
  const log = yield* follow(path, {
    ...options,
    onTruncate: () => console.log("          follower: the file was cut"),
  });
  try {
    for (;;) console.log(`          follower: "${yield* log.next()}"`);
  } finally {
    yield* log.close();
    console.log("          follower: closed the file");
  }
}

function* put(path: string, what: string, piece: Uint8Array | string): Program<void> {
  console.log(`writer: ${what}`);
  const fd = yield* open(path, "a");
  yield* write(fd, piece);
  yield* close(fd);
  yield* sleep(PAUSE);
}

function* writer(path: string): Program<void> {
  yield* put(path, "two lines at once", "one\ntwo\n");
  yield* put(path, "half a line …", "half a line, ");
  yield* put(path, "… and the other half", "and the other half\n");
  const price = encode("price: 5 €\n");
  yield* put(path, "two of the three bytes of a €", price.subarray(0, -2));
  yield* put(path, "the third", price.subarray(-2));
  yield* put(path, "a line as a host with CR LF ends it", "carriage return\r\n");
  yield* put(path, "the beginning of a line", "to be contin");
  console.log("writer: empties the file");
  yield* close(yield* open(path, "w"));
  yield* sleep(PAUSE);
  yield* put(path, "a new line", "anew\n");
}

export default function* main(argv: string[] = []): Program<void> {
  const [file] = argv;
  if (file !== undefined) return yield* show(file, {});

  const path = `/tmp/genix-follow-${Math.floor((yield* random()) * 1e9)}.log`;
  yield* close(yield* open(path, "w"));
  const follower = yield* spawn(show(path, { from: "start", every: LOOK }), { name: "follower" });
  const pid = yield* spawn(writer(path), { name: "writer" });
  yield* wait(pid);
  yield* kill(follower);
  yield* wait(follower);
  yield* unlink(path);
}
