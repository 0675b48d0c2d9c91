// The stream to a remote target, from the near end: orders go out, and each is answered by one
// reply, in order. Counts what is not answered yet, and finds out how the far end ended. One task
// uses it at a time.

import { close, read, readWait, SystemError, write, writeWait } from "../syscalls";
import type { Fd, Program } from "../syscalls";
import { frame, Unframer } from "./frames";
import type { ErrorText, Order, Reply } from "./remote-guest";

/** How the far end ended, as a sentence about it goes on. */
export interface Ending {
  readonly how: string;
  /** Did it throw, or die? If not it returned. */
  readonly failed: boolean;
  /** What it threw. */
  readonly error?: ErrorText;
}

/** `order` as it crosses. Whoever changes the value in it after that changes nothing over there. */
export function pack(order: Order): Uint8Array {
  return frame(order);
}

export class Link {
  readonly fd: Fd;
  /** The number of the last order, and of the last reply; the start of the target is number 0. */
  sent = -1;
  answered = -1;
  ending: Ending | undefined = undefined;
  /** Has its thread or process ended? */
  gone = false;
  readonly #replies = new Unframer();
  /** A task is in the middle of a message. If it is killed there, nobody knows where that ends. */
  #torn = false;

  constructor(fd: Fd) {
    this.fd = fd;
  }

  /** How many orders are not answered yet. */
  get open(): number {
    return this.sent - this.answered;
  }

  /** Send a packed order, unless the far end is gone. Blocks while the stream is full. */
  *post(order: Uint8Array): Program<void> {
    this.#mend();
    if (this.gone) return;
    try {
      yield* writeWait(this.fd);
      this.#torn = true;
      yield* write(this.fd, order);
      this.#torn = false;
      this.sent += 1;
    } catch (error) {
      if (!isBroken(error)) throw error;
      this.#torn = false;
      // It has hung up: what it said before that tells why.
      while (!this.gone) yield* this.hear();
    }
  }

  /** Wait for replies, or for the end. */
  *hear(): Program<void> {
    this.#mend();
    if (this.gone) return;
    try {
      // Waiting takes nothing off the stream: a task that is killed there tears nothing.
      yield* readWait(this.fd);
      this.#torn = true;
      const bytes = yield* read(this.fd);
      this.#torn = false;
      if (bytes.length === 0) this.#end("ended by itself");
      this.#note(bytes);
    } catch (error) {
      if (!isBroken(error)) throw error;
      this.#torn = false;
      this.#end(`${error.errno === "EBADF" ? "was cut off" : "died"}: ${error.detail}`);
    }
  }

  /** Close the descriptor: the far end closes the target, if it is still there, and ends. */
  *release(): Program<void> {
    try {
      yield* close(this.fd);
    } catch (error) {
      // The owner has died, and it is closed.
      if (!(error instanceof SystemError) || error.errno !== "EBADF") throw error;
    }
  }

  #note(bytes: Uint8Array): void {
    try {
      for (const reply of this.#replies.push(bytes) as Reply[]) this.#count(reply);
    } catch (error) {
      this.#end(`sent what is no reply: ${String(error)}`);
    }
  }

  #count(reply: Reply): void {
    this.answered += 1;
    if (reply.kind === "returned") {
      this.ending = { how: "returned", failed: false };
    } else if (reply.kind === "threw") {
      const { error } = reply;
      this.ending = { how: `threw ${titleOf(error)}`, failed: true, error };
    }
  }

  /** Nothing more will come. What it said before of its end stands. */
  #end(how: string): void {
    this.gone = true;
    this.ending ??= { how, failed: true };
  }

  /** Was a task killed in the middle of a message? */
  #mend(): void {
    if (this.#torn) this.#end("was cut off: a task was killed while it wrote or read a message");
    this.#torn = false;
  }
}

/** `TypeError: x is not a function` */
function titleOf({ name, message }: ErrorText): string {
  return name === "" ? message : `${name}: ${message}`;
}

/** Is the stream at its end, at whichever end? */
function isBroken(error: unknown): error is SystemError {
  return (
    error instanceof SystemError && ["EPIPE", "ECONNRESET", "EIO", "EBADF"].includes(error.errno)
  );
}
