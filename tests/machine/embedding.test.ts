// Systems inside a host's own program: many at a time, nested, and without a trace when they end;
// and the host's real streams, read by tasks.

import { spawn as hostSpawn } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { boot, ProgramError } from "../../boot";
import { decode, END, iterate, kill, promise, sleep, spawn, wait, write } from "../../syscalls";
import type { AsyncReader, Program } from "../../syscalls";

const root = join(__dirname, "..", "..");
let folder = "";
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "genix-embedding-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** How many listeners there are to what systems share. */
function listeners(): Record<string, number> {
  const counts: Record<string, number> = {};
  const streams = { process, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
  for (const [name, emitter] of Object.entries(streams)) {
    for (const event of emitter.eventNames()) {
      counts[`${name} ${String(event)}`] = emitter.listenerCount(event);
    }
  }
  return counts;
}

test("fifty systems at a time add one listener an event at most, and leave none", async () => {
  await boot(function* () {});
  const before = listeners();
  let during: Record<string, number> = {};
  const values = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      boot(function* () {
        yield* sleep(5);
        during = listeners();
        return i;
      }),
    ),
  );
  expect(values).toEqual(Array.from({ length: 50 }, (_, i) => i));
  for (const [event, count] of Object.entries(during)) {
    expect([event, count]).toEqual([event, Math.min(count, (before[event] ?? 0) + 1)]);
  }
  expect(during["process beforeExit"]).toBe((before["process beforeExit"] ?? 0) + 1);
  expect(listeners()).toEqual(before);
});

test("an error keeps its identity and its stack through nested systems, and is not printed", async () => {
  const printed = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  const thrown = new RangeError("deep");
  const { stack } = thrown;
  const caught = await boot(function* outer() {
    try {
      yield* promise(
        boot(function* inner(): Program<void> {
          yield* sleep(1);
          throw thrown;
        }),
      );
    } catch (error) {
      return error;
    }
    return undefined;
  }).finally(() => printed.mockRestore());
  expect(caught).toBe(thrown);
  expect(thrown.stack).toBe(`${stack}\n    in task 2 "inner"\n    in task 1 "init"`);
  expect(printed).not.toHaveBeenCalled();
});

test("a task that is killed stops the system it started, when it hands its signal on", async () => {
  const events: string[] = [];
  let inner: Promise<unknown> = Promise.resolve();
  const status = await boot(function* outer() {
    const task = yield* spawn(function* () {
      yield* promise((signal: AbortSignal) => {
        const program = boot(
          function* () {
            try {
              events.push("inner runs");
              yield* sleep(60_000);
            } finally {
              events.push("inner cleaned up");
            }
          },
          { signal },
        );
        inner = program.catch((error: unknown) => error);
        return program;
      });
    });
    while (events.length === 0) yield* sleep(1);
    yield* kill(task, "KILL");
    return yield* wait(task);
  });
  expect(status).toMatchObject({ kind: "killed" });
  expect(await inner).toBeInstanceOf(ProgramError);
  expect(events).toEqual(["inner runs", "inner cleaned up"]);
});

/** Run TypeScript source in a process of its own, whose stdin stays open. */
async function host(source: string, input: string): Promise<string> {
  const file = join(folder, `host-${Math.random()}.ts`);
  const genix = JSON.stringify(join(root, "index"));
  writeFileSync(file, source.replace('"genix"', genix));
  const child = hostSpawn(process.execPath, ["-r", join(root, "scripts/from-source.js"), file], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.write(input);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => child.on("close", resolve));
  return `${output}exit ${String(code)}`;
}

test("a system that has read stdin does not keep the host alive once it has ended", async () => {
  const source = `
    import { boot, lineReader, stdin, stdout, write } from "genix";
    void boot(function* () {
      yield* write(stdout, "read " + (yield* lineReader(stdin).next()) + "\\n");
    });`;
  expect(await host(source, "line\n")).toBe("read line\nexit 0");
});

test("the host warns of no leak: fifty systems and a hundred tasks on one signal", async () => {
  const source = `
    import { aborted, boot, spawn, stdout, wait, write } from "genix";
    process.on("warning", (warning) => console.log(warning.name));
    const controller = new AbortController();
    const boots = Array.from({ length: 50 }, () => boot(function* () {
      for (let i = 0; i < 2; i++) yield* spawn(function* () { yield* aborted(controller.signal); });
      yield* write(stdout, "");
      yield* wait();
    }, { signal: controller.signal }).catch((error) => error.status.kind));
    setTimeout(() => controller.abort(), 20);
    void Promise.all(boots).then((all) => console.log(all.filter((k) => k === "killed").length));`;
  expect(await host(source, "")).toBe("50\nexit 0");
});

