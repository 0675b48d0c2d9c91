// What a new thread or process runs first: it joins the guest's module to the stream that leads to
// its launcher. Started by node-guest.ts and by nothing else.

import { createRequire } from "node:module";
import { Socket } from "node:net";
import { resolve } from "node:path";
import type { Duplex } from "node:stream";
// Not those of the global object, where the guest's module may put its own.
import { setTimeout } from "node:timers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isMainThread, workerData, type MessagePort } from "node:worker_threads";
import { SystemError } from "../kernel/errno";
import type { GuestHost, GuestMain } from "../kernel/machine";
import { PortStream } from "./guest-port";

/** Modules are known by path only now. */
const load = createRequire(__filename);

/** How long what the guest left behind (timers, open files) may keep it alive, in milliseconds. */
const GRACE = 2000;

/** Where the stream of a process begins: after stdin, stdout and stderr. */
const STREAM_FD = 3;

/** What a guest is started with. */
export interface GuestData {
  readonly module: string;
  /** A module whose `loadModule` loads modules, or "". */
  readonly loader: string;
}

/** What a thread is started with; a process has the first two as its arguments. */
export interface ThreadData extends GuestData {
  readonly port: MessagePort;
}

function main(): void {
  process.setSourceMapsEnabled(true);
  if (isMainThread) {
    // Ctrl-C goes to every process at the terminal. How this one ends is for its launcher to say.
    process.on("SIGINT", () => {});
    const [, , module = "", loader = ""] = process.argv;
    run({ module, loader }, new Socket({ fd: STREAM_FD }));
  } else {
    const data = workerData as ThreadData;
    run(data, new PortStream(data.port));
  }
}

function run({ module, loader }: GuestData, stream: Duplex): void {
  const { guest: begin } = load(module) as { guest: GuestMain };
  const guest = begin(hostOf(stream, loader));
  let open = true;
  const gone = (): void => {
    if (open) guest.hangUp();
    open = false;
  };
  stream.on("data", (bytes: Uint8Array) => guest.receive(bytes));
  stream.on("end", gone);
  stream.on("close", gone);
  // A launcher that has died is no error here: "close" follows.
  stream.on("error", () => {});
}

function hostOf(stream: Duplex, loader: string): GuestHost {
  return {
    send: (bytes) => void stream.write(bytes),
    load: (module, done, failed) => void loadModule(module, loader).then(done, failed),
    report: (message) => void process.stderr.write(`genix: ${message}\n`),
    end: () => {
      // It ends by itself as soon as nothing is left to do, so that no output is lost.
      stream.end(() => stream.destroy());
      setTimeout(() => process.exit(), GRACE).unref();
    },
  };
}

type Loader = { loadModule(file: string): Promise<unknown> };

async function loadModule(module: string, loader: string): Promise<unknown> {
  const file = locate(module.startsWith("file:") ? fileURLToPath(module) : resolve(module));
  if (loader !== "") return (load(loader) as Loader).loadModule(file);
  try {
    return load(file) as unknown;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code !== "ERR_REQUIRE_ESM") throw error;
    return import(pathToFileURL(file).href);
  }
}

function locate(path: string): string {
  try {
    return load.resolve(path);
  } catch {
    throw new SystemError("ENOENT", `there is no module ${path}`);
  }
}

main();
