// What comes out of a process through a pipe, as text.

import type { Readable } from "node:stream";

/** So many of the last characters are remembered. */
const TAIL = 4096;

export class Output {
  tail = "";
  #bytes = 0;
  #closed = false;
  #waiting: (() => void)[] = [];

  constructor(stream: Readable | null, onText: (text: string) => void) {
    const decoder = new TextDecoder();
    stream?.on("data", (bytes: Buffer) => {
      this.#bytes += bytes.length;
      const text = decoder.decode(bytes, { stream: true });
      this.tail = (this.tail + text).slice(-TAIL);
      onText(text);
      this.#news();
    });
    stream?.on("close", () => {
      this.#closed = true;
      this.#news();
    });
  }

  /** Resolves when so many bytes have come, or no more will. */
  async until(bytes: number): Promise<void> {
    while (this.#bytes < bytes && !this.#closed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #news(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
