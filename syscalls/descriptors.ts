// System calls on descriptors: files, sockets, pipes, the terminal, all byte streams behind a
// number. A descriptor belongs to one task and is closed when that task dies, however it dies. Any
// task may use it.

import { BLOCKED, blockingCall, syscall } from "../kernel/call";
import { close as closeDescriptor } from "../kernel/death";
import { SystemError } from "../kernel/errno";
import { ask, attempt } from "../kernel/interrupt";
import { install } from "../kernel/life";
import { makePipe } from "../kernel/pipe";
import { show } from "../kernel/show";
import type { Blocked, Descriptor, FileStatus, Kernel, Pid } from "../kernel";
import { encode } from "./utf8";

/** The number of an open file, socket, pipe or terminal. */
export type Fd = number;

export const stdin: Fd = 0;
export const stdout: Fd = 1;
export const stderr: Fd = 2;

/**
 * Read from `fd` what is there, at least one byte and at most `max` (default 64 KiB). None means
 * the end of the stream; at the end of a file that grows, read again later.
 *
 * Blocks until there is something. Fails with EBADF, EBUSY when another task reads there,
 * ECONNRESET, EISDIR, EINVAL.
 */
export const read = blockingCall("read", (kernel, task, fd: Fd, max: number = 65536) => {
  const { device, readers } = readable(kernel, fd);
  if (!Number.isInteger(max) || max < 1) throw badArgument(max, "number of bytes");
  if (device.read === undefined) throw new SystemError("EINVAL", `${device.name} cannot be read`);
  return attempt(kernel, task, readers, () => device.read?.(max) ?? BLOCKED);
});

/**
 * Write all of `data` to `fd`, text as UTF-8, and return the number of bytes.
 *
 * Blocks until the device has taken them, so a slow reader slows the writer down. Writers take
 * turns: what one writes stays together. Fails with EBADF, EPIPE when nobody can read it any more,
 * ECONNRESET, EINVAL.
 */
export const write = blockingCall(
  "write",
  (kernel, task, fd: Fd, data: Uint8Array | string) => {
    const { device, writers } = kernel.descriptors.get(fd);
    if (device.write === undefined) {
      throw new SystemError("EINVAL", `${device.name} cannot be written`);
    }
    if (typeof data !== "string" && !(data instanceof Uint8Array)) {
      throw badArgument(data, "data; write a string or a Uint8Array");
    }
    const bytes = typeof data === "string" ? encode(data) : data;
    let written = 0;
    return attempt(kernel, task, writers, () => {
      // Until it takes none: a reader may have made room while the device took the last ones.
      for (let taken = 1; taken > 0 && written < bytes.length; written += taken) {
        const rest = written === 0 ? bytes : bytes.subarray(written);
        taken = device.write?.(rest) ?? 0;
      }
      return written < bytes.length ? BLOCKED : written;
    });
  },
  { selectable: false },
);

/**
 * The status of the file `fd`: its size in bytes as it is now. Blocks while the machine looks.
 * Fails with EBADF, EINVAL for what is no file, EIO.
 */
export const fstat = blockingCall("fstat", (kernel, task, fd: Fd): FileStatus | Blocked => {
  const { device } = kernel.descriptors.get(fd);
  if (device.status === undefined) throw new SystemError("EINVAL", `${device.name} is no file`);
  return ask<FileStatus>(kernel, task, (answer) => {
    device.status?.(answer);
    return () => {};
  });
});

/**
 * Wait until a read of `fd`, or an accept, would not block. Reads nothing. Fails as `read` does.
 */
export const readWait = blockingCall("readWait", (kernel, task, fd: Fd): void | Blocked => {
  const { device, readers } = readable(kernel, fd);
  return attempt(kernel, task, readers, () => (device.readable() ? undefined : BLOCKED));
});

/** Wait until a write to `fd` would take a byte at once. Fails as `write` does. */
export const writeWait = blockingCall("writeWait", (kernel, task, fd: Fd): void | Blocked => {
  const { device, writers } = kernel.descriptors.get(fd);
  return attempt(kernel, task, writers, () => (device.writable() ? undefined : BLOCKED));
});

/** Make a pipe of 64 KiB: returns [the end to read from, the end to write to]. Never blocks. */
export const pipe = syscall("pipe", (kernel, task): [reader: Fd, writer: Fd] => {
  const [reader, writer] = makePipe();
  return [install(kernel, reader, task), install(kernel, writer, task)];
});

/**
 * Close `fd`; whoever waits for it gets EBADF. Never blocks. Fails with EBADF, EPERM for 0, 1 and
 * 2.
 */
export const close = syscall("close", (kernel, _task, fd: Fd): void => {
  closeDescriptor(kernel, kernel.descriptors.getOwned(fd));
});

/**
 * Make the task `pid` the owner of `fd`, so that it closes when that task dies. Never blocks. Fails
 * with EBADF, ESRCH when there is no such living task, EPERM for 0, 1 and 2.
 */
export const give = syscall("give", (kernel, _task, fd: Fd, pid: Pid): void => {
  const descriptor = kernel.descriptors.getOwned(fd);
  const heir = kernel.tasks.get(pid);
  if (!heir.alive) throw new SystemError("ESRCH", `${String(heir)} has exited`);
  kernel.descriptors.give(descriptor, heir);
});

/** The descriptor `fd`, if nobody else reads it. */
export function readable(kernel: Kernel, fd: Fd): Descriptor {
  const descriptor = kernel.descriptors.get(fd);
  const reader = descriptor.readers.first?.task;
  if (reader !== undefined) throw new SystemError("EBUSY", `${String(reader)} reads it already`);
  return descriptor;
}

export function badArgument(value: unknown, what: string): SystemError {
  return new SystemError("EINVAL", `${show(value)} is no ${what}`);
}
