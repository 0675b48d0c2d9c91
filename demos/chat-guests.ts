// The guests of the chat server when it shows itself: some good ones, one who is slow, one who
// reads nothing, and one who breaks off. They know no more of the server than its address.

import { sleep, type Address, type Program } from "../syscalls";
import { all, lineReader, Socket } from "../tasks";

/** Ann's photographs: more of them than the host's sockets hold for a guest who does not read. */
const PHOTOS = 250;
const PHOTO = "photo".padEnd(48 * 1024, ".");

/** Print what `name` reads, to the end; photographs are only counted. */
function* watch(name: string, socket: Socket): Program<void> {
  const lines = lineReader(socket.fd);
  let photos = 0;
  for (let line = yield* lines.next(); line !== undefined; line = yield* lines.next()) {
    if (line.includes(PHOTO)) photos += 1;
    else console.log(`  ${name} reads: ${line}`);
  }
  console.log(`  ${name} is home, and has seen ${photos} photos`);
}

/** Talks and reads at once, so it takes two. */
function* ann(socket: Socket): Program<void> {
  yield* all([watch("ann", socket), show(socket)]);
}

function* show(socket: Socket): Program<void> {
  yield* socket.send("ann\n");
  yield* sleep(300);
  yield* socket.send("good evening! I have brought some photos\n");
  for (let i = 0; i < PHOTOS; i++) {
    yield* socket.send(`${PHOTO}\n`);
    yield* sleep(2);
  }
  yield* socket.send("that was the last one\n");
}

function* ben(socket: Socket): Program<void> {
  yield* sleep(50);
  yield* socket.send("ben\n");
  yield* watch("ben", socket);
}

/** Wants a name that is taken, takes another, and hangs up with a word unread. */
function* rex(socket: Socket): Program<void> {
  yield* sleep(100);
  for (const word of ["ann", "rex", "is anybody there?"]) {
    yield* socket.send(`${word}\n`);
    yield* sleep(20);
  }
}

/** Looks away while ann shows her photos. */
function* sid(socket: Socket): Program<void> {
  yield* sleep(200);
  yield* socket.send("sid\n");
  yield* sleep(1200);
  yield* watch("sid", socket);
}

/** Comes, and listens to nobody. */
function* zoe(socket: Socket): Program<void> {
  yield* sleep(250);
  yield* socket.send("zoe\n");
  yield* sleep(EVENING);
}

/** How long the party lasts, in milliseconds. */
export const EVENING = 3500;

/** All of them, who connect to the server at `address`. */
export function guests(address: Address): [name: string, guest: Program<void>][] {
  return [ann, ben, rex, sid, zoe].map((guest) => [guest.name, connected(address, guest)]);
}

function* connected(address: Address, guest: (socket: Socket) => Program<void>): Program<void> {
  yield* guest(yield* Socket.connect(address));
}
