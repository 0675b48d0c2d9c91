// One client at the other end of two streams, from its first byte until it has left.

import type { Readable, Writable } from "node:stream";
import { Adapter } from "./adapter";
import { framed, Framing } from "./framing";
import type { Open } from "./target";

/**
 * What a client says first, in whatever case. A web page can make a browser connect to a port of
 * this host, and must not be served.
 */
const FIRST = "content-length:";

export interface Visit {
  /** Resolves when the client has left, and what it debugged has ended. */
  readonly over: Promise<void>;
  /** See the client out. */
  readonly end: () => void;
}

/** Serve the client that writes `input` and reads `output`. */
export function serveStreams(input: Readable, output: Writable, open: Open): Visit {
  const adapter = new Adapter(open);
  const framing = new Framing(
    (message) => adapter.handleMessage(message),
    (text) => adapter.say(text),
  );
  adapter.onDidSendMessage((message) => void output.write(framed(message)));
  let end = (): void => {};
  const over = new Promise<void>((resolve) => {
    end = () => void adapter.close().finally(resolve);
  });
  adapter.onDisconnect = end;
  let first = "";
  input.on("data", (chunk: Buffer) => {
    const missing = FIRST.length - first.length;
    first += chunk.toString("latin1", 0, missing).toLowerCase();
    if (FIRST.startsWith(first)) return framing.push(chunk);
    adapter.say("this is no client of the Debug Adapter Protocol");
    end();
  });
  for (const name of ["end", "close", "error"]) input.on(name, end);
  output.on("error", end);
  return { over, end };
}
