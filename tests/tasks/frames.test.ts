// Frames: messages come out of a byte stream as they went in, however it was cut.

import fc from "../helpers/chance";
import { frame, Unframer } from "../../tasks/frames";

function join(...chunks: Uint8Array[]): Uint8Array {
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

/** `bytes` in pieces, cut at `cuts`, in any order and out of range; some pieces may be empty. */
function cut(bytes: Uint8Array, cuts: number[]): Uint8Array[] {
  const places = cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b);
  return [...places, bytes.length].map((end, i) => bytes.subarray(places[i - 1] ?? 0, end));
}

test("a frame is the length of the message in four bytes, the highest first, and its JSON", () => {
  expect([...frame("é")]).toEqual([0, 0, 0, 4, 0x22, 0xc3, 0xa9, 0x22]);
  expect([...frame("x".repeat(254)).subarray(0, 5)]).toEqual([0, 0, 1, 0, 0x22]);
});

test("however a stream of frames is cut, the same messages come out of it", () => {
  const messages = fc.array(fc.jsonValue({ noUnicodeString: false }), { maxLength: 8 });
  fc.assert(
    fc.property(messages, fc.array(fc.nat(), { maxLength: 20 }), (sent, cuts) => {
      const unframer = new Unframer();
      const stream = join(...sent.map(frame));
      const received = cut(stream, cuts).flatMap((chunk) => unframer.push(chunk));
      // JSON has no -0.
      expect(received).toEqual(JSON.parse(JSON.stringify(sent)));
    }),
    { seed: 4, numRuns: 500 },
  );
});

test("a stream that comes byte by byte loses nothing, and each message comes with its last byte", () => {
  const sent = [{ a: [1, "\u{1f600}\ud800"] }, null, "", "x".repeat(1000)];
  const unframer = new Unframer();
  const arrivals: number[] = [];
  const received: unknown[] = [];
  [...join(...sent.map(frame))].forEach((byte, at) => {
    const messages = unframer.push(Uint8Array.of(byte));
    if (messages.length > 0) arrivals.push(at + 1);
    received.push(...messages);
  });
  let end = 0;
  expect(arrivals).toEqual(sent.map((message) => (end += frame(message).length)));
  expect(received).toEqual(sent);
});

test("a message may be longer than any chunk, and many messages may be in one", () => {
  const long = Array.from({ length: 20_000 }, (_, i) => i);
  const unframer = new Unframer();
  const stream = join(frame(1), frame(2), frame(long), frame(3));
  const received: unknown[] = [];
  for (let at = 0; at < stream.length; at += 4096) {
    received.push(...unframer.push(stream.subarray(at, at + 4096)));
  }
  expect(received).toEqual([1, 2, long, 3]);
});

test("a chunk may be used again by who pushed it once its messages are out", () => {
  const unframer = new Unframer();
  const chunk = frame("kept");
  const [message] = unframer.push(chunk);
  chunk.fill(0);
  expect(message).toBe("kept");
});

test("a stream that holds something else is refused, not waited for", () => {
  const text = (line: string): Uint8Array => Uint8Array.from([...line].map((c) => c.charCodeAt(0)));
  expect(() => new Unframer().push(text("Hello, world"))).toThrow(
    new RangeError("a frame of 1214606444 bytes: this stream carries no messages"),
  );
  expect(() => new Unframer().push(join(Uint8Array.of(0, 0, 0, 2), text("no")))).toThrow(
    SyntaxError,
  );
});
