// The errors a system call can fail with. A handler throws one; it arrives in the task at its
// `yield`. Knows nothing of tasks or of the kernel: whoever services the trap fills in where it
// happened.

import type { SystemCall } from "./call";
import type { Task } from "./task";

/**
 * The error numbers of POSIX that this system uses, each with the sentence `perror` would print.
 */
export const meanings = {
  EACCES: "permission denied",
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "address not available",
  EBADF: "bad file descriptor",
  EBUSY: "resource busy",
  ECHILD: "no such child",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset by peer",
  EDEADLK: "would wait for itself",
  EEXIST: "file exists",
  EHOSTUNREACH: "no route to host",
  EINVAL: "invalid argument",
  EIO: "input/output error",
  EISDIR: "is a directory",
  EMFILE: "too many open files",
  ENAMETOOLONG: "file name too long",
  ENETUNREACH: "network is unreachable",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on device",
  ENOSYS: "not implemented on this machine",
  ENOTDIR: "not a directory",
  EOVERFLOW: "value too large",
  EOWNERDEAD: "owner died",
  EPERM: "operation not permitted",
  EPIPE: "broken pipe",
  EROFS: "read-only file system",
  ESRCH: "no such task",
  ETIMEDOUT: "timed out",
} as const;

export type Errno = keyof typeof meanings;

/** V8's own; other engines do without the line. */
const { captureStackTrace } = Error as {
  captureStackTrace?: (error: object) => void;
};

/** A failed system call: `errno` says why, `call` and `args` which, `pid` in whose hands. */
export class SystemError extends Error {
  readonly errno: Errno;
  /** The sentence about this failure, without the place: `fd 7 is not open`. */
  readonly detail: string;
  call: string | undefined = undefined;
  args: readonly unknown[] = [];
  pid: number | undefined = undefined;
  #located = false;
  #traced = false;

  constructor(errno: Errno, detail: string = meanings[errno], options?: { cause?: unknown }) {
    super(`${errno}: ${detail}`, options);
    this.name = "SystemError";
    this.errno = errno;
    this.detail = detail;
  }

  /** Is `value` one? Runs no code of the value's, as `instanceof` would run a proxy's. */
  static is(value: unknown): value is SystemError {
    return typeof value === "object" && value !== null && #located in value;
  }

  /** Take the stack, which is the failed call's now. Once: an error passed on keeps its origin. */
  trace(): void {
    if (!this.#traced) captureStackTrace?.(this);
    this.#traced = true;
  }

  /** Say where it happened. The first place stays: an error passed on by hand keeps its origin. */
  locate(task: Task, call: SystemCall<unknown> | null): void {
    if (this.#located) return;
    this.#located = true;
    this.pid = task.pid;
    this.call = call?.name;
    this.args = call?.args ?? [];
    const place = call === null ? String(task) : `${String(task)}: ${String(call)}`;
    this.message = `${this.errno}: ${place}: ${this.detail}`;
  }
}
