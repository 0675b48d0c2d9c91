// A recording as a file, while it is written. What cannot be written later is said at once: nobody
// wants to hear of a full disk at the end.

import { closeSync, fstatSync, ftruncateSync, readFileSync, writeSync } from "node:fs";
import { createHash } from "node:crypto";
// Not those of the global object, where a program may put its own.
import { clearTimeout, setTimeout } from "node:timers";
import { encode, Recorder, VERSION, type Coded, type Header } from "../debugger";
import type { Kernel } from "../kernel";
import type { MachineWrapper, Host } from "../machine";
import { version } from "./copies";
import { complain } from "./misuse";
import { openOutput, recordingKind } from "./output-file";

/** So many characters are kept before they are written. */
const FULL = 65536;
/** What a step adds stays so long in memory at most, in milliseconds, if the host gets a turn. */
const LATEST = 100;

export class RecordingFile {
  readonly #path: string;
  #fd: number | null;
  /** How much was written to it, in bytes; null for what is no file, as a pipe. */
  #size: number | null = null;
  #text = "";
  #recorder: Recorder | null = null;
  #kernel: Kernel | null = null;
  /** Has something come from outside that is not written yet? */
  #urgent = false;
  #timer: NodeJS.Timeout | null = null;
  /** A value of the host's that came several times in a row. */
  #repeated: { at: number; host: string; value: Coded; times: number } | null = null;
  readonly #onExit = (exit: number): void => this.#close(() => this.#recorder?.leave(exit));

  /** Throws a Misuse when there can be no such file. */
  constructor(path: string) {
    this.#path = path;
    this.#fd = openOutput(path, recordingKind);
    process.on("exit", this.#onExit);
  }

  /** Comes between a machine and its kernel. */
  wrap(virtual: boolean): MachineWrapper {
    return (machine) => {
      this.#recorder = new Recorder(machine, virtual, (line, fromOutside) => {
        this.#settle();
        this.#write(line);
        this.#urgent ||= fromOutside && !virtual;
      });
      return this.#recorder;
    };
  }

  /**
   * Now the program is known, and has made no step. `watchful`: look at the beginning and the end
   * of each step, to note how long it took, and to write before it what came from outside.
   */
  begin(
    host: Host,
    header: Omit<Header, "genix" | "version" | "versions">,
    watchful: boolean = false,
  ): void {
    const versions = { genix: version(), node: process.version };
    this.#settle();
    // Of the host's values that the program asked for before it ran.
    const early = this.#text;
    this.#text = "";
    // Not before: a program that cannot be loaded shall not cost the recording of its last run.
    if (this.#fd !== null && fstatSync(this.#fd).isFile()) {
      ftruncateSync(this.#fd);
      this.#size = 0;
    }
    this.#write(
      `${JSON.stringify({ genix: "recording", version: VERSION, versions, ...header })}\n`,
    );
    this.#write(early);
    this.#kernel = host.kernel;
    // What came from outside is in the file before a step that it leads to, which may never end.
    if (watchful) host.kernel.attach({ resume: () => this.#urgent && this.#store() });
    this.#recorder?.begin(host, watchful);
    // Whoever is killed the next moment has a recording all the same.
    this.#store();
  }

  /** What `host` came to, or what it was told. */
  hostValue(host: string, told: unknown): void {
    if (this.#recorder?.beyond === true) return;
    const value = encode(told);
    const at = this.#kernel?.steps ?? 0;
    const last = this.#repeated;
    if (last !== null && last.at === at && last.host === host && Object.is(last.value, value)) {
      last.times += 1;
      return;
    }
    this.#settle();
    this.#repeated = { at, host, value, times: 1 };
  }

  get recorder(): Recorder | null {
    return this.#recorder;
  }

  /** Write what is not written yet. */
  flush(): void {
    this.#settle();
    this.#recorder?.flush();
    this.#store();
  }

  /** There will be no more; the exit code is `exit`. */
  end(exit?: number): void {
    this.#close(() => this.#recorder?.end(exit));
  }

  #close(end: () => void): void {
    // A program that cannot be loaded has no recording, nor shall it cost that of its last run.
    if (this.#kernel === null) return;
    this.#settle();
    end();
    this.#store();
    process.off("exit", this.#onExit);
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #settle(): void {
    const { at, host, value, times } = this.#repeated ?? { times: 0 };
    this.#repeated = null;
    if (times > 0) this.#write(`${JSON.stringify({ at, host, value, times })}\n`);
  }

  #write(text: string): void {
    this.#text += text;
    if (this.#kernel === null) return;
    if (this.#text.length >= FULL) this.#store();
    else this.#timer ??= setTimeout(() => this.flush(), LATEST).unref();
  }

  #store(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#urgent = false;
    const text = this.#text;
    this.#text = "";
    if (this.#fd === null || text === "") return;
    try {
      this.#append(this.#fd, Buffer.from(text));
    } catch (error) {
      complain(`the recording ends here: ${this.#path}: ${(error as Error).message}`);
      closeSync(this.#fd);
      this.#fd = null;
    }
  }

  #append(fd: number, bytes: Buffer): void {
    if (this.#size !== null && fstatSync(fd).size !== this.#size) {
      throw new Error("somebody else writes to it, too");
    }
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(writeSync(fd, rest));
    if (this.#size !== null) this.#size += bytes.length;
  }
}

/** SHA-256 of each file, by path; "" for one that cannot be read. */
export function hashes(files: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map((file) => [file, hashOf(file)]));
}

function hashOf(file: string): string {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    return "";
  }
}
