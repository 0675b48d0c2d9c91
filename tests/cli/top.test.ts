// genix top at real programs, through real sockets.

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { Workshop, type Running } from "./genix";

const shop = new Workshop();
/** Sockets' paths are short; and other programs that run meanwhile are not ours. */
const temp = mkdtempSync(join(tmpdir(), "gt-"));
const env = { TMPDIR: temp };
afterAll(() => {
  shop.remove();
  rmSync(temp, { recursive: true });
});

shop.write(
  "steady.cjs",
  `
  const { Channel, sleep, spawn, stdin, read, write, stdout } = require("genix");
  module.exports = function* main() {
    const log = new Channel(Infinity, { name: "log" });
    yield* spawn(function* filler() { for (let i = 0; ; i++) { yield* log.send(i); yield* sleep(1); } }, { daemon: true });
    yield* spawn(function* sleeper() { yield* sleep(1e9); }, { daemon: true });
    yield* write(stdout, "started\\n");
    yield* read(stdin);
    return 7;
  };`,
);
shop.write(
  "brief.cjs",
  `
  const { sleep, write, stdout } = require("genix");
  module.exports = function* main([ms]) {
    yield* write(stdout, "hello\\n");
    yield* sleep(Number(ms));
    return 3;
  };`,
);

const top = (...args: string[]) => shop.run(["top", ...args], { env });

/** On a busy host a program may take so long to load that top says so. */
const inTime = (stderr: string): string =>
  stderr.replace(/^genix: process \d+ loads its program .*\n/m, "");

/** A program that is observed. It runs until it is given a line. */
async function steady(...options: string[]): Promise<Running> {
  const running = shop.start(["run", "--observe", ...options, "steady.cjs"], { env });
  await running.printed("started");
  return running;
}

async function stop(running: Running): Promise<void> {
  running.child.stdin.end("\n");
  expect((await running.ended).code).toBe(7);
}

const folder = (): string => join(temp, `genix-${userInfo().uid}`);
const socketOf = ({ child }: Running): string => join(folder(), `${String(child.pid)}.sock`);

test("--once --attach prints one table of the only program that is observed, which goes on", async () => {
  const running = await steady();
  const { code, stdout, stderr } = await top("--once", "--attach", "--sort", "pid");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = stdout.split("\n");
  expect(lines[0]).toMatch(/^steady\.cjs \(process \d+\), up \d+\.\d s$/);
  expect(lines[1]).toMatch(/^Tasks 4: \d ready, \d blocked, 0 stopped, 0 zombie /);
  expect(lines[4]).toBe(
    " PID^  NAME              STATE        STEPS     CPU ms   CPU %  LONGEST ms  FDS  IN",
  );
  expect(lines[6]).toMatch(/^ +2 +main +blocked .* read\(0\): fd 0 \(stdin\) to be readable$/);
  expect(lines[8]).toMatch(/^ +4 +sleeper \(daemon\) +blocked +1 .* a deadline in \d+ ms$/);
  await stop(running);
});

test("a deadline is told on the clock of the program, which began after its process", async () => {
  const running = await steady();
  const { stdout } = await top("--once", "--attach", "--filter", "sleeper");
  await stop(running);
  const [, up] = /, up (\d+\.\d) s\n/.exec(stdout) ?? [];
  const [, left] = / a deadline in (\d+) ms\n/.exec(stdout) ?? [];
  // It slept for a million seconds, at some time since it was up; which is told to 0.1 s.
  expect(Number(left) + 1000 * Number(up)).toBeGreaterThanOrEqual(1e9 - 51);
});

test("--batch -n prints so many tables, of the program of a process id, sorted and filtered", async () => {
  const running = await steady();
  const which = String(running.child.pid);
  const { code, stdout } = await top(
    ...["--batch", "-n", "2", "-i", "0.1", "-a", which, "-s", "name", "-f", "sleep", "--rows", "1"],
  );
  expect(code).toBe(0);
  const tables = stdout.split("\n\nsteady.cjs");
  expect(tables).toHaveLength(2);
  for (const table of tables) {
    expect(table).toMatch(/\n +3 +filler .*\n… 1 below\n/);
    expect(table).not.toContain("main");
  }
  // Of a channel it is known when it was used while somebody looked.
  expect(tables[1]).toMatch(/\nlog +\d+ +messages +- +0 +0 +-\n$/);
  await stop(running);
});

test("its socket is in a private folder, for its user only, and gone when it has ended", async () => {
  const running = await steady();
  const socket = socketOf(running);
  expect([statSync(socket).mode & 0o777, statSync(folder()).mode & 0o777]).toEqual([0o600, 0o700]);
  await stop(running);
  expect(existsSync(socket)).toBe(false);
});

