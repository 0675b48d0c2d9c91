// The echo server on node:net with async functions: a loop a connection.

const { createServer } = require("node:net");
const { once } = require("node:events");

async function echo(socket) {
  try {
    for await (const bytes of socket) {
      if (!socket.write(bytes)) await once(socket, "drain");
    }
  } catch {
    // The other end is gone.
  }
}

const server = createServer((socket) => void echo(socket));
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
