// The echo server as a genix program: a task a connection.

const { accept, getsockname, listen, read, spawn, SystemError, write } = require("../..");

function* echo(connection) {
  try {
    for (;;) {
      const bytes = yield* read(connection);
      if (bytes.length === 0) return;
      yield* write(connection, bytes);
    }
  } catch (error) {
    // The other end is gone.
    if (!(error instanceof SystemError)) throw error;
  }
}

module.exports = function* server() {
  const socket = yield* listen(0);
  process.send((yield* getsockname(socket)).port);
  for (;;) {
    const connection = yield* accept(socket);
    yield* spawn(echo(connection), { detached: true, give: [connection] });
  }
};
