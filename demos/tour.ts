// The tour: what `npm start` shows. It takes about five seconds and ends by itself.
//
// All of it runs at once, in one process and on one thread: an echo server with three clients on a
// TCP port, a `tail -f | grep` over a file that grows, and this program, which looks at them and
// then dives 100,000 calls deep. Read `main` first, and try to find the places where somebody
// waits: they all say `yield*`.
//
//   genix run demos/tour.ts [LOGFILE]      overwrites LOGFILE; without one, makes one in /tmp

import { call, close, decode, kill, now, open, pipe, ps, random, sleep } from "../syscalls";
import { spawn, unlink, wait, write } from "../syscalls";
import type { Address, ExitStatus, Fd, Pid, Program } from "../syscalls";
import { describeExit, follow, lineReader, serve, Socket } from "../tasks";
import { ncArguments } from "./shared";

export const about =
  "all at once: echo server, tail -f | grep, ps, and a deep recursion ([LOGFILE])";

export default function* main(argv: string[] = []): Program<void> {
  const began = yield* now();
  const path = argv[0] ?? `/tmp/genix-tour-${Math.floor((yield* random()) * 1e9)}.log`;
  console.log("genix: an operating system whose processes are generators");
  console.log("Four sights, all of them in this one process. It takes about five seconds.");

  const clients = yield* showServer();
  const pipeline = yield* showPipeline(path);
  yield* showTasks();
  yield* showRecursion();
  yield* showEnd(clients, pipeline);
  if (argv[0] === undefined) yield* unlink(path);

  const seconds = ((yield* now()) - began) / 1000;
  console.log(`\nThat was the tour: ${seconds.toFixed(1)} seconds.`);
}

function title(text: string): void {
  console.log(`\n${text}`);
}

function say(text: string): void {
  console.log(`   ${text}`);
}

// 1. A server and its clients.

/** Rounds of talk: how many there are, how many of them are heard here, and the ms between two. */
const ROUNDS = 10;
const ALOUD = 2;
const PAUSE = 500;

function* showServer(): Program<Pid<string>[]> {
  const listener = yield* Socket.listen(0);
  const address = yield* listener.address();
  title(`1. An echo server, with a task for every connection (nc ${ncArguments(address)})`);
  yield* spawn(serve(listener, echo), { name: "server", daemon: true, give: [listener.fd] });
  const clients: Pid<string>[] = [];
  for (const name of ["Ann", "Ben", "Cleo"]) {
    clients.push(yield* spawn(client(name, address), { name }));
  }
  yield* sleep(ALOUD * PAUSE);
  say("They go on talking while you see the rest.");
  return clients;
}

function* echo(connection: Socket): Program<void> {
  for (;;) {
    const bytes = yield* connection.recv();
    if (bytes.length === 0) return;
    yield* connection.send(bytes);
  }
}

function* client(name: string, address: Address): Program<string> {
  const socket = yield* Socket.connect(address);
  for (let round = 1; round <= ROUNDS; round++) {
    const words = `hello ${round} from ${name}`;
    yield* socket.send(words);
    const heard = decode(yield* socket.recv());
    if (heard !== words) throw new Error(`${name} said "${words}" and heard "${heard}"`);
    if (round <= ALOUD) say(`${name} hears "${heard}"`);
    yield* sleep(PAUSE);
  }
  return `${ROUNDS} answers`;
}

// 2. A pipeline over a file that grows.

const LOG = [
  "INFO  the server is up",
  "ERROR the tea is cold",
  "INFO  somebody called",
  "INFO  somebody called again",
  "ERROR the biscuits are finished",
  "INFO  nobody noticed",
  "ERROR somebody noticed",
  ...new Array<string>(8).fill("INFO  nothing to report"),
];

interface Pipeline {
  readonly writer: Pid<string>;
  readonly tail: Pid<never>;
  readonly grep: Pid<string>;
}

function* showPipeline(path: string): Program<Pipeline> {
  title(`2. tail -f ${path} | grep ERROR`);
  yield* close(yield* open(path, "w"));
  const [from, to] = yield* pipe();
  const tailPid = yield* spawn(tail(path, to), { name: "tail", give: [to] });
  const grepPid = yield* spawn(grep("ERROR", from), { name: "grep", give: [from] });
  const writerPid = yield* spawn(writer(path), { name: "writer" });
  // In between the others' rounds, so that ps will find them where they wait.
  yield* sleep(1530);
  say(`The writer has ${LOG.length} lines to write; grep lets through what it looks for.`);
  return { writer: writerPid, tail: tailPid, grep: grepPid };
}

function* writer(path: string): Program<string> {
  const file = yield* open(path, "a");
  for (const line of LOG) {
    yield* write(file, `${line}\n`);
    yield* sleep(200);
  }
  return `${LOG.length} lines`;
}

function* tail(path: string, to: Fd): Program<never> {
  const lines = yield* follow(path, { from: "start", every: 50 });
  for (;;) yield* write(to, `${yield* lines.next()}\n`);
}

function* grep(pattern: string, from: Fd): Program<string> {
  const lines = lineReader(from);
  let seen = 0;
  let found = 0;
  for (let line = yield* lines.next(); line !== undefined; line = yield* lines.next()) {
    seen += 1;
    if (!line.includes(pattern)) continue;
    found += 1;
    say(line);
  }
  return `${found} of ${seen} lines`;
}

// 3. The process table.

function* showTasks(): Program<void> {
  title("3. ps: every task at this moment, what it holds, and the call it waits in");
  say("PID  PPID  NAME     STATE    STEPS  HOLDS  WAITS IN");
  for (const task of yield* ps()) {
    const cells = [
      String(task.pid).padStart(3),
      String(task.ppid).padStart(4),
      task.name.padEnd(7),
      task.state.padEnd(7),
      String(task.steps).padStart(5),
      task.descriptors.join(",").padEnd(5),
      task.call ?? "",
    ];
    say(cells.join("  ").trimEnd());
  }
  yield* sleep(1000);
}

// 4. A deep recursion.

const DEPTH = 100_000;

function* showRecursion(): Program<void> {
  title("4. A recursion 100,000 calls deep");
  say(`1 + 2 + … + ${DEPTH} = ${yield* call(sum(DEPTH))}`);
  say("Its frames are on the task's own stack, and the others had their turns at every call.");
  yield* sleep(1000);
}

/** A call is a system call, so the processor's stack does not grow. */
function* sum(n: number): Program<number> {
  return n === 0 ? 0 : n + (yield* call(sum(n - 1)));
}

// And the end of it all.

function* showEnd(
  clients: readonly Pid<string>[],
  { writer, tail, grep }: Pipeline,
): Program<void> {
  title("And how it ends");
  for (const pid of [...clients, writer]) say(describe(yield* wait(pid)));
  yield* kill(tail, "TERM", "the tour is over");
  for (const pid of [tail, grep]) say(describe(yield* wait(pid)));
  say("The server is a daemon: it is told to stop when nobody else is left.");
}

function describe(end: ExitStatus<string>): string {
  return end.kind === "exited" ? `${end.name} has exited: ${end.value}` : describeExit(end);
}
