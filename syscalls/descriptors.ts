// System calls on descriptors: files, sockets, pipes, the terminal. All are byte streams behind a number.
// A descriptor belongs to one task and is closed when that task dies, however it dies. Any task may use it.

import {
  BLOCKED,
  blockingCall,
  close as closeDescriptor,
  install,
  makePipe,
  show,
  syscall,
  SystemError,
} from "../kernel";
import type { Address, Answer, Blocked, Cancel, Descriptor, Device, Kernel, Launch } from "../kernel";
import type { OpenFlags, Pid, Task } from "../kernel";
import { encode } from "./utf8";

/** The number of an open file, socket, pipe or terminal. */
export type Fd = number;

export const stdin: Fd = 0;
export const stdout: Fd = 1;
export const stderr: Fd = 2;

/**
 * Open the file `path` and return its descriptor. `flags` as in fopen: "r" (default), "r+", "w", "w+", "a", "a+", "wx",
 * "ax". Blocks while the machine opens it. Fails with ENOENT, EACCES, EISDIR, EEXIST, EINVAL.
 */
export const open = blockingCall(
  "open",
  (kernel, task, path: string, flags: OpenFlags = "r"): Fd | Blocked => {
    if (typeof path !== "string" || path === "") throw badArgument(path, "path");
    if (!openFlags.includes(flags)) throw badArgument(flags, `flag; there are ${openFlags.join(" ")}`);
    return openDevice(kernel, task, (answer) => kernel.machine.open(path, flags, answer));
  },
);

const openFlags: readonly OpenFlags[] = ["r", "r+", "w", "w+", "a", "a+", "wx", "ax"];

/**
 * Listen at `address`, a TCP port (0 lets the machine choose; host defaults to 127.0.0.1) or the path of a Unix-domain
 * socket, and return the descriptor to accept from. Blocks while the machine binds it. Fails with EADDRINUSE, EACCES,
 * EADDRNOTAVAIL, EINVAL.
 */
export const listen = blockingCall("listen", (kernel, task, address: Address | number): Fd | Blocked => {
  const where = toAddress(address, 0);
  return openDevice(kernel, task, (answer) => kernel.machine.listen(where, answer));
});

/**
 * Connect to `address` and return the descriptor of the connection. Blocks until it stands. Fails with ECONNREFUSED,
 * ENOENT, ETIMEDOUT, EINVAL.
 */
export const connect = blockingCall("connect", (kernel, task, address: Address | number): Fd | Blocked => {
  const where = toAddress(address, 1);
  return openDevice(kernel, task, (answer) => kernel.machine.connect(where, answer));
});

/**
 * Take the next connection that came to `fd`, a listening socket, and return its descriptor, which the caller owns.
 *
 * Blocks until there is one. Fails with EBADF, EBUSY when another task accepts there, EINVAL when it does not listen.
 */
export const accept = blockingCall("accept", (kernel, task, fd: Fd): Fd | Blocked => {
  const { device, readers } = readable(kernel, fd);
  if (device.accept === undefined) throw new SystemError("EINVAL", `${device.name} does not listen`);
  const take = (): Fd | Blocked => {
    const connection = device.accept?.();
    return connection === undefined ? BLOCKED : install(kernel, connection, task);
  };
  const connection = take();
  return connection === BLOCKED ? kernel.block(task, readers, { retry: take }) : connection;
});

/**
 * Read from `fd` what is there, at least one byte and at most `max` (default 64 KiB). None means the end of the stream;
 * at the end of a file that grows, read again later.
 *
 * Blocks until there is something. Fails with EBADF, EBUSY when another task reads there, ECONNRESET, EISDIR, EINVAL.
 */
export const read = blockingCall("read", (kernel, task, fd: Fd, max: number = 65536) => {
  const { device, readers } = readable(kernel, fd);
  if (!Number.isInteger(max) || max < 1) throw badArgument(max, "number of bytes");
  if (device.read === undefined) throw new SystemError("EINVAL", `${device.name} cannot be read`);
  const take = (): Uint8Array | Blocked => device.read?.(max) ?? BLOCKED;
  const bytes = take();
  return bytes === BLOCKED ? kernel.block(task, readers, { retry: take }) : bytes;
});

/**
 * Write all of `data` to `fd`, text as UTF-8, and return the number of bytes.
 *
 * Blocks until the device has taken them, so a slow reader slows the writer down. Writers take turns: what one writes
 * stays together. Fails with EBADF, EPIPE when nobody can read it any more, ECONNRESET, EINVAL.
 */
