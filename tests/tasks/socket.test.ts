// The Socket class and the accept loop on it, on the virtual machine.

import { simulate } from "../../boot";
import { decode, kill, ps, random, sleep, spawn, SystemError, wait } from "../../syscalls";
import type { Pid, Program } from "../../syscalls";
import { describeExit, serve, Socket } from "../../tasks";

function* echo(connection: Socket): Program<void> {
  for (;;) {
    const bytes = yield* connection.recv();
    if (bytes.length === 0) return;
    yield* connection.send(bytes);
  }
}

function* startServer(handler: (connection: Socket) => Program<void>): Program<[Socket, Pid]> {
  const listener = yield* Socket.listen(0);
  const give = [listener.fd];
  return [listener, yield* spawn(serve(listener, handler), { name: "server", daemon: true, give })];
}

function* errnoOf(program: Program): Program<string> {
  try {
    return `returned ${String(yield* program)}`;
  } catch (error) {
    if (error instanceof SystemError) return error.errno;
    throw error;
  }
}

test("a client hears back what it said", () => {
  const { value } = simulate(function* main() {
    const [listener] = yield* startServer(echo);
    const socket = yield* Socket.connect(yield* listener.address());
    const sent = yield* socket.send("hello");
    const heard = decode(yield* socket.recv());
    yield* socket.close();
    return [sent, heard];
  });
  expect(value).toEqual([5, "hello"]);
});

test("recv returns at most as many bytes as it is asked for, and none at the end", () => {
  const { value } = simulate(function* main() {
    const [listener] = yield* startServer(function* (connection) {
      yield* connection.send("abcde");
    });
    const socket = yield* Socket.connect(yield* listener.address());
    const pieces = [];
    for (let i = 0; i < 4; i++) pieces.push(decode(yield* socket.recv(2)));
    return pieces;
  });
  expect(value).toEqual(["ab", "cd", "e", ""]);
});

test("a socket lives at a path as well as at a port", () => {
  const { value } = simulate(function* main() {
    const listener = yield* Socket.listen({ path: "/run/echo" });
    const client = yield* Socket.connect({ path: "/run/echo" });
    const connection = yield* listener.accept();
    yield* client.send("ping");
    return [yield* listener.address(), decode(yield* connection.recv())];
  });
  expect(value).toEqual([{ path: "/run/echo" }, "ping"]);
});

test("each method fails as its system call does", () => {
  const { value } = simulate(function* main() {
    const listener = yield* Socket.listen(7000);
    const client = yield* Socket.connect(7000);
    const connection = yield* listener.accept();
    yield* connection.close();
    const errors = {
      listen: yield* errnoOf(Socket.listen(7000)),
      connect: yield* errnoOf(Socket.connect(7001)),
      accept: yield* errnoOf(client.accept()),
      recv: yield* errnoOf(
        (function* () {
          yield* connection.recv();
        })(),
      ),
      send: yield* errnoOf(
        (function* () {
          yield* client.send("x");
        })(),
      ),
      close: yield* errnoOf(
        (function* () {
          yield* connection.close();
        })(),
      ),
      address: yield* errnoOf(
        (function* () {
          yield* connection.address();
        })(),
      ),
    };
    return errors;
  });
  expect(value).toEqual({
    listen: "EADDRINUSE",
    connect: "ECONNREFUSED",
    accept: "EINVAL",
    recv: "EBADF",
    send: "EPIPE",
    close: "EBADF",
    address: "EBADF",
  });
});

test("closing the listener ends the accept loop with EBADF; a session goes on to its end", () => {
  const { value } = simulate(function* main() {
    const listener = yield* Socket.listen(7000);
    const server = yield* spawn(serve(listener, echo));
    const client = yield* Socket.connect(7000);
    yield* client.send("one");
    const before = decode(yield* client.recv());
    yield* listener.close();
    const status = yield* wait(server);
    yield* client.send("two");
    const error =
      status.kind === "crashed" && status.error instanceof SystemError ? status.error : null;
    return [before, error?.errno, decode(yield* client.recv())];
  });
  expect(value).toEqual(["one", "EBADF", "two"]);
});

