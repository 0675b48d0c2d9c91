// The chat server of the course, demo 104, as a process of its own with guests on real sockets:
// some who talk, one who hangs up half, one who resets, one who reads nothing; and its end.

import { connect, type Socket } from "node:net";
import { Workshop, type Running } from "./genix";

const shop = new Workshop();
const guests: Guest[] = [];

afterAll(() => {
  for (const { socket } of guests) socket.destroy();
  shop.remove();
});

/** A guest: what it has read, and a way to wait for more. */
class Guest {
  readonly socket: Socket;
  text = "";
  #onNews: () => void = () => {};
  readonly ended: Promise<void>;

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    this.socket.setEncoding("utf8").on("error", () => {});
    this.ended = new Promise((resolve) => {
      this.socket.on("end", resolve).on("close", () => resolve());
    });
    guests.push(this);
  }

  listen(): this {
    this.socket.on("data", (text: string) => {
      this.text += text;
      this.#onNews();
    });
    return this;
  }

  async reads(text: string): Promise<void> {
    while (!this.text.includes(text)) await new Promise<void>((again) => (this.#onNews = again));
  }

  say(text: string): void {
    this.socket.write(`${text}\n`);
  }
}

async function open(): Promise<{ running: Running; port: number }> {
  const running = shop.start(["run", "104-chat", "--serve", "0"]);
  const text = await new Promise<string>((resolve) => running.child.stdout.once("data", resolve));
  const port = Number(/nc 127\.0\.0\.1 (\d+)\n/.exec(text)?.[1]);
  return { running, port };
}

async function enter(port: number, name: string): Promise<Guest> {
  const guest = new Guest(port).listen();
  await guest.reads("your name?");
  guest.say(name);
  await guest.reads(`${name} has come`);
  return guest;
}

describe("104: the chat server", () => {
  test("carries words between guests, whole, in order, and to nobody twice", async () => {
    const { running, port } = await open();
    const ann = await enter(port, "ann");
    const ben = await enter(port, "ben");
    ann.socket.write("one\ntw");
    ann.socket.write("o\r\nthrée\n");
    await ben.reads("ann: thrée\n");
    ben.say("four");
    await ann.reads("ben: four\n");
    expect(ben.text).toMatch(/ann: one\nann: two\nann: thrée\n$/);
    expect(ann.text).not.toContain("one");
    const late = new Guest(port).listen();
    await late.reads("your name?");
    late.say("ann");
    await late.reads("There is one called ann already");
    running.child.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("goes on when a guest hangs up half, or resets, and lets the others know", async () => {
    const { running, port } = await open();
    const ann = await enter(port, "ann");
    const half = await enter(port, "half");
    half.socket.end("last words\n");
    await ann.reads("half: last words\n");
    await ann.reads("* half has left\n");
    await half.ended;
    const rex = await enter(port, "rex");
    rex.socket.resetAndDestroy();
    await ann.reads("* rex has broken off (ECONNRESET)\n");
    running.child.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("waits for no guest who reads nothing, and shows it the door", async () => {
    const { running, port } = await open();
    const ann = await enter(port, "ann");
    const ben = await enter(port, "ben");
    const zoe = new Guest(port);
    zoe.say("zoe");
    await ann.reads("zoe has come");
    for (let i = 0; i < 300; i++) {
      ann.say(`${i} `.padEnd(60_000, "#"));
      await ben.reads(`ann: ${i} `);
      ben.text = "";
    }
    await ann.reads("* zoe did not listen any more\n");
    running.child.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("sends home who never ends a line", async () => {
    const { running, port } = await open();
    const ann = await enter(port, "ann");
    const bob = await enter(port, "bob");
    bob.socket.write("#".repeat(100_000));
    await ann.reads("* bob talks without end\n");
    running.child.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 0 });
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "says good-bye to all on %s, also to who has no name yet, and exits with 0",
    async (signal) => {
      const { running, port } = await open();
      const ann = await enter(port, "ann");
      const nameless = new Guest(port).listen();
      await nameless.reads("your name?");
      ann.say("is anybody there?");
      running.child.kill(signal);
      await Promise.all([ann.ended, nameless.ended]);
      expect(ann.text).toMatch(/\* The server closes\. Good-bye!\n$/);
      expect(nameless.text).toMatch(/\* The server closes\. Good-bye!\n$/);
      const { code, stdout, stderr } = await running.ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(new RegExp(`server: closed, because of ${signal}\n$`));
    },
  );

  test("ends even if a guest does not read its good-bye", async () => {
    const { running, port } = await open();
    const ann = await enter(port, "ann");
    const zoe = new Guest(port);
    zoe.say("zoe");
    await ann.reads("zoe has come");
    for (let i = 0; i < 300; i++) ann.say("#".repeat(60_000));
    ann.say("done");
    const ben = await enter(port, "ben");
    await ben.reads("ben has come");
    running.child.kill("SIGINT");
    await ann.reads("Good-bye!");
    expect(await running.ended).toMatchObject({ code: 0, stderr: "" });
  });
});
