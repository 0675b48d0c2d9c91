// System calls that open devices: files, sockets, programs elsewhere. Each returns a descriptor
// that the caller owns.

import { BLOCKED, blockingCall, syscall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { ask, attempt } from "../kernel/interrupt";
import { install } from "../kernel/life";
import type {
  Address,
  Answer,
  Blocked,
  Cancel,
  Device,
  Kernel,
  Launch,
  OpenFlags,
  Task,
} from "../kernel";
import { badArgument, readable, type Fd } from "./descriptors";

/**
 * Open the file `path` and return its descriptor. `flags` as in fopen: "r" (default), "r+", "w",
 * "w+", "a", "a+", "wx", "ax". Blocks while the machine opens it. Fails with ENOENT, EACCES,
 * EISDIR, EEXIST, EINVAL.
 */
export const open = blockingCall(
  "open",
  (kernel, task, path: string, flags: OpenFlags = "r"): Fd | Blocked => {
    checkPath(path);
    if (!openFlags.includes(flags))
      throw badArgument(flags, `flag; there are ${openFlags.join(" ")}`);
    return openDevice(kernel, task, (answer) => kernel.machine.open(path, flags, answer));
  },
  { selectable: false },
);

const openFlags: readonly OpenFlags[] = ["r", "r+", "w", "w+", "a", "a+", "wx", "ax"];

/**
 * Remove the file `path`; who has it open keeps it. Blocks while the machine does so. Fails with
 * ENOENT, EACCES, EISDIR or EPERM for a directory, EINVAL.
 */
export const unlink = blockingCall(
  "unlink",
  (kernel, task, path: string): void | Blocked => {
    checkPath(path);
    return ask<void>(kernel, task, (answer) => kernel.machine.unlink(path, answer));
  },
  { selectable: false },
);

/**
 * Listen at `address`, a TCP port (0 lets the machine choose; host defaults to 127.0.0.1) or the
 * path of a Unix-domain socket, and return the descriptor to accept from. Blocks while the machine
 * binds it. Fails with EADDRINUSE, EACCES, EADDRNOTAVAIL, EINVAL.
 */
export const listen = blockingCall(
  "listen",
  (kernel, task, address: Address | number): Fd | Blocked => {
    const where = toAddress(address, 0);
    return openDevice(kernel, task, (answer) => kernel.machine.listen(where, answer));
  },
  { selectable: false },
);

/**
 * Connect to `address` and return the descriptor of the connection. Blocks until it stands. Fails
 * with ECONNREFUSED, ENOENT, ETIMEDOUT, EINVAL.
 */
export const connect = blockingCall(
  "connect",
  (kernel, task, address: Address | number): Fd | Blocked => {
    const where = toAddress(address, 1);
    return openDevice(kernel, task, (answer) => kernel.machine.connect(where, answer));
  },
);

/**
 * Take the next connection that came to `fd`, a listening socket, and return its descriptor, which
 * the caller owns.
 *
 * Blocks until there is one. Fails with EBADF, EBUSY when another task accepts there, EINVAL when
 * it does not listen.
 */
export const accept = blockingCall("accept", (kernel, task, fd: Fd): Fd | Blocked => {
  const { device, readers } = readable(kernel, fd);
  if (device.accept === undefined) {
    throw new SystemError("EINVAL", `${device.name} does not listen`);
  }
  return attempt(kernel, task, readers, () => {
    const connection = device.accept?.();
    return connection === undefined ? BLOCKED : install(kernel, connection, task);
  });
});

/**
 * Run the guest in `what.module` in a thread or process of its own and return the descriptor of the
 * stream to it; closing it ends the guest. `threaded` and `processed` are built on this.
 *
 * Blocks until it has started. Once the guest has died, reads fail with ECONNRESET, which says how.
 * Fails with EINVAL, ENOSYS where the machine has no threads.
 */
export const launch = blockingCall(
  "launch",
  (kernel, task, what: Launch): Fd | Blocked => {
    if (what?.kind !== "thread" && what?.kind !== "process") {
      throw badArgument(what?.kind, 'kind of guest; there are "thread" and "process"');
    }
    if (typeof what.module !== "string") throw badArgument(what.module, "path of a module");
    return openDevice(kernel, task, (answer) => kernel.machine.launch(what, answer));
  },
  { selectable: false },
);

/**
 * The address of the socket `fd`, with the port the machine chose. Never blocks. Fails with EBADF,
 * EINVAL for no socket.
 */
export const getsockname = syscall("getsockname", (kernel, _task, fd: Fd): Address => {
  const { device } = kernel.descriptors.get(fd);
  if (device.address === undefined) throw new SystemError("EINVAL", `${device.name} is no socket`);
  return device.address;
});

/**
 * Block `task` until the machine has opened a device. One that comes too late is closed, not
 * leaked.
 */
function openDevice(
  kernel: Kernel,
  task: Task,
  start: (answer: Answer<Device>) => Cancel,
): Fd | Blocked {
  return ask<Fd>(kernel, task, (answer) =>
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

function toAddress(address: Address | number, lowest: 0 | 1): Address {
  const where = typeof address === "number" ? { port: address } : address;
  if (typeof where === "object" && where !== null) {
    if ("path" in where ? isPath(where.path) : isPort(where, lowest)) return where;
  }
  throw badArgument(
    address,
    `address; give a port from ${lowest} to 65535, { port, host } or { path }`,
  );
}

function isPort({ port, host = "" }: { port?: unknown; host?: unknown }, lowest: 0 | 1): boolean {
  if (typeof host !== "string") return false;
  return Number.isInteger(port) && (port as number) >= lowest && (port as number) < 65536;
}

/** No host takes a path with a NUL in it: to most it would end there. */
function isPath(path: unknown): boolean {
  return typeof path === "string" && path !== "" && !path.includes("\0");
}

function checkPath(path: string): void {
  if (!isPath(path)) throw badArgument(path, "path");
}
