// Part 10. A chat server, that is polite to everybody and waits for nobody.
//
//   genix run demos/104-chat.ts                  with guests of its own, good and bad, and ends
//   genix run demos/104-chat.ts --serve 8000     then, elsewhere: nc 127.0.0.1 8000; Ctrl-C ends it
//
// Each guest is one task, which waits for two things at once: for what the guest types, and for
// what the others say. That is the `select` in `visit`. What is said goes to all through a
// `Broadcast`.
//
// Slow guests are the hard part: if the server waited for them, all would wait; if it kept what
// they have not read, it would run out of memory. So it keeps a few messages for each. Who falls
// further behind is told how many were missed (LaggedError), and who reads nothing at all for
// PATIENCE milliseconds is shown the door (timeout).
//
// And the end: a guest's visit is shielded, so a TERM does not break it off in the middle of a
// word. The server accepts nobody any more and closes the room. Every guest is given what was
// still said, then a good-bye; the `group` waits for them, but no longer than GRACE.

import { Broadcast, END, Killed, LaggedError, select, sleep, spawn } from "../syscalls";
import { SystemError, type Address, type Program } from "../syscalls";
import { group, killAndWait, LineSplitter, shield, Socket, timeout, TimeoutError } from "../tasks";
import { EVENING, guests } from "./chat-guests";
import { ncArguments, servedPort } from "./shared";

export const about = "a chat server with slow guests and a graceful end ([--serve PORT])";

/** How many messages a guest may lag behind. */
const LAG = 16;
/** How long a guest may take to accept one message, in milliseconds. */
const PATIENCE = 2000;
/** How long all the good-byes may take. */
const GRACE = 3000;
/** The longest line, in bytes: what never ends must not be kept. */
const LONGEST = 65536;

interface Message {
  readonly from: string;
  readonly text: string;
}

/** Those who have a name, and what goes to all of them. */
class Room {
  readonly names = new Set<string>();
  readonly news = new Broadcast<Message>("news");

  /** Waits for nobody, as every guest's subscription slides. */
  *say(text: string, from = "*"): Program<void> {
    if (from === "*") console.log(`server: ${text}`);
    if (!this.news.closed) yield* this.news.send({ from, text });
  }
}

/** One guest, from the first word to the last. */
class Guest {
  readonly #room: Room;
  readonly #connection: Socket;
  readonly #lines = new LineSplitter();
  #unfinished = 0;
  #name = "";

  constructor(room: Room, connection: Socket) {
    this.#room = room;
    this.#connection = connection;
  }

  *stay(): Program<void> {
    let why = "has left";
    try {
      yield* this.#visit();
    } catch (error) {
      why = reasonOf(error);
    }
    this.#room.names.delete(this.#name);
    if (this.#name !== "") yield* this.#room.say(`${this.#name} ${why}`);
  }

  *#visit(): Program<void> {
    yield* this.#tell("* What is your name?");
    const news = yield* this.#room.news.subscribe({ capacity: LAG, overflow: "slide" });
    for (;;) {
      try {
        const event = yield* select({ news: news.receive(), typed: this.#connection.recv() });
        if (event.which === "typed" && event.value.length === 0) return;
        if (event.which === "typed") yield* this.#hear(event.value);
        else if (event.value !== END) yield* this.#pass(event.value);
        else return yield* this.#tell("* The server closes. Good-bye!");
      } catch (error) {
        if (!(error instanceof LaggedError)) throw error;
        yield* this.#tell(`* You are slow, and have missed ${error.missed} messages.`);
      }
    }
  }

  *#hear(bytes: Uint8Array): Program<void> {
    const lines = this.#lines.push(bytes);
    this.#unfinished = lines.length > 0 ? 0 : this.#unfinished + bytes.length;
    if (this.#unfinished > LONGEST) throw new Error("talks without end");
    for (const line of lines) {
      if (this.#name === "") yield* this.#enter(line.trim());
      else yield* this.#room.say(line, this.#name);
    }
  }

  *#enter(name: string): Program<void> {
    const { names } = this.#room;
    if (!/^\w{1,20}$/.test(name)) return yield* this.#tell("* A name is a word. What is yours?");
    if (names.has(name))
      return yield* this.#tell(`* There is one called ${name} already. What is yours?`);
    this.#name = name;
    names.add(name);
    yield* this.#room.say(`${name} has come; here are ${[...names].join(", ")}`);
  }

  *#pass({ from, text }: Message): Program<void> {
    if (this.#name === "" || this.#name === from) return;
    yield* this.#tell(from === "*" ? `* ${text}` : `${from}: ${text}`);
  }

  *#tell(text: string): Program<void> {
    yield* timeout(PATIENCE, this.#connection.send(`${text}\n`));
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof TimeoutError) return "did not listen any more";
  if (error instanceof SystemError) return `has broken off (${error.errno})`;
  return error instanceof Error ? error.message : String(error);
}

/** Serve until it is told to stop; then no more guests, and a good-bye to those there are. */
function* chat(listener: Socket): Program<void> {
  const room = new Room();
  yield* group(
    function* door(g) {
      try {
        for (;;) {
          const connection = yield* listener.accept();
          const guest = new Guest(room, connection);
          yield* g.spawn(shield(guest.stay()), { name: "guest", give: [connection.fd] });
        }
      } finally {
        yield* listener.close();
        yield* room.news.close();
      }
    },
    { name: "chat", grace: GRACE },
  );
}

function* evening(listener: Socket, address: Address): Program<void> {
  yield* group(function* party(g) {
    const server = yield* spawn(chat(listener), { name: "server", give: [listener.fd] });
    for (const [name, guest] of guests(address)) yield* g.spawn(guest, { name });
    yield* sleep(EVENING);
    yield* killAndWait(server, { reason: "the party is over" });
  });
}

function* serve(listener: Socket): Program<void> {
  try {
    yield* chat(listener);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    console.log(`server: closed, because of ${error.reason}`);
  }
}

export default function* main(argv: string[] = []): Program<number> {
  const port = servedPort(argv);
  const listener = yield* Socket.listen(port ?? 0);
  const address = yield* listener.address();
  console.log(`server: come in with nc ${ncArguments(address)}`);
  yield* port === undefined ? evening(listener, address) : serve(listener);
  return 0; // Asked to stop, and has: that is no failure.
}