test("a socket that a dead program left is cleaned up, by attaching or by the next program", async () => {
  const running = await steady();
  running.child.kill("SIGKILL");
  await running.ended;
  expect(existsSync(socketOf(running))).toBe(true);
  const { code, stderr } = await top("--attach");
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "genix: no program is observed; start one with genix run --observe\n",
  });
  expect(readdirSync(folder())).toEqual([]);
});

test("several programs that are observed are told apart", async () => {
  const both = [await steady(), await steady()];
  const pids = both.map(({ child }) => Number(child.pid)).sort((a, b) => a - b);
  const { code, stderr } = await top("--attach");
  const expected = `genix: several are observed: give one of --attach ${pids.join(", ")}\n`;
  expect({ code, stderr }).toEqual({ code: 2, stderr: expected });
  for (const running of both) await stop(running);
});

test("a program that is started ends by itself: its exit code is passed on, its output kept from the tables", async () => {
  const running = shop.start(["top", "--batch", "-i", "0.1", "steady.cjs"], { env });
  await running.printed("read(0)");
  running.child.stdin.end("\n");
  const { code, stdout, stderr } = await running.ended;
  expect({ code, stderr: inTime(stderr) }).toEqual({ code: 7, stderr: "started\n" });
  expect(stdout).toMatch(/^steady\.cjs \(process \d+\), up \d+\.\d s\n/);
  expect(stdout).toMatch(/\n +2 +main +blocked .* read\(0\): fd 0 \(stdin\) to be readable\n/);
  expect(stdout).toMatch(/\nThe program has ended with exit code 7\.\n$/);
});

test("a program that is started is told to stop when all tables are printed", async () => {
  shop.write(
    "cleanup.cjs",
    `
    const { sleep, write, stdout } = require("genix");
    module.exports = function* main() {
      try { yield* sleep(1e9); } finally { yield* write(stdout, "cleaned up\\n"); }
    };`,
  );
  const { code, stdout, stderr } = await top("--once", "-i", "0.2", "cleanup.cjs");
  expect({ code, stderr: inTime(stderr) }).toEqual({ code: 0, stderr: "cleaned up\n" });
  expect(stdout).toContain("sleep(1000000000)");
});

test("when nobody reads the tables any more there are no more, and the program is told to stop", async () => {
  const running = shop.start(["top", "--batch", "-i", "0.1", "brief.cjs", "1000000000"], { env });
  await running.printed("sleep(1000000000)");
  running.child.stdout.destroy();
  const { code, stderr } = await running.ended;
  expect({ code, stderr: inTime(stderr) }).toEqual({ code: 0, stderr: "hello\n" });
});

test("a program that cannot be loaded, and one that ends at once, say so and pass on their exit codes", async () => {
  expect(await top("nowhere.ts")).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("there is no file nowhere.ts") as string,
  });
  shop.write("done.cjs", "module.exports = function* main() { return 4; };");
  expect((await top("done.cjs")).code).toBe(4);
});

test("of a program that does not come to run it is said that it still loads", async () => {
  shop.write("loading.cjs", "for (;;);");
  const running = shop.start(["top", "--batch", "loading.cjs"], { env });
  await running.printed("does a module not come to its end?");
  running.child.kill("SIGTERM");
  const { code, stdout, stderr } = await running.ended;
  expect({ code, stdout }).toEqual({ code: 143, stdout: "" });
  expect(stderr).toMatch(
    /^genix: process \d+ loads its program for 3 s; does a module not come to its end\?\n$/,
  );
});

test("a program that is started ends with top, also if it blocks and top is killed", async () => {
  shop.write(
    "orphan.cjs",
    `
    const { write, stdout, sleep } = require("genix");
    module.exports = function* main() {
      yield* write(stdout, "started\\n");
      yield* sleep(50);
      for (;;);
    };`,
  );
  const running = shop.start(["top", "--batch", "-i", "0.1", "orphan.cjs"], { env });
  await running.printed("no answer");
  running.child.kill("SIGKILL");
  // Its stderr is top's: it is closed when both have ended.
  expect(await running.ended).toMatchObject({ signal: "SIGKILL" });
});

test("of a program that blocks the thread it is said that there is no answer", async () => {
  shop.write(
    "frozen.cjs",
    `
    const { write, stdout, sleep } = require("genix");
    module.exports = function* main() {
      yield* write(stdout, "started\\n");
      yield* sleep(50);
      for (;;);
    };`,
  );
  const running = shop.start(["run", "--observe", "frozen.cjs"], { env });
  await running.printed("started");
  const { code, stdout, stderr } = await top("--once", "--attach");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^genix: no answer from process \d+ for 3 s; does a task not yield\?\n$/);
  running.child.kill("SIGKILL");
  await running.ended;
});

