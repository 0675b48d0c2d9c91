// The accept loop: every connection to a task of its own.
// A session owns its connection, so that it closes however the session ends; the loop owns none.

import { spawn, SystemError, type Program } from "../syscalls";
import type { Socket } from "./socket";

/**
 * Accept connections on `listener` for ever, and run `handler` on each in a detached task, called
 * `name` in `ps`. The connection closes when the handler ends.
 *
 * Blocks until it is killed. Fails with EBADF when the listener is closed, EBUSY when another task
 * accepts there. A client that goes away (ECONNRESET, EPIPE) ends its session quietly; any other
 * failure of a handler is a crash, which init reports. Sessions outlive the loop.
 */
export function* serve(
  listener: Socket,
  handler: (connection: Socket) => Program<void>,
  name = "session",
): Program<never> {
  for (;;) {
    const connection = yield* listener.accept();
    yield* spawn(session(connection, handler), { name, detached: true, give: [connection.fd] });
  }
}

function* session(
  connection: Socket,
  handler: (connection: Socket) => Program<void>,
): Program<void> {
  try {
    yield* handler(connection);
  } catch (error) {
    if (!hasHungUp(error, connection)) throw error;
  }
}

/** Is `error` this connection's end, and not that of a pipe the handler uses besides? */
function hasHungUp(error: unknown, { fd }: Socket): boolean {
  if (!(error instanceof SystemError) || error.args[0] !== fd) return false;
  return error.errno === "ECONNRESET" || error.errno === "EPIPE";
}
