// A pipe between two tasks: large writes, slow readers, and what each end sees when the task at the
// other is killed. What a pipe does otherwise is in descriptors.test.ts.

import { now, pipe, read, sleep, spawn, wait, write, type Fd, type Program } from "../../syscalls";
import { messageOf, run, type Log } from "../helpers/run";
import { after, strikeAtEveryStep } from "../helpers/strike";

/** `count` bytes, no stretch of which is like the one before it. */
function pattern(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => (i * 7 + (i >> 8)) & 255);
}

function isPrefix(bytes: Uint8Array, whole: Uint8Array): boolean {
  return bytes.every((byte, i) => byte === whole[i]);
}

/** Reads to the end, `max` bytes a millisecond. */
function* readSlowly(fd: Fd, max: number): Program<Uint8Array> {
  const all: number[] = [];
  for (;;) {
    const bytes = yield* read(fd, max);
    if (bytes.length === 0) return Uint8Array.from(all);
    all.push(...bytes);
    yield* sleep(1);
  }
}

test("a write far larger than the pipe arrives whole, and ends when the slow reader has made room", () => {
  const source = pattern(200_000);
  const { log, clock } = run(function* (log) {
    const [reader, writer] = yield* pipe();
    const program = function* (): Program<void> {
      log("wrote", yield* write(writer, source), "at", yield* now());
    };
    yield* spawn(program, { give: [writer] });
    const bytes = yield* readSlowly(reader, 10_000);
    log(bytes.length, isPrefix(bytes, source));
  });
  // 64 KiB are left when 13.4 of the 20 reads are done; the first of them is at 0.
  expect(log).toEqual(["wrote 200000 at 13", "200000 true"]);
  expect(clock).toBe(20);
});

describe.each(["TERM", "KILL"] as const)("%s at any step", (signal) => {
  const source = pattern(150_000);

  function* transfer(log: Log): Program<void> {
    const [reader, writer] = yield* pipe();
    const send = function* (): Program<void> {
      for (let i = 0; i < 3; i++) {
        yield* write(writer, source.subarray(i * 50_000, (i + 1) * 50_000));
        log("wrote", i);
      }
    };
    const receive = function* (): Program<void> {
      const bytes = yield* readSlowly(reader, 30_000);
      log("read", bytes.length, isPrefix(bytes, source));
    };
    yield* spawn(receive, { name: "reader", give: [reader] });
    const fallible = function* (): Program<void> {
      log(yield* messageOf(send()));
    };
    yield* spawn(fallible, { name: "writer", give: [writer] });
    yield* wait();
    yield* wait();
    log("over");
  }

  test("of the writer: the reader gets a beginning of what was written, and then the end", () => {
    const lengths = new Set<string>();
    strikeAtEveryStep(transfer, "writer", signal, ({ log, deadlock }) => {
      expect(deadlock).toBeUndefined();
      const [length = "", isRight] = after("read", log)[0]?.split(" ") ?? [];
      expect(isRight).toBe("true");
      lengths.add(length);
      expect(log.at(-1)).toBe("over");
    });
    expect(lengths.size).toBeGreaterThan(3);
  });

  test("of the reader: the writer goes on to EPIPE and is never stuck", () => {
    const ends = new Set<string>();
    strikeAtEveryStep(transfer, "reader", signal, ({ log, deadlock }) => {
      expect(deadlock).toBeUndefined();
      expect(log.at(-1)).toBe("over");
      for (const line of log) ends.add(line.replace(/task.*/, "…"));
    });
    expect(ends).toContain("EPIPE: …");
  });
});
