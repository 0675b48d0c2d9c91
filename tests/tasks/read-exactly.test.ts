// Reading a known number of bytes.

import { close, decode, pipe, sleep, spawn, write } from "../../syscalls";
import { IncompleteReadError, readExactly } from "../../tasks";
import { messageOf, run } from "../helpers/run";

test("as many bytes come as were asked for, however they were written, and no more are taken", () => {
  const { log } = run(function* (log) {
    const [reader, writer] = yield* pipe();
    yield* spawn(function* () {
      for (const text of ["ab", "c", "defgh", "i"]) {
        yield* write(writer, text);
        yield* sleep(1);
      }
    });
    for (const count of [4, 0, 2, 3]) log(decode(yield* readExactly(reader, count)));
  });
  expect(log).toEqual(["abcd", "", "ef", "ghi"]);
});

// curio test_read_exactly_incomplete
test("a partial read before the end of the stream reports the bytes it got", () => {
  const { log } = run(function* (log) {
    const [reader, writer] = yield* pipe();
    yield* write(writer, "abc");
    yield* close(writer);
    for (const count of [5, 1]) {
      try {
        yield* readExactly(reader, count);
      } catch (error) {
        if (!(error instanceof IncompleteReadError)) throw error;
        log(`${error.name}: ${error.message}: "${decode(error.partial)}" of ${error.expected}`);
      }
    }
  });
  expect(log).toEqual([
    'IncompleteReadError: fd 3 ended after 3 of 5 bytes: "abc" of 5',
    'IncompleteReadError: fd 3 ended after 0 of 1 bytes: "" of 1',
  ]);
});

test("it fails as read does, and for what is no number of bytes", () => {
  const { log } = run(function* (log) {
    log(yield* messageOf(readExactly(99, 1)));
    for (const count of [-1, 1.5, NaN]) log(yield* messageOf(readExactly(0, count)));
  });
  const fix = "is no number of bytes; give a whole number from 0 up";
  expect(log).toEqual([
    'EBADF: task 2 "main": read(99, 1): fd 99 was never open',
    `EINVAL: readExactly: -1 ${fix}`,
    `EINVAL: readExactly: 1.5 ${fix}`,
    `EINVAL: readExactly: NaN ${fix}`,
  ]);
});
