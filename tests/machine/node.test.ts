// The Node machine on the real event loop: real files, real sockets, no test that depends on speed.

import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect as hostConnect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boot, System } from "../../boot";
import { NodeMachine } from "../../machine";
import {
  accept,
  close,
  connect,
  decode,
  getsockname,
  kill,
  listen,
  now,
  open,
  park,
  promise,
  ps,
  read,
  sleep,
  sleepUntil,
  unlink,
  spawn,
  SystemError,
  wait,
  waitQueue,
  write,
  yieldCpu,
} from "../../syscalls";
import type { Address, Fd, Program } from "../../syscalls";
import { messageOf } from "../helpers/run";

let folder = "";
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "genix-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function* readAll(fd: Fd): Program<string> {
  let text = "";
  for (let bytes = yield* read(fd); bytes.length > 0; bytes = yield* read(fd))
    text += decode(bytes);
  return text;
}

function* echo(connection: Fd): Program<void> {
  for (let b = yield* read(connection); b.length > 0; b = yield* read(connection)) {
    yield* write(connection, b);
  }
}

function* serve(listener: Fd): Program<void> {
  for (;;) {
    const connection = yield* accept(listener);
    yield* spawn(echo(connection), { detached: true, give: [connection], name: "echo" });
  }
}

test("boot resolves to what the program returned, once everything it started has ended", async () => {
  const events: string[] = [];
  const value = await boot(function* () {
    yield* spawn(function* () {
      yield* sleep(20);
      events.push("child");
    });
    events.push("main");
    return "value";
  });
  expect(value).toBe("value");
  expect(events).toEqual(["main", "child"]);
});

test("busy tasks do not starve the host's event loop, nor the host the tasks", async () => {
  let hostTurns = 0;
  const host = setInterval(() => (hostTurns += 1), 1);
  const rounds = await boot(function* () {
    let spins = 0;
    while (hostTurns < 5) {
      yield* yieldCpu();
      spins += 1;
    }
    return spins;
  });
  clearInterval(host);
  expect(rounds).toBeGreaterThan(5);
});

test("timers fire while other tasks are busy", async () => {
  const woke = await boot(function* () {
    let done = false;
    yield* spawn(function* () {
      yield* sleep(5);
      done = true;
    });
    while (!done) yield* yieldCpu();
    return done;
  });
  expect(woke).toBe(true);
});

test("tasks that compute for long between their yields delay a timer by a few steps, not by many", async () => {
  const late = await boot(function* () {
    let steps = 0;
    let woke = -1;
    const deadline = (yield* now()) + 20;
    // The same moment by the host's clock, which does not begin with the machine as `now` does.
    const hostDeadline = performance.now() + 20;
    yield* spawn(function* () {
      yield* sleepUntil(deadline);
      woke = steps;
    });
    let due = -1;
    while (woke < 0) {
      const until = performance.now() + 3;
      while (performance.now() < until);
      if (due < 0 && performance.now() >= hostDeadline) due = steps;
      steps += 1;
      yield* yieldCpu();
    }
    return woke - due;
  });
  // Counted in steps, so that it does not matter how busy the host is.
  expect(late).toBeLessThan(10);
});

test("a sleep never ends early, and the clock never runs back", async () => {
  await boot(function* () {
    let last = yield* now();
    for (const ms of [0, 1, 2.5, 7]) {
      yield* sleep(ms);
      const time = yield* now();
      expect(time - last).toBeGreaterThanOrEqual(ms);
      last = time;
    }
  });
});

test("files: written and read back, and the host's errors arrive at the yield", async () => {
  const path = join(folder, "notes");
  await boot(function* () {
    const file = yield* open(path, "w");
    yield* write(file, "one\n");
    yield* write(file, "two\n");
    yield* close(file);
    const more = yield* open(path, "a");
    yield* write(more, "thrée\n");
    yield* close(more);
    const back = yield* open(path);
    expect(yield* readAll(back)).toBe("one\ntwo\nthrée\n");
    expect(yield* messageOf(write(back, "x") as unknown as Program)).toMatch(/^EBADF: task 2/);
    const missing = yield* messageOf(open(join(folder, "no", "file")));
    expect(missing).toMatch(/^ENOENT: task 2 .*: open\(.*\): no such file or directory/);
    const directory = yield* open(folder);
    expect(yield* messageOf(read(directory) as unknown as Program)).toMatch(/^EISDIR/);
    const spare = join(folder, "spare");
    yield* close(yield* open(spare, "w"));
    yield* unlink(spare);
    expect(yield* messageOf(unlink(spare) as unknown as Program)).toMatch(/^ENOENT: task 2/);
    expect(yield* messageOf(open(path, "wx") as unknown as Program)).toMatch(/^EEXIST/);
  });
});

