// Messages on a byte stream: each is one frame, its length in four bytes (the highest first) and
// then that much JSON in UTF-8. Pure: knows nothing of who sends what, and needs no kernel, so that
// both ends of a stream can use it.

import { decode, encode } from "../syscalls/utf8";

const HEADER = 4;
/** A longer frame is none: the stream carries something else. 1 GiB. */
const LONGEST = 2 ** 30;

/** `message`, which JSON must be able to carry, as a frame. Throws RangeError beyond 1 GiB. */
export function frame(message: unknown): Uint8Array {
  const body = encode(JSON.stringify(message));
  if (body.length > LONGEST) throw new RangeError(`a message of ${body.length} bytes is too long`);
  const bytes = new Uint8Array(HEADER + body.length);
  new DataView(bytes.buffer).setUint32(0, body.length);
  bytes.set(body, HEADER);
  return bytes;
}

/** Takes a stream of frames apart, in whatever pieces it comes. */
export class Unframer {
  #chunks: Uint8Array[] = [];
  /** How many bytes the chunks hold. */
  #held = 0;
  /** How long the body is that comes next; undefined while its header is not complete. */
  #length: number | undefined = undefined;

  /**
   * Take the next `chunk` of the stream and return the messages it completes, oldest first. Throws
   * RangeError or SyntaxError for a stream that carries something else.
   */
  push(chunk: Uint8Array): unknown[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const messages: unknown[] = [];
    for (;;) {
      this.#length ??= this.#header();
      if (this.#length === undefined || this.#held < this.#length) return messages;
      messages.push(JSON.parse(decode(this.#take(this.#length))));
      this.#length = undefined;
    }
  }

  #header(): number | undefined {
    if (this.#held < HEADER) return undefined;
    const header = this.#take(HEADER);
    const length = new DataView(header.buffer, header.byteOffset, HEADER).getUint32(0);
    if (length <= LONGEST) return length;
    throw new RangeError(`a frame of ${length} bytes: this stream carries no messages`);
  }

  /** The next `count` bytes, which are all here: joined only now, so that no byte moves twice. */
  #take(count: number): Uint8Array {
    const bytes = this.#join();
    this.#chunks = [bytes.subarray(count)];
    this.#held -= count;
    return bytes.subarray(0, count);
  }

  #join(): Uint8Array {
    const [only] = this.#chunks;
    if (this.#chunks.length === 1 && only !== undefined) return only;
    const bytes = new Uint8Array(this.#held);
    let filled = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, filled);
      filled += chunk.length;
    }
    return bytes;
  }
}
