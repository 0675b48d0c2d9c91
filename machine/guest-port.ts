// A MessagePort as a stream of bytes between two threads. Each side may have so many bytes on the
// way that the other has not yet taken in: a slow reader slows the writer down, as with a socket.

import { Duplex } from "node:stream";
import type { MessagePort } from "node:worker_threads";

/** How many bytes may be on the way. */
const CREDIT = 65536;

/** Bytes; how many bytes were taken in; or null, the end. */
type Message = Uint8Array | number | null;

export class PortStream extends Duplex {
  readonly #port: MessagePort;
  #credit = CREDIT;
  /** Taken in, but not yet acknowledged. */
  #owed = 0;
  /** Continues a write that waits for credit. */
  #granted: (() => void) | null = null;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.on("message", (message: Message) => this.#receive(message));
    port.on("close", () => this.destroy());
  }

  #receive(message: Message): void {
    if (message === null) {
      this.push(null);
    } else if (typeof message === "number") {
      this.#credit += message;
      if (this.#credit > 0) this.#grant();
    } else {
      this.#owed += message.length;
      if (this.push(message)) this.#acknowledge();
    }
  }

  #grant(): void {
    const granted = this.#granted;
    this.#granted = null;
    granted?.();
  }

  #acknowledge(): void {
    if (this.#owed > 0) this.#post(this.#owed);
    this.#owed = 0;
  }

  #post(message: Message): void {
    // Bytes are moved, not copied: a view would take its whole buffer along.
    this.#port.postMessage(
      message,
      message instanceof Uint8Array ? [message.buffer as ArrayBuffer] : [],
    );
  }

  override _read(): void {
    this.#acknowledge();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#credit -= chunk.length;
    this.#post(new Uint8Array(chunk));
    if (this.#credit > 0) done();
    else this.#granted = done;
  }

  override _final(done: () => void): void {
    this.#post(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#port.close();
    done(error);
  }
}
