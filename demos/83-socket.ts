// Part 8. Sockets that look as if they blocked.
//
// With subroutines a library can hide the system calls: a `Socket` has accept, recv, send and
// close, and the server reads like one from a textbook on threads. But nothing blocks: each
// `yield*` parks one task and lets the others run.
//
//   genix run demos/83-socket.ts 8000            then, elsewhere: nc 127.0.0.1 8000; Ctrl-C ends it
//   genix run demos/83-socket.ts --clients 3            serves three clients of its own, and ends
//
// Look at `serve`, from the library: the accept loop that gives every connection to a task of its
// own. And at `echo`, which keeps what it knows of its session in a local variable: that is where
// a task's state lives.

import { decode, spawn, wait, type Address, type Pid, type Program } from "../syscalls";
import { serve, Socket } from "../tasks";
import { ncArguments, serverOptions } from "./shared";

export const about = "the echo server on the Socket class ([port] [--clients N])";

function* echo(connection: Socket): Program<void> {
  let total = 0;
  for (;;) {
    const bytes = yield* connection.recv();
    if (bytes.length === 0) break;
    total += yield* connection.send(bytes);
  }
  console.log(`a session of ${total} bytes is over`);
}

function* client(address: Address, name: string): Program<void> {
  const socket = yield* Socket.connect(address);
  for (const word of ["hello", "how are you", "good-bye"]) {
    yield* socket.send(word);
    console.log(`${name} hears "${decode(yield* socket.recv())}"`);
  }
  yield* socket.close();
}

export default function* main(argv: string[] = []): Program<void> {
  const { port, clients } = serverOptions(argv);
  const listener = yield* Socket.listen(port);
  const address = yield* listener.address();
  console.log(`listening; say something with: nc ${ncArguments(address)}`);
  if (clients === undefined) return yield* serve(listener, echo);

  yield* spawn(serve(listener, echo), { name: "server", daemon: true, give: [listener.fd] });
  const pids: Pid[] = [];
  for (let i = 1; i <= clients; i++) {
    pids.push(yield* spawn(client(address, `client ${i}`), { name: `client ${i}` }));
  }
  for (const pid of pids) yield* wait(pid);
}
