// What several demos need besides system calls: the line that a task's end prints, a start in the
// same round, a line with the time, and the arguments of a server.

import { now, spawn, TaskLocal, yieldCpu, type Address, type Pid, type Program } from "../syscalls";

/** Spawn `program` as a task that says "Task N terminated" when it ends, in whichever way. */
export function* start(program: () => Program, rounds = 0): Program<Pid> {
  const self = { pid: 0 };
  self.pid = yield* spawn(announced(program, self, rounds), { name: program.name });
  return self.pid;
}

/**
 * Start all of `programs` so that they begin in the same round. `spawn` is a trap like any other:
 * each time the parent makes one more task, those it made before have a turn. They let it pass.
 */
export function* startTogether(...programs: (() => Program)[]): Program<Pid[]> {
  const pids: Pid[] = [];
  let rounds = programs.length;
  for (const program of programs) pids.push(yield* start(program, --rounds));
  return pids;
}

function* announced(program: () => Program, self: { pid: Pid }, rounds: number): Program<void> {
  try {
    for (let i = 0; i < rounds; i++) yield* yieldCpu();
    yield* program();
  } finally {
    console.log(`Task ${self.pid} terminated`);
  }
}

/** When the demo began. Tasks inherit it. */
const began = new TaskLocal(0);

/** From now on `say` counts the time, for the caller and the tasks that it starts. */
export function* startClock(): Program<void> {
  yield* began.set(yield* now());
}

/** How long ago that was, in whole milliseconds. */
export function* elapsed(): Program<number> {
  return Math.round((yield* now()) - (yield* began.get()));
}

/** Print `text` with the time: `  30 ms  text`. */
export function* say(text: string): Program<void> {
  console.log(`${String(yield* elapsed()).padStart(4)} ms  ${text}`);
}

/** The arguments of a server: `[port] [--clients N]`. */
export interface ServerOptions {
  /** 0, the default, lets the machine choose one. */
  readonly port: number;
  /** Serve so many clients of its own, and end; undefined: serve until it is killed. */
  readonly clients: number | undefined;
}

export function serverOptions(argv: readonly string[]): ServerOptions {
  const flag = argv.indexOf("--clients");
  if (flag < 0) return { port: toNumber(argv[0] ?? "0"), clients: undefined };
  const [port = "0"] = argv.filter((_, i) => i !== flag && i !== flag + 1);
  return { port: toNumber(port), clients: toNumber(argv[flag + 1] ?? "1") };
}

/** The port of `[--serve PORT]`; undefined: the demo is to show itself, and end. */
export function servedPort([flag, port]: readonly string[]): number | undefined {
  if (flag === undefined) return undefined;
  if (flag === "--serve" && port !== undefined && /^\d+$/.test(port)) return Number(port);
  throw new RangeError(`usage: [--serve PORT], and not ${flag}`);
}

function toNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new RangeError(`${JSON.stringify(text)} is no number; usage: [port] [--clients N]`);
}

/** Where to reach a socket, as `nc` wants it: `127.0.0.1 8000`. */
export function ncArguments(address: Address): string {
  return "path" in address
    ? `-U ${address.path}`
    : `${address.host ?? "127.0.0.1"} ${address.port}`;
}
