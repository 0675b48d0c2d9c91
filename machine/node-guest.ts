// Guests: programs in a thread or process of their own, each behind a byte stream; the far end is
// guest.ts. A guest lives no longer than its descriptor: when that closes it is asked to end, and
// made to if it does not.

import { spawn } from "node:child_process";
import { extname, join } from "node:path";
import { Readable, Writable, type Duplex } from "node:stream";
// Not those of the global object, where a program may put its own.
import { clearTimeout, setTimeout } from "node:timers";
import { MessageChannel, Worker } from "node:worker_threads";
import type { Answer, Cancel, Device, Launch } from "../kernel";
import type { GuestData, ThreadData } from "./guest";
import { waitForEnd } from "./ending";
import { PortStream } from "./guest-port";
import { toSystemError } from "./node-errors";
import { StreamDevice } from "./node-stream";

/** How long a guest may take to end when its descriptor is closed, in milliseconds. */
const GRACE = 3000;

const extension = extname(__filename);
const entry = join(__dirname, `guest${extension}`);
/** Run from its sources, the far end has to learn TypeScript first. */
const sourceFlags =
  extension === ".ts" ? ["-r", join(__dirname, "..", "scripts", "from-source.js")] : null;

/**
 * Start a guest and answer with the device that leads to it. `loader` is a module whose export
 * `loadModule(file)` loads modules over there, as a promise; without one Node does it alone.
 */
export function launchGuest(
  what: Launch,
  answer: Answer<Device>,
  news: () => void,
  loader = "",
): Cancel {
  const data = { module: what.module, loader };
  const started = (guest: Guest): void => answer.done(new GuestDevice(guest, news));
  if (what.kind === "thread") {
    const guest = startThread(data);
    started(guest);
    return guest.stop;
  }
  const guest = startProcess(data, (error) => {
    if (error === null) started(guest);
    else answer.fail(toSystemError(error));
    news();
  });
  return guest.stop;
}

/** A guest as its device sees it. */
interface Guest {
  readonly name: string;
  readonly stream: Duplex;
  /** Resolves when it has ended: to undefined if in peace, else to how it died. */
  readonly ended: Promise<string | undefined>;
  /** End it now. */
  readonly stop: () => void;
}

function startThread(data: GuestData): Guest {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(entry, {
    workerData: { ...data, port: port2 } satisfies ThreadData,
    transferList: [port2],
    ...(sourceFlags === null ? {} : { execArgv: sourceFlags }),
  });
  const name = `thread ${worker.threadId}`;
  let crash: string | undefined;
  worker.once("error", (error) => (crash = `${name} crashed: ${describe(error)}`));
  return {
    name,
    stream: new PortStream(port1),
    ended: new Promise((resolve) => {
      worker.once("exit", (code) => resolve(crash ?? describeExit(name, code)));
    }),
    stop: () => void worker.terminate(),
  };
}

function startProcess(
  { module, loader }: GuestData,
  started: (error: Error | null) => void,
): Guest {
  const flags = sourceFlags ?? inheritedFlags();
  const child = spawn(process.execPath, [...flags, entry, module, loader], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  child.once("spawn", () => started(null));
  child.once("error", started);
  const name = `process ${child.pid}`;
  return {
    name,
    stream: child.stdio[3] as unknown as Duplex,
    ended: new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve(describeExit(name, code, signal)));
    }),
    stop: () => void child.kill("SIGKILL"),
  };
}

/** The flags this process was started with, but for a program in them (`node -e …`). */
function inheritedFlags(): string[] {
  const at = process.execArgv.findIndex((flag) => /^(-[ep]|-pe|--eval|--print)$/.test(flag));
  return process.execArgv.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
}

function describeExit(name: string, code: number | null, signal: string | null = null) {
  if (signal !== null) return `${name} was killed with ${signal}`;
  return code === 0 ? undefined : `${name} exited with code ${code}`;
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const place = /^ +at (?!.*\(?node:).*/m.exec(thrown.stack ?? "")?.[0].trim() ?? "";
  return `${thrown.name}: ${thrown.message} ${place}`.trim();
}

class GuestDevice extends StreamDevice {
  readonly #guest: Guest;

  constructor(guest: Guest, news: () => void) {
    const { name, stream } = guest;
    // Why the stream broke is told by how the guest ended.
    stream.on("error", () => {});
    const input = Readable.from(outputOf(guest), { objectMode: false });
    const output = new Writable({
      write: (chunk, _encoding, done) => void stream.write(chunk, () => done()),
      final: (done) => void stream.end(() => done()),
    });
    // All it said has been read: only now may writing fail, so that a writer who then reads learns
    // why.
    input.once("close", () => output.destroy());
    super(name, input, output, news);
    this.#guest = guest;
  }

  /** The guest reads the end of the stream; if it is stuck and does not, it has no say in it. */
  override close(): void {
    super.close();
    const { ended, stop, stream } = this.#guest;
    const timer = setTimeout(stop, GRACE);
    const end = ended.then(() => {
      clearTimeout(timer);
      stream.destroy();
    });
    waitForEnd(end);
  }
}

/** What the guest sends; ends when the guest has ended in peace, or throws how it died. */
async function* outputOf({ stream, ended }: Guest): AsyncGenerator<Uint8Array, void> {
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch {
    // As above.
  }
  const death = await ended;
  if (death !== undefined) throw Object.assign(new Error(death), { code: "ECONNRESET" });
}
