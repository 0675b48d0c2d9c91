// Echo: requests per second over real sockets, server and client in processes of their own, each
// on its own core.

const { fork, spawnSync } = require("node:child_process");
const { once } = require("node:events");
const { availableParallelism } = require("node:os");
const { join } = require("node:path");

/** Where there is no taskset, or one core only, the host places the processes. */
const canPin = availableParallelism() > 1 && spawnSync("taskset", ["--version"]).status === 0;

const echo = (file) => join(__dirname, "..", "echo", file);

/** Requests per second of the server `server-<peer>.js`. */
exports.echo = async (peerName) => [await exports.echoRate(`server-${peerName}.js`)];

/** Of the server in this file. */
exports.echoRate = async (file, args = []) => {
  const server = start(echo(file), args, 0);
  try {
    const port = await answer(server);
    const client = start(echo("client.js"), [String(port)], 1);
    return await answer(client);
  } finally {
    server.kill("SIGKILL");
  }
};

function start(file, args, core) {
  const stdio = ["ignore", "inherit", "inherit", "ipc"];
  if (!canPin) return fork(file, args, { stdio });
  const execArgv = ["--cpu-list", String(core), process.execPath];
  return fork(file, args, { stdio, execPath: "taskset", execArgv });
}

async function answer(child) {
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`${child.spawnargs.slice(1).join(" ")} ended with ${code}`);
  });
  const [message] = await Promise.race([once(child, "message"), failed]);
  failed.catch(() => {});
  return message;
}
