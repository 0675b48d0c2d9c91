// Messages between the debugger and the process of a world, over a pipe of their own: each is its
// length in four bytes, then the value as V8 serializes it. Node's IPC does the same, but belongs
// to the program: what it listens for on `process` would be the debugger's requests.

import type { Duplex } from "node:stream";
import { deserialize, serialize } from "node:v8";

/** In the world's process, the pipe to the debugger's. */
export const CONNECTION = 3;

const HEADER = 4;

/** One end of a pipe that carries plain data of any kind both ways. */
export class Connection<Sent, Heard> {
  readonly #pipe: Duplex;
  readonly #heard: (message: Heard) => void;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Of the message that is coming, with its header; 0 while nobody knows. */
  #wanted = 0;

  /** `heard` is told each message. What cannot be sent or heard any more is dropped in silence. */
  constructor(pipe: Duplex, heard: (message: Heard) => void) {
    this.#pipe = pipe;
    this.#heard = heard;
    pipe.on("error", () => {});
    pipe.on("data", (chunk: Buffer) => this.#receive(chunk));
  }

  send(message: Sent): void {
    const body = serialize(message);
    const header = Buffer.alloc(HEADER);
    header.writeUInt32LE(body.length);
    this.#pipe.cork();
    this.#pipe.write(header);
    this.#pipe.write(body);
    this.#pipe.uncork();
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    for (;;) {
      if (this.#wanted === 0 && this.#size >= HEADER) {
        this.#wanted = HEADER + this.#joined().readUInt32LE();
      }
      if (this.#wanted === 0 || this.#size < this.#wanted) return;
      const all = this.#joined();
      const body = all.subarray(HEADER, this.#wanted);
      this.#chunks = [all.subarray(this.#wanted)];
      this.#size -= this.#wanted;
      this.#wanted = 0;
      this.#heard(deserialize(body) as Heard);
    }
  }

  /** What has come; a large message comes in many pieces, which are joined when all are there. */
  #joined(): Buffer {
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}
