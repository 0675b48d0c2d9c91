// The files that are written for the user: recordings, pictures, traces, pages. A slip of the hand
// shall cost nobody a program: over a file that holds something else none of them is written.

import { closeSync, constants, existsSync, fstatSync, ftruncateSync, openSync } from "node:fs";
import { readSync, statSync, writeSync, type Stats } from "node:fs";
import { dirname, resolve } from "node:path";
import { shown } from "../machine/place";
import { Misuse } from "./misuse";

/** What may be in a file. */
export interface Kind {
  readonly name: string;
  /** How all such files begin. */
  readonly beginning: string;
  /** The rights of a new one. Default: as the user wants it. */
  readonly mode?: number;
}

export const recordingKind: Kind = {
  name: "recording",
  beginning: '{"genix":"recording"',
  // For nobody but the user: what the program was sent is in it, passwords too.
  mode: 0o600,
};
export const svgKind: Kind = {
  name: "SVG picture",
  beginning: '<svg xmlns="http://www.w3.org/2000/svg"',
};
export const traceKind: Kind = { name: "trace", beginning: '{"displayTimeUnit":"ms"' };
export const pageKind: Kind = {
  name: "page of a recording",
  beginning: `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"`,
};

/** As elsewhere this is stdout. */
export const STDOUT = "-";

/** Does what is written to `path` go where all goes that is printed, as with `/dev/stdout`? */
export function isStdout(path: string): boolean {
  if (path === STDOUT) return true;
  const [file, printed] = [statOf(path), fstatSync(process.stdout.fd)];
  return file?.dev === printed.dev && file.ino === printed.ino;
}

/** Throws a Misuse if no file of `kind` can be written to `path`; leaves no trace there. */
export function checkOutput(path: string, kind: Kind): void {
  if (isStdout(path)) return;
  const folder = dirname(resolve(path));
  if (!statOf(folder)?.isDirectory()) throw refusal(path, `there is no folder ${shown(folder)}`);
  const stat = statOf(path);
  if (stat?.isDirectory()) throw refusal(path, "it is a folder");
  if (stat?.isFile()) closeSync(open(path, constants.O_RDONLY, kind));
}

/**
 * Open `path` to write a file of `kind`; what is in it stays until it is truncated. Blocks, if
 * it is a pipe, until somebody reads it. Throws a Misuse if it cannot be written or holds something
 * else.
 */
export function openOutput(path: string, kind: Kind): number {
  checkOutput(path, kind);
  // Only a file is read, for what it may hold: whoever has a pipe open for reading never hears
  // that its reader is gone, and waits for room in it without end.
  const isFile = statOf(path)?.isFile() ?? true;
  return open(path, isFile ? constants.O_RDWR | constants.O_CREAT : constants.O_WRONLY, kind);
}

/** So much is written at once. */
const PIECE = 1 << 20;

/** Write `pieces`, one after the other, to `path`. Throws a Misuse if that cannot be. */
export function writeOutput(path: string, kind: Kind, pieces: Iterable<string>): void {
  if (isStdout(path)) {
    for (const piece of pieces) process.stdout.write(piece);
    return;
  }
  const fd = openOutput(path, kind);
  try {
    if (fstatSync(fd).isFile()) ftruncateSync(fd);
    let text = "";
    for (const piece of pieces) {
      text += piece;
      if (text.length < PIECE) continue;
      writeAll(fd, text);
      text = "";
    }
    writeAll(fd, text);
  } catch (error) {
    throw refusal(path, (error as Error).message);
  } finally {
    closeSync(fd);
  }
}

/** Also to what takes only a part at a time. */
function writeAll(fd: number, text: string): void {
  for (let bytes = Buffer.from(text); bytes.length > 0;) {
    bytes = bytes.subarray(writeSync(fd, bytes));
  }
}

function open(path: string, flags: number, kind: Kind): number {
  let fd: number;
  try {
    fd = openSync(path, flags, kind.mode);
  } catch (error) {
    throw refusal(path, (error as Error).message);
  }
  if (isOf(kind, fd)) return fd;
  closeSync(fd);
  const fix = "name another file, or delete it";
  throw refusal(path, `it is there already, and is no ${kind.name}; ${fix}`);
}

/** Is there nothing in it but what is of this kind? Pipes and devices are asked for nothing. */
function isOf({ beginning }: Kind, fd: number): boolean {
  const stat = fstatSync(fd);
  if (!stat.isFile() || stat.size === 0) return true;
  const found = Buffer.alloc(Buffer.byteLength(beginning));
  // At a place: the next write is to begin at the front.
  readSync(fd, found, 0, found.length, 0);
  return found.toString() === beginning;
}

function statOf(path: string): Stats | undefined {
  return existsSync(path) ? statSync(path) : undefined;
}

function refusal(path: string, why: string): Misuse {
  return new Misuse(`cannot write ${shown(path)}: ${why}`);
}
