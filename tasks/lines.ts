// Text, line by line, from any descriptor, and from a file that grows (`tail -f`).

import { close, decoder, fstat, open, read, sleep } from "../syscalls";
import type { Fd, Program } from "../syscalls";

/** A stream of lines. */
export interface Lines {
  /** The next line, without its line end; undefined after the last. Blocks until it is there. */
  next(): Program<string | undefined>;
}

/**
 * Cuts chunks of UTF-8 into lines. A character or a line that is split between chunks comes out
 * whole; a line ends with LF or CR LF. Plain: waits for nothing.
 */
export class LineSplitter {
  readonly #decode = decoder();
  /** The beginning of a line whose end has not come yet. */
  #partial = "";

  /** The lines that `chunk` completes. */
  push(chunk: Uint8Array): string[] {
    return this.#split(this.#decode(chunk));
  }

  /** No more chunks: what is left, if anything, is the last line. Begins anew after that. */
  end(): string[] {
    const lines = this.#split(this.#decode());
    if (this.#partial !== "") lines.push(this.#partial);
    this.#partial = "";
    return lines;
  }

  #split(text: string): string[] {
    const [rest = "", ...more] = text.split("\n");
    this.#partial += rest;
    if (more.length === 0) return [];
    const lines = [this.#partial, ...more];
    this.#partial = lines.pop() as string;
    return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  }
}

/**
 * The lines of `fd`, to its end. A last line without a line end counts; what is no UTF-8 becomes
 * U+FFFD. `next` fails as `read` does.
 */
export function lineReader(fd: Fd): Lines {
  const splitter = new LineSplitter();
  let lines: Iterator<string, undefined> = [].values();
  let ended = false;
  return {
    *next() {
      for (;;) {
        const { value, done } = lines.next();
        if (done !== true) return value;
        if (ended) return undefined;
        const chunk = yield* read(fd);
        ended = chunk.length === 0;
        lines = (ended ? splitter.end() : splitter.push(chunk)).values();
      }
    },
  };
}

export interface FollowOptions {
  /** Where to begin: with the first line, or (default) with the next that is written. */
  readonly from?: "start" | "end";
  /** How long to wait at the end of the file before looking again, in milliseconds. Default 100. */
  readonly every?: number;
  /** Called when the file has become shorter. */
  readonly onTruncate?: () => void;
}

/**
 * Follow the file `path` as `tail -f` does: return a source of its lines that waits at the end for
 * more. The caller owns its descriptor. Blocks while the machine opens it. Fails as `open` does.
 */
export function* follow(path: string, options: FollowOptions = {}): Program<Follower> {
  const fd = yield* open(path);
  const end = options.from === "start" ? 0 : (yield* fstat(fd)).size;
  for (let at = 0; at < end;) {
    const { length } = yield* read(fd, Math.min(end - at, 65536));
    if (length === 0) break;
    at += length;
  }
  return new Follower(path, fd, end, options);
}

/**
 * The lines of a file that grows. A line comes when its end has been written. When the file has
 * become shorter it is opened anew and read from its start, and what there was of an unfinished
 * line comes as a line. A file that was cut and has regrown between two looks goes unnoticed.
 */
export class Follower implements Lines {
  readonly #path: string;
  readonly #every: number;
  readonly #onTruncate: () => void;
  readonly #splitter = new LineSplitter();
  #fd: Fd;
  #position: number;
  #lines: Iterator<string, undefined> = [].values();

  /** `fd` is open at `path` and has been read up to `position`. See `follow`. */
  constructor(path: string, fd: Fd, position: number, options: FollowOptions) {
    this.#path = path;
    this.#fd = fd;
    this.#position = position;
    this.#every = options.every ?? 100;
    this.#onTruncate = options.onTruncate ?? (() => {});
  }

  /** The next line. Blocks until there is one. Fails as `read` and `open` do. */
  *next(): Program<string> {
    for (;;) {
      const { value, done } = this.#lines.next();
      if (done !== true) return value;
      this.#lines = (yield* this.#look()).values();
    }
  }

  /** Stop following. Never blocks. */
  *close(): Program<void> {
    yield* close(this.#fd);
  }

  *#look(): Program<string[]> {
    const chunk = yield* read(this.#fd);
    this.#position += chunk.length;
    if (chunk.length > 0) return this.#splitter.push(chunk);
    const { size } = yield* fstat(this.#fd);
    if (size < this.#position) return yield* this.#reopen();
    yield* sleep(this.#every);
    return [];
  }

  *#reopen(): Program<string[]> {
    const fd = yield* open(this.#path);
    const stale = this.#fd;
    this.#fd = fd;
    this.#position = 0;
    yield* close(stale);
    this.#onTruncate();
    return this.#splitter.end();
  }
}
