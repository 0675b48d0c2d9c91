import fs, { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boot, simulate } from "../../boot";
import { close, fstat, kill, open, pipe, read, spawn, wait, write } from "../../syscalls";
import type { Program } from "../../syscalls";

/** Sizes seen of one descriptor while the file changes under it. */
function* watchSize(path: string): Program<number[]> {
  const fd = yield* open(path, "r");
  const sizes = [(yield* fstat(fd)).size];
  const other = yield* open(path, "a");
  yield* write(other, "é\n");
  sizes.push((yield* fstat(other)).size);
  yield* close(other);
  sizes.push((yield* fstat(fd)).size);
  yield* read(fd);
  sizes.push((yield* fstat(fd)).size);
  yield* close(yield* open(path, "w"));
  sizes.push((yield* fstat(fd)).size);
  return sizes;
}

function* refused(): Program<string[]> {
  const messages: string[] = [];
  const [reader] = yield* pipe();
  for (const fd of [reader, 1, 99]) {
    try {
      yield* fstat(fd);
    } catch (error) {
      messages.push((error as Error).message);
    }
  }
  return messages;
}

test("the size is that of now, in bytes, wherever the reader is: in memory", () => {
  expect(simulate(() => watchSize("/log"), { files: { "/log": "12345" } }).value).toEqual([
    5, 8, 8, 8, 0,
  ]);
});

test("what is no file has no size", () => {
  expect(simulate(refused).value).toMatchInlineSnapshot(`
   [
     "EINVAL: task 2 "refused": fstat(3): pipe is no file",
     "EINVAL: task 2 "refused": fstat(1): stdout is no file",
     "EBADF: task 2 "refused": fstat(99): fd 99 was never open",
   ]
  `);
});

describe("with a file of the host's", () => {
  const folder = mkdtempSync(join(tmpdir(), "genix-fstat-"));
  const path = join(folder, "log");
  beforeEach(() => writeFileSync(path, "12345"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("the size is that of now, in bytes, wherever the reader is", async () => {
    expect(await boot(() => watchSize(path))).toEqual([5, 8, 8, 8, 0]);
  });

  test("changes from outside are seen", async () => {
    const sizes = await boot(function* () {
      const fd = yield* open(path);
      appendFileSync(path, "678");
      const grown = (yield* fstat(fd)).size;
      truncateSync(path, 2);
      return [grown, (yield* fstat(fd)).size];
    });
    expect(sizes).toEqual([8, 2]);
  });

  test("what was written before counts, though the host is still at it", async () => {
    const size = await boot(function* () {
      const fd = yield* open(path, "w");
      yield* write(fd, new Uint8Array(30_000_000));
      return (yield* fstat(fd)).size;
    });
    expect(size).toBe(30_000_000);
  });

  test("one who is killed while looking leaves nothing open, and nothing closed twice", async () => {
    const closing = jest.spyOn(fs, "close");
    const ends = await boot(function* () {
      const victim = yield* spawn(function* victim() {
        const fd = yield* open(path);
        for (;;) yield* fstat(fd);
      });
      const fd = yield* open(path);
      yield* fstat(fd);
      yield* kill(victim, "KILL");
      return [(yield* wait(victim)).kind, (yield* fstat(fd)).size];
    });
    const closed = closing.mock.calls.length;
    closing.mockRestore();
    expect(ends).toEqual(["killed", 5]);
    expect(closed).toBe(2);
  });
});
