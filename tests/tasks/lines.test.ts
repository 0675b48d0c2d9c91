import fc from "../helpers/chance";
import { simulate } from "../../boot";
import {
  close,
  encode,
  fstat,
  kill,
  now,
  open,
  pipe,
  sleep,
  spawn,
  wait,
  write,
} from "../../syscalls";
import type { Program } from "../../syscalls";
import { follow, lineReader, LineSplitter } from "../../tasks";
import type { FollowOptions } from "../../tasks";

/** All lines of `chunks`, which come through a pipe one at a time. */
function linesOf(chunks: readonly (string | Uint8Array)[]): string[] {
  return simulate(function* reading() {
    const [reader, writer] = yield* pipe();
    const feeding = function* () {
      for (const chunk of chunks) {
        yield* write(writer, chunk);
        yield* sleep(1);
      }
    };
    yield* spawn(feeding(), { give: [writer] });
    const source = lineReader(reader);
    const lines: string[] = [];
    for (let line = yield* source.next(); line !== undefined; line = yield* source.next()) {
      lines.push(line);
    }
    expect(yield* source.next()).toBeUndefined();
    return lines;
  }).value;
}

/** `bytes` cut at `cuts`. */
function cut(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, i) => bytes.slice(edges[i], end));
}

describe("lineReader", () => {
  test.each<[string, (string | Uint8Array)[], string[]]>([
    ["nothing is no line", [], []],
    ["one line", ["a\n"], ["a"]],
    ["a last line without its end counts", ["a\nb"], ["a", "b"]],
    ["an end alone is an empty line", ["\n"], [""]],
    ["empty lines stay", ["\n\na\n\n"], ["", "", "a", ""]],
    ["many lines in a chunk, many chunks in a line", ["a\nb\nc", "d", "e\n"], ["a", "b", "cde"]],
    ["CR LF ends a line, also when split", ["a\r\nb\r", "\nc\r\n"], ["a", "b", "c"]],
    ["a CR elsewhere is text", ["a\rb\n", "\r\r\n", "c\r"], ["a\rb", "\r", "c\r"]],
    ["a byte order mark is no text", ["\ufeffa\n"], ["a"]],
    ["a NUL is text", ["a\0b\n"], ["a\0b"]],
    ["what is no UTF-8 is replaced", [Uint8Array.of(0x61, 0xff, 0x0a)], ["a\ufffd"]],
    ["so is a character cut off at the end", [Uint8Array.of(0x61, 0xe2, 0x82)], ["a\ufffd"]],
  ])("%s", (_title, chunks, lines) => {
    expect(linesOf(chunks)).toEqual(lines);
  });

  test("a character split between chunks comes out whole, wherever it is split", () => {
    const text = "naïve €5\n日本語 𝄞\nend";
    const bytes = encode(text);
    for (let at = 0; at <= bytes.length; at++) {
      expect(linesOf(cut(bytes, [at]))).toEqual(text.split("\n"));
    }
    expect(linesOf([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(text.split("\n"));
  });

  test("any chunking of any text gives the same lines", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "€", "𝄞", "\r\n", "\n", "\r") });
    const cuts = fc.array(fc.nat(40), { maxLength: 6 });
    fc.assert(
      fc.property(text, cuts, (given, at) => {
        const bytes = encode(given);
        const splitter = new LineSplitter();
        const chunks = cut(
          bytes,
          at.filter((n) => n <= bytes.length),
        );
        const lines = [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
        const expected = given.split(/\r?\n/);
        if (expected.at(-1) === "") expected.pop();
        expect(lines).toEqual(expected);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("a long line in many pieces costs no more than its length", () => {
    const splitter = new LineSplitter();
    const piece = encode("x".repeat(100));
    for (let i = 0; i < 20_000; i++) splitter.push(piece);
    expect(splitter.push(encode("\n"))[0]).toHaveLength(2_000_000);
  });

  test("a descriptor that cannot be read fails as read does, and is no endless loop", () => {
    const { status } = simulate(function* reading() {
      return yield* lineReader(77).next();
    });
    expect(status).toMatchObject({ kind: "crashed", error: { errno: "EBADF" } });
  });

  test("the end is the end, even of a file that grows after it", () => {
    const { value } = simulate(
      function* main() {
        const source = lineReader(yield* open("/log"));
        const lines = [yield* source.next(), yield* source.next()];
        yield* write(yield* open("/log", "a"), "more\n");
        return [...lines, yield* source.next()];
      },
      { files: { "/log": "one\n" } },
    );
    expect(value).toEqual(["one", undefined, undefined]);
  });

  test("a splitter begins anew after the end, byte order mark and all", () => {
    const splitter = new LineSplitter();
    splitter.push(Uint8Array.of(0x61, 0xe2));
    expect(splitter.end()).toEqual(["a\ufffd"]);
    expect(splitter.end()).toEqual([]);
    expect(splitter.push(encode("\ufeffb\n"))).toEqual(["b"]);
  });

  test("a reader who is killed between chunks leaves the lines for whoever goes on", () => {
    const { value } = simulate(function* main() {
      const [reader, writer] = yield* pipe();
      const source = lineReader(reader);
      yield* write(writer, "a\nb\nc");
      const first = yield* spawn(function* first() {
        yield* source.next();
        yield* sleep(1000);
      });
      yield* sleep(1);
      yield* kill(first, "KILL");
      yield* write(writer, "d\n");
      return [yield* source.next(), yield* source.next()];
    });
    expect(value).toEqual(["b", "cd"]);
  });
});

describe("follow", () => {
  /** What a follower of `/log` sees, with the times, while `writing` runs; then it is stopped. */
  function seen(
    options: FollowOptions,
    content: string,
    writing: () => Program<unknown>,
    linger = 1000,
  ): string[] {
    const lines: string[] = [];
    const onTruncate = () => void lines.push("(truncated)");
    const { status } = simulate(
      function* main() {
        const follower = yield* spawn(function* follower() {
          const log = yield* follow("/log", { onTruncate, ...options });
          for (;;) {
            const line = yield* log.next();
            lines.push(`${yield* now()} ${line}`);
          }
        });
        yield* sleep(1);
        yield* writing();
        yield* sleep(linger);
        yield* kill(follower);
        yield* wait(follower);
      },
      { files: { "/log": content } },
    );
    expect(status.kind).toBe("exited");
    return lines;
  }

  function* append(...chunks: (string | Uint8Array)[]): Program<void> {
    const fd = yield* open("/log", "a");
    for (const chunk of chunks) {
      yield* write(fd, chunk);
      yield* sleep(10);
    }
    yield* close(fd);
  }

  function* rewrite(content: string): Program<void> {
    const fd = yield* open("/log", "w");
    yield* write(fd, content);
    yield* close(fd);
  }

  test("from the end: only what is written from now on", () => {
    expect(seen({}, "old\n", () => append("new\n"))).toEqual(["100 new"]);
  });

  test("from the start: what is there, then what comes", () => {
    const options: FollowOptions = { from: "start", every: 50 };
    expect(seen(options, "old\nolder\n", () => append("new\n"))).toEqual([
      "0 old",
      "0 older",
      "50 new",
    ]);
  });

  test("a large file is passed over to its end", () => {
    expect(seen({}, "x".repeat(200_000) + "\n", () => append("new\n"))).toEqual(["100 new"]);
  });

  test("a partial line is kept until its end comes", () => {
    const writing = () => append("par", "tial\nand ", "more", "\n", "never finished");
    expect(seen({ every: 10 }, "", writing)).toEqual(["20 partial", "40 and more"]);
  });

  test("a character split between writes comes out whole", () => {
    const [before, after] = [encode("€\n").slice(0, 2), encode("€\n").slice(2)];
    expect(seen({ every: 1 }, "", () => append(before, after))).toEqual(["11 €"]);
  });

  test("no line is lost or doubled however the looks and the writes fall", () => {
    for (const every of [1, 3, 7, 10, 33]) {
      const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
      const got = seen({ every, from: "start" }, "", () =>
        append(...lines.map((line) => `${line}\n`)),
      );
      expect(got.map((line) => line.replace(/^\d+ /, ""))).toEqual(lines);
    }
  });

  test("a file that becomes shorter is noticed and read from its start", () => {
    function* writing() {
      yield* append("one\ntwo\n");
      yield* rewrite("new\n");
      yield* sleep(10);
      yield* append("newer\n");
    }
    expect(seen({ every: 5 }, "", writing)).toEqual([
      ...["5 one", "5 two", "(truncated)", "15 new", "25 newer"],
    ]);
  });

  test("what there was of an unfinished line is not lost, nor glued to what follows", () => {
    function* writing() {
      yield* append("a long unfinished");
      yield* rewrite("new\n");
    }
    expect(seen({ every: 5 }, "", writing)).toEqual([
      ...["(truncated)", "15 a long unfinished", "15 new"],
    ]);
  });

  test("half a character before a truncation does not spoil the first one after it", () => {
    function* writing() {
      yield* append("xxxx", encode("€").slice(0, 2));
      yield* rewrite("é\n");
    }
    expect(seen({ every: 5 }, "", writing)).toEqual(["(truncated)", "25 xxxx\ufffd", "25 é"]);
  });

  test("a file emptied and left empty is noticed once", () => {
    function* writing() {
      yield* append("one\n");
      yield* rewrite("");
    }
    expect(seen({ every: 5 }, "", writing)).toEqual(["5 one", "(truncated)"]);
  });

  test("a missing file is ENOENT, a senseless pause EINVAL", () => {
    const missing = simulate(function* main() {
      yield* follow("/nothing");
    });
    expect(missing.status).toMatchObject({ kind: "crashed", error: { errno: "ENOENT" } });
    const backwards = simulate(
      function* main() {
        yield* (yield* follow("/log", { every: -1 })).next();
      },
      { files: { "/log": "" } },
    );
    expect(backwards.status).toMatchObject({ kind: "crashed", error: { errno: "EINVAL" } });
  });

  test("closing it closes its descriptor, also after a truncation", () => {
    const { value } = simulate(
      function* main() {
        const log = yield* follow("/log", { from: "start" });
        yield* log.next();
        yield* rewrite("b\n");
        yield* log.next();
        yield* log.close();
        const probe = yield* open("/log");
        const errors: string[] = [];
        for (let fd = 3; fd <= probe; fd++) {
          try {
            yield* fstat(fd);
          } catch {
            errors.push("closed");
          }
        }
        return [probe - 3, errors.length];
      },
      { files: { "/log": "a long line\n" } },
    );
    expect(value[0]).toBeGreaterThan(1);
    expect(value[1]).toBe(value[0]);
  });
});
