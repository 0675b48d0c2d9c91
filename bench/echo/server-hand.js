// The echo server on plain node:net, with callbacks.

const { createServer } = require("node:net");

const server = createServer((socket) => {
  socket.on("data", (bytes) => socket.write(bytes));
  socket.on("error", () => {});
});
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