const descriptors = "/proc/self/fd";
const onLinux = existsSync(descriptors) ? test : test.skip;

onLinux(
  "a file that is opened too late, for a task that was killed meanwhile, is closed",
  async () => {
    const path = join(folder, "late");
    writeFileSync(path, "");
    await boot(function* () {
      // Once before counting: the host opens some of its own.
      yield* close(yield* open(path));
      yield* sleep(5);
      const before = readdirSync(descriptors).length;
      for (let i = 0; i < 20; i++) {
        const pid = yield* spawn(function* () {
          yield* open(path);
        });
        yield* kill(pid, i % 2 === 0 ? "TERM" : "KILL");
        expect((yield* wait(pid)).kind).toBe("killed");
      }
      // Opening is done by a pool of threads, in order: this one comes after all of those.
      yield* close(yield* open(path));
      for (let i = 0; i < 1000 && readdirSync(descriptors).length > before; i++) yield* sleep(1);
      expect(readdirSync(descriptors).length).toBe(before);
    });
  },
);

test("a reader of a file that is killed loses nothing for the next one", async () => {
  const path = join(folder, "killed");
  writeFileSync(path, "abc");
  const text = await boot(function* () {
    const file = yield* open(path);
    const victim = yield* spawn(function* () {
      yield* read(file, 1);
    });
    yield* yieldCpu();
    yield* kill(victim);
    yield* wait(victim);
    return yield* readAll(file);
  });
  expect(text).toBe("abc");
});

