// The other end of cli/top/observe.ts: asks a program for reports. At most one question is under
// way, so a program that is slow to answer is not asked again meanwhile.

import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseReport, type Query, type Report } from "../../debugger";

/** No report is longer, in characters. */
const LONGEST = 16 * 2 ** 20;
/** How often to try whether a program listens already, in milliseconds. */
const TRY = 25;

export class TopClient {
  onReport: (report: Report) => void = () => {};
  /** It answers no more: the program has ended, or it has said why. */
  onEnd: (complaint: string | undefined) => void = () => {};
  readonly #socket: Socket;
  #input = "";
  #asked: number | null = null;
  #next: Query | null = null;
  #complaint: string | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#receive(text));
    socket.on("error", () => {});
    socket.on("close", () => this.onEnd(this.#complaint));
  }

  /** Rejects with what the host says if nobody listens at `path`. */
  static connect(path: string): Promise<TopClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(path, () => {
        socket.off("error", reject);
        resolve(new TopClient(socket));
      });
      socket.once("error", reject);
    });
  }

  /** As soon as somebody listens at `path`; undefined if `ended` settles before. */
  static async await(path: string, ended: Promise<unknown>): Promise<TopClient | undefined> {
    let over = false;
    void ended.then(() => (over = true));
    while (!over) {
      const client = await TopClient.connect(path).catch(() => undefined);
      if (client !== undefined) return client;
      await Promise.race([sleep(TRY), ended]);
    }
    return undefined;
  }

  /** How long the question that is under way has had no answer, in milliseconds. */
  get silence(): number {
    return this.#asked === null ? 0 : performance.now() - this.#asked;
  }

  /** The answer comes to `onReport`. Of questions that come before it, the last is asked then. */
  ask(query: Query): void {
    if (this.#asked !== null) {
      this.#next = query;
      return;
    }
    this.#asked = performance.now();
    const { sort, reverse, tree, filter, offset, limit, queues } = query;
    const question = { sort, reverse, tree, filter, offset, limit, queues };
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(question)}\n`);
  }

  close(): void {
    this.onReport = () => {};
    this.onEnd = () => {};
    this.#socket.destroy();
  }

  #receive(text: string): void {
    this.#input += text;
    for (let end = this.#input.indexOf("\n"); end >= 0; end = this.#input.indexOf("\n")) {
      const line = this.#input.slice(0, end);
      this.#input = this.#input.slice(end + 1);
      this.#take(parseReport(line));
    }
    if (this.#input.length > LONGEST) this.#take("its answer has no end");
  }

  #take(answer: Report | string): void {
    this.#asked = null;
    if (typeof answer === "string") {
      this.#complaint ??= answer;
      this.#socket.destroy();
      return;
    }
    const next = this.#next;
    this.#next = null;
    this.onReport(answer);
    if (next !== null) this.ask(next);
  }
}