test("a client that hangs up ends its session quietly; a broken handler is reported", () => {
  const { stderr, crashes } = simulate(function* main() {
    const [listener] = yield* startServer(function* (connection) {
      const order = decode(yield* connection.recv());
      if (order === "crash") throw new Error("the handler is broken");
      yield* sleep(10);
      yield* connection.send("too late");
    });
    for (const order of ["crash", "go"]) {
      const socket = yield* Socket.connect(yield* listener.address());
      yield* socket.send(order);
      yield* sleep(1);
      yield* socket.close();
    }
    yield* sleep(100);
  });
  expect(crashes).toBe(1);
  expect(stderr.split("\n").slice(0, 2)).toEqual([
    'task 4 "session" crashed',
    "  Error: the handler is broken",
  ]);
});

test("a hang-up of another descriptor than the connection's is a crash all the same", () => {
  const { crashes, stderr } = simulate(function* main() {
    const [listener] = yield* startServer(function* () {
      const other = yield* Socket.connect(7000);
      yield* other.send("into the void");
    });
    const silent = yield* Socket.listen(7000);
    yield* spawn(function* () {
      const connection = yield* silent.accept();
      yield* connection.close();
    });
    yield* Socket.connect(yield* listener.address());
    yield* sleep(1);
  });
  expect(stderr).toContain("EPIPE");
  expect(crashes).toBe(1);
});

test("the name given to serve is what ps calls the sessions", () => {
  const { value } = simulate(function* main() {
    const listener = yield* Socket.listen(7000);
    yield* spawn(serve(listener, echo, "echo"), { daemon: true });
    yield* Socket.connect(7000);
    yield* sleep(1);
    return (yield* ps()).map(({ name }) => name);
  });
  expect(value).toEqual(["init", "main", "", "echo"]);
});

/** Say something five times; the number of answers, which is less when one side was killed. */
function* chat(listener: Socket): Program<number> {
  const socket = yield* Socket.connect(yield* listener.address());
  for (let round = 0; round < 5; round++) {
    yield* sleep(yield* random());
    try {
      yield* socket.send(`round ${round}`);
    } catch (error) {
      if (error instanceof SystemError && error.errno === "EPIPE") return round;
      throw error;
    }
    const heard = decode(yield* socket.recv());
    if (heard === "") return round;
    if (heard !== `round ${round}`) throw new Error(`sent round ${round}, heard ${heard}`);
  }
  return 5;
}

/** Kill a session or a client at random, 100 times. */
function* killer(): Program<number> {
  let kills = 0;
  while (kills < 100) {
    yield* sleep(0.02);
    const victims = (yield* ps()).filter(({ name }) => name === "session" || name === "client");
    const victim = victims[Math.floor((yield* random()) * victims.length)];
    if (victim === undefined) continue;
    yield* kill(victim.pid, (yield* random()) < 0.7 ? "KILL" : "TERM");
    kills += 1;
  }
  return kills;
}

test.each([1, 2, 3, 4, 5])(
  "of 300 connections whose tasks are killed at random none is leaked (seed %i)",
  (seed) => {
    const { value, crashes } = simulate(
      function* main() {
        const [listener] = yield* startServer(echo);
        const clients: Pid<number>[] = [];
        for (let i = 0; i < 300; i++)
          clients.push(yield* spawn(chat(listener), { name: "client" }));
        yield* wait(yield* spawn(killer));
        const ends = [];
        for (const client of clients) ends.push(yield* wait(client));
        yield* sleep(1);
        const bad = ends.filter(({ kind }) => kind === "crashed").map(describeExit);
        const answers = ends.map((end) => (end.kind === "exited" ? end.value : -1));
        const held = (yield* ps()).flatMap(({ descriptors }) => descriptors);
        return { bad, answers, held, listener: listener.fd, tasks: (yield* ps()).length };
      },
      { seed, shuffle: true },
    );
    expect(value.bad).toEqual([]);
    expect(crashes).toBe(0);
    expect(value.held).toEqual([0, 1, 2, value.listener]);
    expect(value.tasks).toBe(3);
    // Else the test would have tested nothing: some were served to the end, some lost their
    // session, some were killed themselves.
    expect(value.answers).toContain(5);
    expect(value.answers.some((answers) => answers >= 0 && answers < 5)).toBe(true);
    expect(value.answers).toContain(-1);
  },
);
