// A Node stream as a device: sockets, the terminal, pipes to other processes. Chunks are kept until
// a task reads them; above the high-water mark the stream is paused, so a slow task slows the
// sender down. Likewise a task that writes to a full stream waits for it to drain.

import type { EventEmitter } from "node:events";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import type { Readable, Writable } from "node:stream";
import type { Address, Device, SystemError } from "../kernel";
import { SystemError as Failure } from "../kernel";
import { waitForEnd } from "./ending";
import { toSystemError } from "./node-errors";
import { listenTogether } from "./shared-listener";

const HIGH_WATER = 65536;
/** The most that is written at once: what a stream has taken and not passed on may be lost. */
const PIECE = 65536;
/**
 * How long a closed stream may take to hand the rest of what was written to the host, in
 * milliseconds.
 */
const LINGER = 2000;

export class StreamDevice implements Device {
  readonly name: string;
  readonly address?: Address;
  readonly external = true;
  interrupt: () => void = () => {};
  readonly #in: Readable | null;
  readonly #out: Writable | null;
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  /** Has somebody wanted to read? */
  protected started = false;
  #ended = false;
  #full = false;
  #failure: SystemError | null = null;
  readonly #news: () => void;
  readonly #listening: (() => void)[] = [];

  readonly #listen: typeof listenAlone;

  /** `news` is called after every interrupt, so that the machine runs whom it woke. */
  constructor(
    name: string,
    input: Readable | null,
    output: Writable | null,
    news: () => void,
    listen = listenAlone,
  ) {
    this.name = name;
    this.#listen = listen;
    this.#in = input;
    this.#out = output;
    this.#news = () => {
      this.interrupt();
      news();
    };
    for (const stream of new Set([input, output])) {
      if (stream !== null) this.#on(stream, "error", (error: Error) => this.#fail(error));
    }
    if (output === null) return;
    this.#on(output, "drain", () => {
      this.#full = false;
      this.#news();
    });
    this.#on(output, "close", () => {
      this.#failure ??= new Failure("EPIPE", `the other end of ${name} is gone`);
      this.#news();
    });
  }

  #on<T>(stream: EventEmitter, event: string, listener: (value: T) => void): void {
    this.#listening.push(this.#listen(stream, event, listener));
  }

  /** Stop listening to the streams. */
  protected forget(): void {
    for (const off of this.#listening.splice(0)) off();
  }

  #fail(error: Error): void {
    this.#failure = toSystemError(error);
    this.#news();
  }

  /**
   * Listen only once somebody wants to read: a program that does not read stdin leaves it alone.
   */
  #start(): void {
    this.started = true;
    const end = (): void => {
      this.#ended = true;
      this.#news();
    };
    if (this.#in === null) return;
    this.#on(this.#in, "data", (chunk: Buffer) => {
      this.#chunks.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
      this.#buffered += chunk.length;
      if (this.#buffered >= HIGH_WATER) this.#in?.pause();
      this.#news();
    });
    this.#on(this.#in, "end", end);
    this.#on(this.#in, "close", end);
    this.#in.resume();
  }

  get held(): number {
    return this.#buffered;
  }

  read(max: number): Uint8Array | undefined {
    if (this.#in === null) throw new Failure("EBADF", `${this.name} is not open for reading`);
    const chunk = this.#chunks[0];
    if (chunk === undefined) return this.#nothing();
    if (chunk.length <= max) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(max);
    const bytes = chunk.length <= max ? chunk : chunk.subarray(0, max);
    this.#buffered -= bytes.length;
    if (this.#buffered < HIGH_WATER && this.#in.isPaused()) this.#in.resume();
    return bytes;
  }

  #nothing(): Uint8Array | undefined {
    if (this.#ended && (this.#failure === null || this.#failure.errno === "EPIPE")) {
      return new Uint8Array(0);
    }
    if (this.#failure !== null) throw this.#copyOfFailure();
    if (!this.started) this.#start();
    return undefined;
  }

  write(bytes: Uint8Array): number {
    if (this.#out === null) throw new Failure("EBADF", `${this.name} is not open for writing`);
    if (this.#failure !== null) throw this.#copyOfFailure();
    if (this.#full || bytes.length === 0) return 0;
    const piece = bytes.length > PIECE ? bytes.subarray(0, PIECE) : bytes;
    // A copy: the stream may hold it until long after the task has changed its own.
    this.#full = !this.#out.write(Buffer.from(piece));
    return piece.length;
  }

  /** A fresh one each time, because each says in whose hands it arrived. */
  #copyOfFailure(): SystemError {
    const { errno, detail } = this.#failure as SystemError;
    return new Failure(errno, detail);
  }

  readable(): boolean {
    if (!this.started) this.#start();
    return this.#chunks.length > 0 || this.#ended || this.#failure !== null;
  }

  writable(): boolean {
    return !this.#full || this.#failure !== null;
  }

  close(): void {
    this.#chunks = [];
    const { destroyed = true } = this.#out ?? {};
    if (this.#out === null || destroyed) {
      this.#in?.destroy();
      return;
    }
    waitForEnd(this.#sendRest(this.#out));
  }

  /** Resolves when the rest of what was written has left, or will not. */
  #sendRest(out: Writable): Promise<void> {
    return new Promise((resolve) => {
      const destroy = (): void => {
        clearTimeout(stalled);
        this.#in?.destroy();
        out.destroy();
        resolve();
      };
      const stalled = setTimeout(destroy, LINGER);
      out.end(destroy);
    });
  }
}

function listenAlone<T>(
  stream: EventEmitter,
  event: string,
  listener: (value: T) => void,
): () => void {
  stream.on(event, listener);
  return () => stream.off(event, listener);
}

function pauseIfUnheard(input: Readable): void {
  if (input.listenerCount("data") === 0) input.pause();
}

/**
 * The host's own streams outlive the system, and are those of other systems too: closing one only
 * stops listening to it.
 */
export class StandardDevice extends StreamDevice {
  readonly #stop: () => void;

  constructor(name: string, input: Readable | null, output: Writable | null, news: () => void) {
    super(name, input, output, news, listenTogether);
    this.#stop = () => {
      // An error may still come, of a write under way; it is nobody's any more.
      if (output?.listenerCount("error") === 0) output.on("error", () => {});
      // Left as it was if nobody else listens, and to those who do if somebody does. Not at once:
      // the host may be about to read on, and would wait for more whoever has paused it.
      if (this.started && input !== null) setImmediate(() => pauseIfUnheard(input));
    };
  }

  override close(): void {
    this.forget();
    this.#stop();
  }
}
