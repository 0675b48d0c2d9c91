// The Node machine against what is meant to break it: fakes in the place of the host's timers, peers
// that take their time, arguments no host takes.

import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { boot, simulateAsync } from "../../boot";
import { connect, kill, listen, now, open, promise, read, sleep, spawn } from "../../syscalls";
import { unlink, write, type Fd, type Program } from "../../syscalls";
import { messageOf } from "../helpers/run";

let folder = "";
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "genix-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** A server of the host's that does not read before it is told to. */
async function slowPeer(): Promise<{ host: Server; port: number; peer: Promise<Socket> }> {
  const host = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  const peer = new Promise<Socket>((resolve) => host.once("connection", resolve));
  await new Promise((resolve) => host.once("listening", resolve));
  return { host, port: (host.address() as AddressInfo).port, peer };
}

const MUCH = 16 * 1024 * 1024;

function* sendMuch(connection: Fd, done: () => void): Program<void> {
  yield* write(connection, new Uint8Array(MUCH));
  done();
}

test("a write of much waits until the peer has taken all but a little of it", async () => {
  const { host, port, peer } = await slowPeer();
  const events: string[] = [];
  let received = 0;
  await boot(function* () {
    const connection = yield* connect(port);
    const done = (): void => void events.push("written");
    yield* spawn(sendMuch(connection, done), { give: [connection] });
    const socket = yield* promise(peer);
    yield* sleep(50);
    events.push("the peer begins to read");
    socket.on("data", (bytes: Uint8Array) => (received += bytes.length)).resume();
    yield* promise(new Promise((resolve) => socket.once("end", resolve)));
  });
  host.close();
  expect(events).toEqual(["the peer begins to read", "written"]);
  expect(received).toBe(MUCH);
});

test("a system has halted only when the rest of what was written has left for the peer", async () => {
  const { host, port, peer } = await slowPeer();
  const events: string[] = [];
  const system = boot(function* () {
    const connection = yield* connect(port);
    const writer = yield* spawn(
      sendMuch(connection, () => {}),
      { give: [connection] },
    );
    yield* sleep(50);
    yield* kill(writer, "KILL");
    yield* promise(peer);
  });
  const socket = await peer;
  setTimeout(() => {
    events.push("the peer reads");
    socket.resume();
  }, 300);
  await system.then(() => events.push("halted"));
  host.close();
  expect(events).toEqual(["the peer reads", "halted"]);
});

test("a system has halted only when what was written to a file is in it", async () => {
  const path = join(folder, "much");
  await boot(function* () {
    yield* write(yield* open(path, "w"), new Uint8Array(3 * MUCH));
  });
  expect(readFileSync(path).length).toBe(3 * MUCH);
});

test("a read of a file takes no more memory than it may fill", async () => {
  const path = join(folder, "short");
  writeFileSync(path, "short");
  const bytes = await boot(function* () {
    return yield* read(yield* open(path), Number.MAX_SAFE_INTEGER);
  });
  expect(Buffer.from(bytes).toString()).toBe("short");
  expect(bytes.buffer.byteLength).toBeLessThanOrEqual(2 ** 20);
});

test("fakes in the place of the host's clock and timers do not reach the machine", async () => {
  jest.useFakeTimers();
  const clock = jest.spyOn(performance, "now").mockReturnValue(NaN);
  try {
    const slept = await boot(function* () {
      const began = yield* now();
      yield* sleep(5);
      return (yield* now()) - began;
    });
    expect(slept).toBeGreaterThanOrEqual(5);
  } finally {
    clock.mockRestore();
    jest.useRealTimers();
  }
});

test("a path with a NUL in it is EINVAL, and one that is too long for a socket is not cut off", async () => {
  const path = join(folder, "x".repeat(120));
  const messages = await boot(function* () {
    return [
      yield* messageOf(open("a\0b")),
      yield* messageOf(unlink("a\0b")),
      yield* messageOf(listen({ path: "a\0b" })),
      yield* messageOf(listen({ path })),
      yield* messageOf(connect({ path })),
    ];
  });
  const nul = expect.stringMatching(/^EINVAL: .*"a\\u0000b"/) as string;
  const long = `the path of a socket has at most 107 bytes, and this one ${path.length}`;
  const tooLong = expect.stringMatching(new RegExp(`^EINVAL: .*: ${long}$`)) as string;
  expect(messages).toEqual([nul, nul, nul, tooLong, tooLong]);
});

test("an error that has no number here is EIO and says what the host calls it", async () => {
  const circle = join(folder, "circle");
  symlinkSync(circle, circle);
  const message = await boot(() => messageOf(open(circle)));
  expect(message).toMatch(/^EIO: .*: ELOOP: too many symbolic links/);
});

test("a program that boots, but is none, is told so", async () => {
  await expect(boot((() => 5) as unknown as () => Program)).rejects.toThrow(
    /^panic: task 1 "init" crashed: .*the number 5 is no program; pass a generator: worker\(\)$/,
  );
});

test("a promise that nobody will settle is a deadlock once the host has nothing left to do", async () => {
  const end = simulateAsync(function* () {
    yield* promise(new Promise(() => {}));
  });
  process.emit("beforeExit", 0);
  const { deadlock, status } = await end;
  expect(deadlock).toMatch(/task 2 "main" waits in promise/);
  expect(status.kind).toBe("killed");
});
