// Messages of the Debug Adapter Protocol in a stream of bytes: a header with the length, then that
// much JSON. What is no message is skipped and told, so that one stray byte does not make the rest
// unreadable. Knows nothing of what the messages mean.

import type { DebugProtocol } from "@vscode/debugprotocol";

const HEADER = /Content-Length: *(\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/i;
/** Nobody has more to say to a debugger: a longer one is a damaged header. */
const MOST_BYTES = 16 * 1024 * 1024;
/** As long as a header may be that has not come in full. */
const HEADER_BYTES = 4096;

export class Framing {
  readonly #onMessage: (message: DebugProtocol.Request) => void;
  readonly #onDamage: (text: string) => void;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes of the message that has begun, or -1 while its header has not come. */
  #length = -1;

  constructor(
    onMessage: (message: DebugProtocol.Request) => void,
    onDamage: (text: string) => void,
  ) {
    this.#onMessage = onMessage;
    this.#onDamage = onDamage;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#length < 0 ? this.#header() : this.#body());
  }

  /** Take a header off what has come; false if there is none yet. */
  #header(): boolean {
    const rest = this.#all();
    const match = HEADER.exec(rest.toString("latin1"));
    if (match === null) {
      const spare = rest.length - HEADER_BYTES;
      if (spare > 0) this.#skip(spare);
      return false;
    }
    if (match.index > 0) this.#skip(match.index);
    this.#take(match[0].length);
    const length = Number(match[1]);
    if (length <= MOST_BYTES) this.#length = length;
    else this.#onDamage(`a message of ${match[1]} bytes is too long, and was not waited for`);
    return true;
  }

  #body(): boolean {
    if (this.#size < this.#length) return false;
    const text = this.#take(this.#length).toString("utf8");
    this.#length = -1;
    const message = requestIn(text);
    if (message !== undefined) this.#onMessage(message);
    else this.#onDamage(`no request of the protocol, and left out: ${text.slice(0, 100)}`);
    return true;
  }

  #skip(bytes: number): void {
    this.#take(bytes);
    this.#onDamage(`${bytes} bytes that are no message were skipped`);
  }

  /** Joined only when looked at: a long message comes in many chunks. */
  #all(): Buffer {
    const all = this.#chunks.length === 1 ? this.#chunks[0] : undefined;
    const joined = all ?? Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }

  #take(bytes: number): Buffer {
    const all = this.#all();
    this.#chunks = [all.subarray(bytes)];
    this.#size -= bytes;
    return all.subarray(0, bytes);
  }
}

/** The request that `text` is. */
function requestIn(text: string): DebugProtocol.Request | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRequest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRequest(value: unknown): value is DebugProtocol.Request {
  if (typeof value !== "object" || value === null) return false;
  const { type, seq, command } = value as Partial<DebugProtocol.Request>;
  return type === "request" && Number.isInteger(seq) && typeof command === "string";
}

/** The bytes of a message that is sent. */
export function framed(message: unknown): string {
  const json = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}