export const write = blockingCall("write", (kernel, task, fd: Fd, data: Uint8Array | string) => {
  const { device, writers } = kernel.descriptors.get(fd);
  if (device.write === undefined) throw new SystemError("EINVAL", `${device.name} cannot be written`);
  if (typeof data !== "string" && !(data instanceof Uint8Array)) {
    throw badArgument(data, "data; write a string or a Uint8Array");
  }
  const bytes = typeof data === "string" ? encode(data) : data;
  let written = 0;
  const put = (): number | Blocked => {
    // Until it takes none: a reader may have made room while the device took the last ones.
    for (let taken = 1; taken > 0 && written < bytes.length; written += taken) {
      taken = device.write?.(bytes.subarray(written)) ?? 0;
    }
    return written < bytes.length ? BLOCKED : written;
  };
  const count = writers.first === null ? put() : BLOCKED;
  return count === BLOCKED ? kernel.block(task, writers, { retry: put }) : count;
});

/** Wait until a read of `fd`, or an accept, would not block. Reads nothing. Fails as `read` does. */
export const readWait = blockingCall("readWait", (kernel, task, fd: Fd): void | Blocked => {
  const { device, readers } = readable(kernel, fd);
  const ready = (): void | Blocked => (device.readable() ? undefined : BLOCKED);
  return ready() === BLOCKED ? kernel.block(task, readers, { retry: ready }) : undefined;
});

/** Wait until a write to `fd` would take a byte at once. Fails as `write` does. */
export const writeWait = blockingCall("writeWait", (kernel, task, fd: Fd): void | Blocked => {
  const { device, writers } = kernel.descriptors.get(fd);
  const ready = (): void | Blocked => (device.writable() ? undefined : BLOCKED);
  return ready() === BLOCKED ? kernel.block(task, writers, { retry: ready }) : undefined;
});

/** Make a pipe of 64 KiB: returns [the end to read from, the end to write to]. Never blocks. */
export const pipe = syscall("pipe", (kernel, task): [reader: Fd, writer: Fd] => {
  const [reader, writer] = makePipe();
  return [install(kernel, reader, task), install(kernel, writer, task)];
});

/** Close `fd`; whoever waits for it gets EBADF. Never blocks. Fails with EBADF, EPERM for 0, 1 and 2. */
export const close = syscall("close", (kernel, _task, fd: Fd): void => {
  const descriptor = kernel.descriptors.get(fd);
  if (fd <= stderr) throw new SystemError("EPERM", "the standard descriptors belong to init");
  closeDescriptor(kernel, descriptor);
});

/**
 * Make the task `pid` the owner of `fd`, so that it closes when that task dies. Never blocks. Fails with EBADF, ESRCH when
 * there is no such living task, EPERM for 0, 1 and 2.
 */
export const give = syscall("give", (kernel, _task, fd: Fd, pid: Pid): void => {
  const descriptor = kernel.descriptors.get(fd);
  if (fd <= stderr) throw new SystemError("EPERM", "the standard descriptors belong to init");
  const heir = kernel.tasks.get(pid);
  if (!heir.alive) throw new SystemError("ESRCH", `${String(heir)} has exited`);
  kernel.descriptors.give(descriptor, heir);
});

/**
 * Run a program in a thread or process of its own and return a descriptor: what is written to it arrives there. Blocks
 * until it has started. For `threaded` and `processed`, which speak its protocol.
 */
export const launch = blockingCall("launch", (kernel, task, what: Launch): Fd | Blocked => {
  return openDevice(kernel, task, (answer) => kernel.machine.launch(what, answer));
});

/** The address of the socket `fd`, with the port the machine chose. Never blocks. Fails with EBADF, EINVAL for no socket. */
export const getsockname = syscall("getsockname", (kernel, _task, fd: Fd): Address => {
  const { device } = kernel.descriptors.get(fd);
  if (device.address === undefined) throw new SystemError("EINVAL", `${device.name} is no socket`);
  return device.address;
});

/** Block `task` until the machine has opened a device. One that comes too late is closed, not leaked. */
function openDevice(
  kernel: Kernel,
  task: Task,
  start: (answer: Answer<Device>) => Cancel,
): Fd | Blocked {
  return kernel.ask<Fd>(task, (answer) =>
    start({
      get waiting() {
        return answer.waiting;
      },
      done: (device) => {
        if (answer.waiting) answer.done(install(kernel, device, task));
        else device.close();
      },
      fail: (error) => answer.fail(error),
    }),
  );
}

function readable(kernel: Kernel, fd: Fd): Descriptor {
  const descriptor = kernel.descriptors.get(fd);
  const reader = descriptor.readers.first;
  if (reader !== null) throw new SystemError("EBUSY", `${String(reader)} reads it already`);
  return descriptor;
}

function toAddress(address: Address | number, lowest: 0 | 1): Address {
  const where = typeof address === "number" ? { port: address } : address;
  if (typeof where === "object" && where !== null) {
    if ("path" in where && typeof where.path === "string" && where.path !== "") return where;
    if ("port" in where && Number.isInteger(where.port) && where.port >= lowest && where.port < 65536) {
      return where;
    }
  }
  throw badArgument(address, `address; give a port from ${lowest} to 65535, { port, host } or { path }`);
}

function badArgument(value: unknown, what: string): SystemError {
  return new SystemError("EINVAL", `${show(value)} is no ${what}`);
}
