// A stream socket as an object: the calls of a socket under their usual names.
// It holds a descriptor and nothing else; who owns that, and when it closes, is the kernel's.

import { accept, close, connect, getsockname, listen, read, write } from "../syscalls";
import type { Address, Fd, Program, SystemCall } from "../syscalls";

/** A listening socket or a connection: `const bytes = yield* socket.recv()`. */
export class Socket {
  /** Its descriptor, to hand the socket over: `spawn(program, { give: [socket.fd] })`. */
  readonly fd: Fd;

  constructor(fd: Fd) {
    this.fd = fd;
  }

  /**
   * A socket that listens at `address`: a TCP port (0 lets the machine choose), `{ port, host }`,
   * or the `{ path }` of a Unix-domain socket.
   *
   * Blocks while the machine binds it. Fails as `listen` does: EADDRINUSE, EACCES, EINVAL.
   */
  static *listen(address: Address | number): Program<Socket> {
    return new Socket(yield* listen(address));
  }

  /** A connection to `address`. Blocks until it stands. Fails as `connect` does: ECONNREFUSED. */
  static *connect(address: Address | number): Program<Socket> {
    return new Socket(yield* connect(address));
  }

  /**
   * The next connection, which the caller then owns.
   *
   * Blocks until there is one. Fails with EBUSY when another task accepts here, EBADF once it is
   * closed, EINVAL when it does not listen.
   */
  *accept(): Program<Socket> {
    return new Socket(yield* accept(this.fd));
  }

  /**
   * What has arrived: at least one byte, at most `max` (default 64 KiB); none at the end.
   *
   * Blocks until there is something. Fails with EBUSY when another task reads here, EBADF once it
   * is closed, ECONNRESET.
   */
  recv(max?: number): SystemCall<Uint8Array> {
    return read(this.fd, max);
  }

  /**
   * Send all of `data`, text as UTF-8; returns the number of bytes.
   *
   * Blocks until they are on their way, so a slow receiver slows the sender down. Fails with EPIPE
   * or ECONNRESET when the other side is gone, EBADF once it is closed.
   */
  send(data: Uint8Array | string): SystemCall<number> {
    return write(this.fd, data);
  }

  /** Close it: whoever waits here gets EBADF. Never blocks. Fails with EBADF the second time. */
  close(): SystemCall<void> {
    return close(this.fd);
  }

  /** Where it lives, with the port the machine chose. Never blocks. Fails with EBADF. */
  address(): SystemCall<Address> {
    return getsockname(this.fd);
  }
}
