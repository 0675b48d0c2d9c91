// The client of all echo servers: 64 connections that send 64 bytes, wait for them to come back,
// and send again. Usage: node client.js PORT. Sends its parent the requests per second.

const { connect } = require("node:net");

const CONNECTIONS = 64;
const MESSAGE = Buffer.from("0123456789abcdef".repeat(4));
const WARM_UP = 500; // milliseconds
const MEASURED = 1000;

const port = Number(process.argv[2]);
let replies = 0;

for (let i = 0; i < CONNECTIONS; i++) {
  const socket = connect(port, "127.0.0.1", () => socket.write(MESSAGE));
  let received = 0;
  socket.on("data", (bytes) => {
    if (!bytes.equals(MESSAGE.subarray(received, received + bytes.length)))
      throw new Error("a wrong echo");
    received += bytes.length;
    if (received < MESSAGE.length) return;
    received = 0;
    replies += 1;
    socket.write(MESSAGE);
  });
}

setTimeout(() => {
  const [began, before] = [performance.now(), replies];
  setTimeout(() => {
    const seconds = (performance.now() - began) / 1000;
    process.send((replies - before) / seconds, () => process.exit());
  }, MEASURED);
}, WARM_UP);
