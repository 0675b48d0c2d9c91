// A pipe: bytes from one end to the other through a bounded buffer, in memory. Pure, so it is the
// same on every machine; the virtual machine's sockets and terminals are made of it too.

import type { Device } from "./device";
import { SystemError } from "./errno";

const CAPACITY = 65536;

/** Bytes on their way, oldest first. */
class Buffer {
  #chunks: Uint8Array[] = [];
  length = 0;
  readerGone = false;
  writerGone = false;

  put(bytes: Uint8Array): number {
    const taken = bytes.slice(0, CAPACITY - this.length);
    if (taken.length > 0) this.#chunks.push(taken);
    this.length += taken.length;
    return taken.length;
  }

  take(max: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(max, this.length));
    let filled = 0;
    while (filled < bytes.length) {
      const chunk = this.#chunks[0] as Uint8Array;
      const part = chunk.subarray(0, bytes.length - filled);
      bytes.set(part, filled);
      filled += part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    this.length -= bytes.length;
    return bytes;
  }
}

/**
 * One end of a pipe, or of a connection of two: reads from `#from`, writes to `#to`, where it has
 * them.
 */
class PipeEnd implements Device {
  readonly name: string;
  readonly external = false;
  interrupt: () => void = () => {};
  #from: Buffer | null;
  #to: Buffer | null;
  peer: PipeEnd | null = null;

  constructor(name: string, from: Buffer | null, to: Buffer | null) {
    this.name = name;
    this.#from = from;
    this.#to = to;
  }

  get held(): number {
    return this.#from?.length ?? 0;
  }

  read(max: number): Uint8Array | undefined {
    const from = this.#from;
    if (from === null) throw new SystemError("EBADF", `${this.name} is not open for reading`);
    if (from.length === 0) return from.writerGone ? new Uint8Array(0) : undefined;
    const bytes = from.take(max);
    this.peer?.interrupt();
    return bytes;
  }

  write(bytes: Uint8Array): number {
    const to = this.#to;
    if (to === null) throw new SystemError("EBADF", `${this.name} is not open for writing`);
    if (to.readerGone) throw new SystemError("EPIPE", `nobody reads the other end of ${this.name}`);
    const taken = to.put(bytes);
    if (taken > 0) this.peer?.interrupt();
    return taken;
  }

  readable(): boolean {
    return this.#from === null || this.#from.length > 0 || this.#from.writerGone;
  }

  writable(): boolean {
    return this.#to === null || this.#to.length < CAPACITY || this.#to.readerGone;
  }

  close(): void {
    if (this.#from !== null) this.#from.readerGone = true;
    if (this.#to !== null) this.#to.writerGone = true;
    const { peer } = this;
    this.peer = null;
    if (peer !== null) {
      peer.peer = null;
      peer.interrupt();
    }
  }
}

/** A one-way pipe of 64 KiB: what is written to the second device is read from the first. */
export function makePipe(): [reader: Device, writer: Device] {
  const buffer = new Buffer();
  return join(new PipeEnd("pipe", buffer, null), new PipeEnd("pipe", null, buffer));
}

/** A connection of two: what is written to either device is read from the other. */
export function makeConnection(name: string, peerName: string): [Device, Device] {
  const there = new Buffer();
  const back = new Buffer();
  return join(new PipeEnd(name, back, there), new PipeEnd(peerName, there, back));
}

function join(a: PipeEnd, b: PipeEnd): [Device, Device] {
  a.peer = b;
  b.peer = a;
  return [a, b];
}