test("a system that ends leaves stdin to another that still reads it", async () => {
  const source = `
    import { boot, lineReader, stdin, stdout, sleep, write } from "genix";
    const brief = boot(function* () { yield* sleep(1); });
    void boot(function* () {
      const lines = lineReader(stdin);
      yield* lines.next();
      process.stdout.write("waiting\\n");
      void brief.then(() => process.stdin.emit("data", Buffer.from("second\\n")));
      yield* write(stdout, "read " + (yield* lines.next()) + "\\n");
    });`;
  expect(await host(source, "first\n")).toBe("waiting\nread second\nexit 0");
});

describe("iterate on the host's own streams", () => {
  function* text(reader: AsyncReader<Buffer>): Program<string> {
    let all = "";
    for (let chunk = yield* reader.next(); chunk !== END; chunk = yield* reader.next()) {
      all += decode(chunk);
    }
    return all;
  }

  test("a file is read to its end, at the reader's pace", async () => {
    const file = join(folder, "big.txt");
    writeFileSync(file, "x".repeat(1_000_000));
    const stream = createReadStream(file, { highWaterMark: 1024 });
    const length = await boot(function* () {
      const reader = yield* iterate<Buffer>(stream);
      yield* reader.next();
      yield* sleep(20);
      expect(stream.bytesRead).toBeLessThan(100_000);
      return (yield* text(reader)).length;
    });
    expect(length).toBe(1_000_000 - 1024);
    expect(stream.destroyed).toBe(true);
  });

  test("a stream that is destroyed with an error half-way throws that", async () => {
    const stream = new PassThrough();
    const broken = new Error("cable cut");
    const caught = await boot(function* () {
      const reader = yield* iterate<Buffer>(stream);
      stream.write("half");
      expect(decode((yield* reader.next()) as Buffer)).toBe("half");
      stream.destroy(broken);
      try {
        yield* reader.next();
      } catch (error) {
        return error;
      }
      return undefined;
    });
    expect(caught).toBe(broken);
  });

  test("a stream that is destroyed without one, before its end, throws too", async () => {
    const stream = new PassThrough();
    const caught = await boot(function* () {
      const reader = yield* iterate<Buffer>(stream);
      setTimeout(() => stream.destroy(), 1);
      try {
        yield* reader.next();
      } catch (error) {
        return error;
      }
      return undefined;
    });
    expect(caught).toMatchObject({ code: "ERR_STREAM_PREMATURE_CLOSE" });
  });

  test.each(["TERM", "KILL"] as const)(
    "a reader that is killed with %s destroys its stream: before, in and between its reads",
    async (how) => {
      for (const reads of [0, 1, 2]) {
        const stream = new PassThrough();
        stream.write("one");
        await boot(function* () {
          const task = yield* spawn(function* () {
            const reader = yield* iterate<Buffer>(stream);
            for (let n = 0; n < reads; n++) yield* reader.next();
            yield* sleep(60_000);
          });
          yield* sleep(5);
          expect(stream.destroyed).toBe(false);
          yield* kill(task, how);
          yield* wait(task);
        });
        await new Promise(setImmediate);
        expect([reads, stream.destroyed]).toEqual([reads, true]);
      }
    },
  );

  test("a web stream is one too, and is cancelled", async () => {
    let cancelled = false;
    const web = new ReadableStream<string>({
      pull: (controller) => controller.enqueue("chunk"),
      cancel: () => {
        cancelled = true;
      },
    });
    const first = await boot(function* () {
      const reader = yield* iterate(web as unknown as AsyncIterable<string>);
      return yield* reader.next();
    });
    await new Promise(setImmediate);
    expect([first, cancelled]).toEqual(["chunk", true]);
  });

  test("what a task reads it can write on", async () => {
    const printed: string[] = [];
    const out = jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
      printed.push(decode(chunk as Uint8Array));
      return true;
    });
    await boot(function* () {
      const reader = yield* iterate<string>(Readable.from(["a", "b"]));
      for (let part = yield* reader.next(); part !== END; part = yield* reader.next()) {
        yield* write(1, part);
      }
    }).finally(() => out.mockRestore());
    expect(printed.join("")).toBe("ab");
  });
});
