// The two ways to a client: the standard streams, or a port of the loopback interface, which takes
// one client at a time, and the next when it has left. Ctrl-C ends either.

import { createServer, type AddressInfo, type Socket } from "node:net";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { Misuse } from "../misuse";
import { framed, Framing } from "./framing";
import { serveStreams, type Visit } from "./streams";
import { open, type Open } from "./target";

/** Whoever reaches the port can run programs: nobody but this host may. */
const LOOPBACK = "127.0.0.1";
const BUSY = "genix: another client is debugging here; try again when it has left";
/** How long one that is refused may take to ask, in milliseconds. */
const SILENCE = 2000;

/** Serve whoever comes to `port`, or without one, who is at the standard streams. */
export async function serve(port: number | undefined): Promise<void> {
  const served =
    port === undefined
      ? serveStreams(process.stdin, process.stdout, open)
      : await servePort(port, open, (text) => console.log(text));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, served.end);
  await served.over;
  for (const signal of signals) process.off(signal, served.end);
}

/** Serve one client after the other at the port, or if it is 0, at one that is free. */
export async function servePort(
  port: number,
  open: Open,
  announce: (text: string) => void,
): Promise<Visit> {
  let guest: Visit | null = null;
  const server = createServer((socket) => {
    if (guest !== null) return refuse(socket);
    // Answers and events are short, and many: none should wait to be sent with the next.
    socket.setNoDelay(true);
    guest = serveStreams(socket, socket, open);
    void guest.over.then(() => {
      guest = null;
      socket.destroySoon();
    });
  });
  const over = new Promise<void>((resolve) => server.on("close", resolve));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(new Misuse(`cannot listen on port ${port}: ${error.message}`)),
    );
    server.listen(port, LOOPBACK, resolve);
  });
  announce(`genix dap listens on ${LOOPBACK}:${(server.address() as AddressInfo).port}`);
  const end = (): void => {
    server.close();
    guest?.end();
  };
  return { over, end };
}

/** Clients show why their first request failed. */
function refuse(socket: Socket): void {
  const body = { error: { id: 1, format: BUSY, showUser: true } };
  const refusal = { seq: 1, type: "response", success: false, message: BUSY, body };
  const answer = ({ seq, command }: DebugProtocol.Request): void =>
    void socket.end(framed({ ...refusal, request_seq: seq, command }));
  const framing = new Framing(answer, () => {});
  socket.on("data", (chunk) => framing.push(chunk)).on("error", () => {});
  socket.setTimeout(SILENCE, () => socket.destroy());
}
