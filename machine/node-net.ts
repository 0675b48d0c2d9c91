// TCP and Unix-domain sockets of the host as devices.

import { connect, createServer, type NetConnectOpts, type Server, type Socket } from "node:net";
import { SystemError } from "../kernel";
import type { Address, Answer, Cancel, Device } from "../kernel";
import { toSystemError } from "./node-errors";
import { StreamDevice } from "./node-stream";

const DEFAULT_HOST = "127.0.0.1";

/** Connect to `address`. */
export function connectTo(address: Address, answer: Answer<Device>, news: () => void): Cancel {
  const socket = connect({ ...hostAddress(address), allowHalfOpen: true } as NetConnectOpts);
  const refused = (error: Error): void => {
    answer.fail(toSystemError(error));
    news();
  };
  socket.once("error", refused);
  socket.once("connect", () => {
    socket.off("error", refused);
    answer.done(new SocketDevice(`connection to ${describe(address)}`, socket, news));
    news();
  });
  return () => socket.destroy();
}

/** Listen at `address`. */
export function listenAt(address: Address, answer: Answer<Device>, news: () => void): Cancel {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.once("error", (error) => {
    answer.fail(toSystemError(error));
    news();
  });
  server.listen(hostAddress(address), () => {
    answer.done(new ListenDevice(boundAddress(server, address), server, news));
    news();
  });
  return () => server.close();
}

class SocketDevice extends StreamDevice {
  override readonly address: Address;

  constructor(name: string, socket: Socket, news: () => void) {
    super(name, socket, socket, news);
    const { localAddress, localPort } = socket;
    this.address =
      localPort === undefined
        ? { path: "" }
        : { port: localPort, host: localAddress ?? DEFAULT_HOST };
  }
}

/** A listening socket: connections wait in it until somebody accepts them. */
class ListenDevice implements Device {
  readonly name: string;
  readonly address: Address;
  readonly external = true;
  interrupt: () => void = () => {};
  readonly #server: Server;
  readonly #news: () => void;
  readonly #waiting: Socket[] = [];

  constructor(address: Address, server: Server, news: () => void) {
    this.name = `listening ${describe(address)}`;
    this.address = address;
    this.#server = server;
    this.#news = news;
    server.on("connection", (socket) => {
      this.#waiting.push(socket);
      // Until it is accepted nobody else listens to its errors.
      socket.on("error", () => {});
      this.interrupt();
      news();
    });
  }

  accept(): Device | undefined {
    const socket = this.#waiting.shift();
    if (socket === undefined) return undefined;
    const from =
      socket.remotePort === undefined ? "" : ` from ${socket.remoteAddress}:${socket.remotePort}`;
    return new SocketDevice(`connection${from} to ${describe(this.address)}`, socket, this.#news);
  }

  readable(): boolean {
    return this.#waiting.length > 0;
  }

  writable(): boolean {
    return false;
  }

  close(): void {
    for (const socket of this.#waiting) socket.destroy();
    this.#server.close();
  }
}

/** Of the path of a Unix-domain socket, in bytes: the host would cut off the rest in silence. */
const LONGEST_PATH = 107;

function hostAddress(address: Address): Address {
  if (!("path" in address)) return { host: DEFAULT_HOST, ...address };
  const length = Buffer.byteLength(address.path);
  if (length <= LONGEST_PATH) return address;
  const limit = `the path of a socket has at most ${LONGEST_PATH} bytes`;
  throw new SystemError("EINVAL", `${limit}, and this one ${length}`);
}

function boundAddress(server: Server, asked: Address): Address {
  const bound = server.address();
  if (bound === null || typeof bound === "string") return asked;
  return { port: bound.port, host: bound.address };
}

function describe(address: Address): string {
  return "path" in address ? address.path : `tcp ${address.host ?? DEFAULT_HOST}:${address.port}`;
}