test.each([
  [["top"], "give either a program or --attach"],
  [["top", "--attach", "1", "brief.cjs"], "give either a program or --attach"],
  [["top", "-i", "0", "brief.cjs"], "Give a number of seconds from 0.05 to 3600"],
  [["top", "-n", "0", "brief.cjs"], "Give a whole number from 1 to"],
  [["top", "-s", "beauty", "brief.cjs"], "Allowed choices are pid, name"],
  [["top", "--attach", "999999999"], "no program is observed at"],
  [["top", "--attach", "steady.cjs"], "no program is observed at steady.cjs"],
  [["run", "--observe-at", "steady.cjs", "brief.cjs"], "steady.cjs exists and is no socket"],
  [["run", "--observe-at", "x".repeat(200), "brief.cjs"], "is too long for a socket"],
  [["run", "--observe-at", "no/such/folder", "brief.cjs"], "cannot listen at no/such/folder"],
  [["run", "--observe", "--virtual", "brief.cjs"], "--observe has nothing to see with --virtual"],
])("%j is refused in one line", async (args, text) => {
  const { code, stdout, stderr } = await shop.run(args, { env });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(text);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("a socket in use is refused, one left behind is not", async () => {
  const path = join(temp, "mine");
  writeFileSync(join(temp, "file"), "");
  const server = createServer().listen(path);
  const first = await shop.run(["run", "--observe-at", path, "brief.cjs", "1"], { env });
  expect(first).toMatchObject({ code: 2, stderr: `genix: ${path} is in use; give another path\n` });
  server.close();
  expect((await shop.run(["run", "--observe-at", path, "brief.cjs", "1"], { env })).code).toBe(3);
});

/** A client by hand. */
class Client {
  readonly socket: Socket;
  #text = "";
  #news: () => void = () => {};
  closed = false;

  constructor(path: string) {
    this.socket = connect(path);
    this.socket.setEncoding("utf8").on("data", (text: string) => {
      this.#text += text;
      this.#news();
    });
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.closed = true;
      this.#news();
    });
  }

  /** The next line that comes; "" when it is closed instead. */
  async line(): Promise<string> {
    while (!this.#text.includes("\n")) {
      if (this.closed) return "";
      await new Promise<void>((resolve) => (this.#news = resolve));
    }
    const end = this.#text.indexOf("\n");
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return line;
  }

  ask(text: string): Promise<string> {
    this.socket.write(`${text}\n`);
    return this.line();
  }
}

test("rubbish is answered, and harms neither the program nor other clients", async () => {
  const running = await steady();
  const [one, other] = [new Client(socketOf(running)), new Client(socketOf(running))];
  expect(await one.ask("rubbish")).toBe('{"error":"a question is one line of JSON"}');
  expect(JSON.parse(await one.ask("{}"))).toMatchObject({ genix: 1, matching: 4 });
  one.socket.write("x".repeat(10_000));
  expect(await one.line()).toBe('{"error":"a question has at most 4096 characters"}');
  expect(await one.line()).toBe("");
  expect(JSON.parse(await other.ask('{"limit":1}'))).toMatchObject({
    matching: 4,
    rows: [{ depth: 0 }],
  });
  other.socket.write('{"limit"');
  other.socket.destroy();
  await stop(running);
});

test("a client that asks and never reads gets no more than one answer ahead", async () => {
  const running = await steady();
  const greedy = new Client(socketOf(running));
  greedy.socket.pause();
  for (let i = 0; i < 5000; i++) greedy.socket.write('{"queues":5}\n');
  const other = new Client(socketOf(running));
  expect(JSON.parse(await other.ask("{}"))).toMatchObject({ genix: 1 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(JSON.parse(await other.ask("{}"))).toMatchObject({ genix: 1 });
  greedy.socket.resume();
  await stop(running);
  let answers = 0;
  while ((await greedy.line()) !== "") answers += 1;
  // What the host's own buffers take, of 5,000.
  expect(answers).toBeLessThan(2500);
});

test("seventeen clients are one too many, until one goes", async () => {
  const running = await steady();
  const clients: Client[] = [];
  for (let i = 0; i < 16; i++) {
    const client = new Client(socketOf(running));
    expect(JSON.parse(await client.ask("{}"))).toMatchObject({ genix: 1 });
    clients.push(client);
  }
  const late = new Client(socketOf(running));
  expect(await late.line()).toBe('{"error":"16 others look at it already"}');
  clients[0]?.socket.destroy();
  let answer = "";
  while (!answer.includes("uptime")) answer = await new Client(socketOf(running)).ask("{}");
  await stop(running);
});