test.each<[string, () => Address]>([
  ["TCP", () => ({ port: 0 })],
  ["Unix-domain", () => ({ path: join(folder, "socket") })],
])("%s sockets: an echo server, its clients, and their errors", async (_name, address) => {
  await boot(function* () {
    const listener = yield* listen(address());
    const where = yield* getsockname(listener);
    const inUse = yield* messageOf(listen(where));
    expect(inUse).toMatch(/^EADDRINUSE: task 2 "main": listen\(/);
    const server = yield* spawn(serve(listener), { give: [listener], daemon: true });
    const big = "x".repeat(1_000_000);
    const connection = yield* connect(where);
    yield* spawn(function* () {
      yield* write(connection, big);
    });
    let received = 0;
    while (received < big.length) received += (yield* read(connection)).length;
    expect(received).toBe(big.length);
    yield* close(connection);
    yield* kill(server);
    yield* wait(server);
    const refused = yield* messageOf(connect(where));
    expect(refused).toMatch(/^(ECONNREFUSED|ENOENT): task 2 "main": connect\(/);
  });
});

test("a peer that resets the connection is ECONNRESET or EPIPE at the yield, not a crash of the host", async () => {
  const host = createServer((socket) => socket.resetAndDestroy()).listen(0, "127.0.0.1");
  await new Promise((resolve) => host.once("listening", resolve));
  const { port } = host.address() as AddressInfo;
  const errno = await boot(function* () {
    try {
      const connection = yield* connect(port);
      yield* read(connection);
      for (;;) {
        yield* write(connection, "anybody there?");
        yield* sleep(1);
      }
    } catch (error) {
      return error instanceof SystemError ? error.errno : String(error);
    }
  });
  host.close();
  expect(["ECONNRESET", "EPIPE"]).toContain(errno);
});

test("a peer that does not read makes the writer wait; memory stays bounded", async () => {
  let peer: Socket | undefined;
  const host = createServer((socket) => (peer = socket.pause())).listen(0, "127.0.0.1");
  await new Promise((resolve) => host.once("listening", resolve));
  const { port } = host.address() as AddressInfo;
  const state = await boot(function* () {
    const connection = yield* connect(port);
    let chunks = 0;
    const writer = yield* spawn(function* () {
      for (;;) {
        yield* write(connection, new Uint8Array(65536));
        chunks += 1;
      }
    });
    // Until it has stopped making progress: the host's buffers are full.
    for (let before = -1; before !== chunks;) {
      before = chunks;
      yield* sleep(50);
    }
    const blocked = (yield* ps()).find((task) => task.pid === writer);
    yield* kill(writer);
    return blocked?.waitsFor;
  });
  peer?.destroy();
  host.close();
  expect(state).toMatch(/to be writable$/);
});

test("half-closed: a client that has ended its side still receives the answer", async () => {
  const answer = await boot(function* () {
    const listener = yield* listen(0);
    const address = yield* getsockname(listener);
    const reply = promise(
      new Promise<string>((resolve) => {
        const socket = hostConnect({ port: (address as { port: number }).port, host: "127.0.0.1" });
        let text = "";
        socket.on("data", (chunk) => (text += chunk.toString()));
        socket.on("end", () => resolve(text));
        socket.end("question");
      }),
    );
    const connection = yield* accept(listener);
    const question = yield* readAll(connection);
    yield* write(connection, `${question} answered`);
    yield* close(connection);
    return yield* reply;
  });
  expect(answer).toBe("question answered");
});

test("2,000 connections served by children that are killed at random leave nothing behind", async () => {
  const CONNECTIONS = 2000;
  const AT_ONCE = 100;
  const system: System<number, NodeMachine> = new System(
    new NodeMachine({ seed: 42 }),
    function* main() {
      const listener = yield* listen({ port: 0 });
      const { port } = (yield* getsockname(listener)) as { port: number };
      const server = yield* spawn(serve(listener), { give: [listener], name: "server" });
      let served = 0;
      for (let i = 0; i < CONNECTIONS; i += AT_ONCE) {
        const clients = [];
        for (let j = 0; j < AT_ONCE; j++) clients.push(yield* spawn(client(port, () => served++)));
        yield* spawn(killer(i), { detached: true });
        for (const pid of clients) yield* wait(pid);
      }
      yield* kill(server);
      yield* wait(server);
      return served;
    },
  );
  const { kernel } = system;
  await system.machine.run();
  const served = system.value;
  expect(served).toBeGreaterThan(CONNECTIONS / 10);
  expect(served).toBeLessThan(CONNECTIONS);
  expect(kernel.descriptors.size).toBe(0);
  expect([...kernel.tasks].map((task) => task.pid)).toEqual([1]);
  for (const queue of [kernel.outside, kernel.parents, kernel.sleepers])
    expect(queue.length).toBe(0);
  expect(kernel.timers.length).toBe(0);
  expect(kernel.stuck).toBe(true);

  function* client(port: number, done: () => void): Program<void> {
    try {
      const connection = yield* connect(port);
      for (let round = 0; round < 3; round++) {
        yield* write(connection, "ping");
        const reply = yield* read(connection);
        if (reply.length === 0) return;
      }
      yield* close(connection);
      done();
    } catch (error) {
      // Its server was killed; the host may also reset the connection then.
      if (!(error instanceof SystemError)) throw error;
    }
  }

  /** KILLs every third echo task there is, for a while; every second time with TERM instead. */
  function* killer(round: number): Program<void> {
    for (let i = 0; i < 20; i++) {
      const victims = (yield* ps()).filter((task) => task.name === "echo" && task.pid % 3 === 0);
      for (const { pid } of victims) {
        try {
          yield* kill(pid, (round + i) % 2 === 0 ? "KILL" : "TERM");
        } catch (error) {
          if (!(error instanceof SystemError && error.errno === "ESRCH")) throw error;
        }
      }
      yield* sleep(1);
    }
  }
});

test("shutDown tells every task to stop; the second time it does not ask", async () => {
  const events: string[] = [];
  const machine = new NodeMachine();
  const system = new System(machine, function* main() {
    yield* spawn(function* () {
      try {
        yield* sleep(1e6);
      } finally {
        events.push("child");
      }
    });
    setImmediate(() => machine.shutDown("SIGINT"));
    try {
      yield* sleep(1e6);
    } finally {
      events.push("main");
      setImmediate(() => machine.shutDown("SIGINT"));
      yield* sleep(1e6);
      events.push("never");
    }
  });
  await machine.run();
  expect(events).toEqual(["child", "main"]);
  expect(system.halt.status).toMatchObject({ kind: "killed", signal: "KILL", reason: "SIGINT" });
});

test("a deadlock is found at once though a socket is open, and reported with who waits for what", async () => {
  const report = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  const error: unknown = await boot(function* () {
    yield* listen(0);
    yield* park(waitQueue("Godot"));
  }).catch((reason: unknown) => reason);
  report.mockRestore();
  expect(String(error)).toContain('task 2 "main" waits in park([WaitQueue "Godot"]): Godot');
});

test("CPU time is accounted to the task that spent it, when asked for", async () => {
  const [lazy, busy] = await boot(
    function* () {
      const idle = yield* spawn(function* () {
        yield* sleep(30);
      });
      const until = performance.now() + 20;
      while (performance.now() < until);
      yield* yieldCpu();
      const tasks = yield* ps();
      return [idle, 2].map((pid) => tasks.find((task) => task.pid === pid)?.cpuTime ?? -1);
    },
    { accounting: true },
  );
  expect(busy).toBeGreaterThan(15);
  expect(lazy).toBeLessThan(busy as number);
});
