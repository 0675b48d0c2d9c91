// `genix run --observe`: answers questions about the program on a Unix-domain socket. Of an answer
// that has not been taken yet none is made anew, so a slow client costs one answer's memory; a
// client that is gone costs nothing.

import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { Observer, parseQuery, type Query, type Viewer } from "../../debugger";
import type { Kernel } from "../../kernel";
import { Misuse } from "../misuse";
import { clear, observed, socketOf } from "./sockets";

/** A question is never longer, in characters. */
const LONGEST = 4096;
/** More clients at once are refused. */
const CLIENTS = 16;

export class ObserverServer {
  readonly #observer: Observer;
  readonly #server: Server;
  readonly #path: string;
  readonly #clients = new Set<Client>();
  readonly #remove = (): void => rmSync(this.#path, { force: true });

  private constructor(observer: Observer, path: string) {
    this.#observer = observer;
    this.#path = path;
    this.#server = createServer((socket) => this.#admit(socket));
    process.on("exit", this.#remove);
  }

  /**
   * Observe `kernel`, and listen at `path`; at the usual place if that is "". Keeps neither the
   * process nor the host's event loop from ending.
   */
  static async listen(kernel: Kernel, program: string, path: string): Promise<ObserverServer> {
    observed(); // Cleans up.
    const socket = path === "" ? socketOf() : path;
    await clear(socket);
    const server = new ObserverServer(new Observer(kernel, program, vitals), socket);
    await server.#listen();
    return server;
  }

  #listen(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#server.once("error", (error) => {
        reject(new Misuse(`cannot listen at ${this.#path}: ${error.message}`));
      });
      // It is made with these rights, so there is no moment at which others could connect.
      const mask = process.umask(0o177);
      this.#server.listen(this.#path, () => resolve());
      process.umask(mask);
      this.#server.unref();
    }).then(() => chmodSync(this.#path, 0o600));
  }

  /** The program has ended: tell the clients. */
  stop(): void {
    for (const client of this.#clients) client.end();
    this.#server.close();
    this.#observer.stop();
    process.off("exit", this.#remove);
    this.#remove();
  }

  #admit(socket: Socket): void {
    socket.unref();
    socket.on("error", () => {});
    if (this.#clients.size >= CLIENTS) {
      socket.end(refusal(`${CLIENTS} others look at it already`));
      return;
    }
    const viewer = this.#observer.join();
    const client = new Client(socket, viewer);
    this.#clients.add(client);
    socket.on("close", () => {
      this.#clients.delete(client);
      this.#observer.leave(viewer);
    });
  }
}

class Client {
  readonly #socket: Socket;
  readonly #viewer: Viewer;
  #input = "";
  /** The latest question that has no answer yet, or what was wrong with it. */
  #asked: Query | string | null = null;

  constructor(socket: Socket, viewer: Viewer) {
    this.#socket = socket;
    this.#viewer = viewer;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#receive(text));
    socket.on("drain", () => this.#answer());
  }

  end(): void {
    this.#socket.end();
  }

  #receive(text: string): void {
    const lines = (this.#input + text).split("\n");
    this.#input = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") this.#asked = parseQuery(line);
    if (this.#input.length > LONGEST) {
      this.#socket.end(refusal(`a question has at most ${LONGEST} characters`));
      this.#socket.removeAllListeners("data").resume();
      this.#asked = null;
    }
    this.#answer();
  }

  #answer(): void {
    const asked = this.#asked;
    if (asked === null || this.#socket.writableLength > 0 || !this.#socket.writable) return;
    this.#asked = null;
    const text =
      typeof asked === "string" ? refusal(asked) : `${JSON.stringify(this.#viewer.look(asked))}\n`;
    this.#socket.write(text);
  }
}

function refusal(error: string): string {
  return `${JSON.stringify({ error })}\n`;
}

function vitals(): ReturnType<Observer["vitals"]> {
  const { heapUsed, heapTotal } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { heapUsed, heapTotal, cpu: (user + system) / 1000 };
}
