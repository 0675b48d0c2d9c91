// Where programs that are observed listen: sockets in a folder that only its user can enter, named
// by process id. Stale ones, of processes that were killed, are cleaned up on the way.

import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { Misuse } from "../misuse";

/** The longest path of a socket that every Unix takes, in bytes. */
const LONGEST = 103;

/** The user's folder, made if need be. A Misuse if others could have made it, or could enter. */
function folder(): string {
  const { uid, username } = userInfo();
  const path = join(tmpdir(), `genix-${uid < 0 ? username : uid}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const status = lstatSync(path);
  if (!status.isDirectory() || (uid >= 0 && status.uid !== uid)) {
    throw new Misuse(`${path} is not a folder of yours; remove it, or set TMPDIR to another place`);
  }
  if (uid >= 0 && (status.mode & 0o077) !== 0) chmodSync(path, 0o700);
  return path;
}

/** The socket of the process `pid`, or of this one. */
export function socketOf(pid: number = process.pid): string {
  return join(folder(), `${pid}.sock`);
}

/** The processes that have a socket and live. The sockets of those that do not are removed. */
export function observed(): number[] {
  const names = readdirSync(folder()).filter((name) => /^\d+\.sock$/.test(name));
  return names
    .map((name) => parseInt(name, 10))
    .filter((pid) => {
      if (lives(pid)) return true;
      rmSync(socketOf(pid), { force: true });
      return false;
    })
    .sort((a, b) => a - b);
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Make room for a socket at `path`. A Misuse if something else is there, or somebody listens. */
export async function clear(path: string): Promise<void> {
  if (Buffer.byteLength(path) > LONGEST) {
    throw new Misuse(`${path} is too long for a socket; give a path of at most ${LONGEST} bytes`);
  }
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (!status.isSocket()) throw new Misuse(`${path} exists and is no socket; give another path`);
  if (await answers(path)) throw new Misuse(`${path} is in use; give another path`);
  rmSync(path, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
