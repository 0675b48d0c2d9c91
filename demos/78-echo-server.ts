// Part 7, step 8. The echo server: all of the above at once.
//
// The server is a loop of two lines: take a connection, make a task for it. Each of those tasks
// reads and writes as if it were alone in the world. There is no callback in sight, and nobody
// polls.
//
//   genix run demos/78-echo-server.ts 8000       then, elsewhere: nc 127.0.0.1 8000; Ctrl-C ends it
//   genix run demos/78-echo-server.ts --clients 3        serves three clients of its own, and ends
//
// Look at `give`: the connection belongs to the task that serves it, and closes when that task
// ends, in whichever way. That is why the server has nothing to clean up. A client that breaks off
// makes one task crash, init reports it, and the others never know.

import { accept, close, connect, decode, getsockname, listen, read, spawn } from "../syscalls";
import { wait, write, type Address, type Fd, type Pid, type Program } from "../syscalls";
import { ncArguments, serverOptions } from "./shared";

export const about = "pyos step 8: an echo server, one task per connection ([port] [--clients N])";

function* echo(connection: Fd): Program<void> {
  console.log("connected");
  for (;;) {
    const bytes = yield* read(connection);
    if (bytes.length === 0) break;
    yield* write(connection, bytes);
  }
  console.log("disconnected");
}

function* server(listener: Fd): Program<void> {
  for (;;) {
    const connection = yield* accept(listener);
    yield* spawn(echo(connection), { name: "echo", detached: true, give: [connection] });
  }
}

function* client(address: Address, name: string): Program<void> {
  const connection = yield* connect(address);
  for (const word of ["hello", "and good-bye"]) {
    yield* write(connection, word);
    console.log(`${name} hears "${decode(yield* read(connection))}"`);
  }
  yield* close(connection);
}

export default function* main(argv: string[] = []): Program<void> {
  const { port, clients } = serverOptions(argv);
  const listener = yield* listen(port);
  const address = yield* getsockname(listener);
  console.log(`listening; say something with: nc ${ncArguments(address)}`);
  if (clients === undefined) return yield* server(listener);

  yield* spawn(server(listener), { name: "server", daemon: true, give: [listener] });
  const pids: Pid[] = [];
  for (let i = 1; i <= clients; i++) {
    pids.push(yield* spawn(client(address, `client ${i}`), { name: `client ${i}` }));
  }
  for (const pid of pids) yield* wait(pid);
}
