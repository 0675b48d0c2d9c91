// Files in memory, for the virtual machine: a map of paths, without directories.

import { SystemError, type Answer, type Device, type FileStatus, type OpenFlags } from "../kernel";

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

export type MemoryFiles = Map<string, MemoryFile>;

export class MemoryFile {
  bytes: Uint8Array;

  constructor(content: string | Uint8Array = "") {
    this.bytes = typeof content === "string" ? new TextEncoder().encode(content) : content.slice();
  }
}

/** Open `path` among `files` as fopen would. Throws ENOENT, EEXIST. */
export function openFile(files: MemoryFiles, path: string, flags: OpenFlags): Device {
  let file = files.get(path);
  if (file === undefined && flags.startsWith("r")) {
    throw new SystemError("ENOENT", `there is no file ${path}`);
  }
  if (file !== undefined && flags.endsWith("x")) {
    throw new SystemError("EEXIST", `there is a file ${path} already`);
  }
  if (file === undefined || flags.startsWith("w")) {
    file ??= new MemoryFile();
    file.bytes = new Uint8Array(0);
    files.set(path, file);
  }
  return new OpenFile(path, file, flags);
}

class OpenFile implements Device {
  readonly name: string;
  readonly external = false;
  interrupt = (): void => {};
  readonly #file: MemoryFile;
  readonly #flags: OpenFlags;
  #position = 0;

  constructor(path: string, file: MemoryFile, flags: OpenFlags) {
    this.name = `file ${path}`;
    this.#file = file;
    this.#flags = flags;
  }

  read(max: number): Uint8Array {
    if (!this.#flags.startsWith("r") && !this.#flags.endsWith("+")) {
      throw new SystemError("EBADF", `${this.name} is open for writing only`);
    }
    const bytes = this.#file.bytes.slice(this.#position, this.#position + max);
    this.#position += bytes.length;
    return bytes;
  }

  write(bytes: Uint8Array): number {
    if (this.#flags === "r")
      throw new SystemError("EBADF", `${this.name} is open for reading only`);
    const old = this.#file.bytes;
    const at = this.#flags.startsWith("a") ? old.length : this.#position;
    const grown = new Uint8Array(Math.max(old.length, at + bytes.length));
    grown.set(old);
    grown.set(bytes, at);
    this.#file.bytes = grown;
    this.#position = at + bytes.length;
    return bytes.length;
  }

  status(answer: Answer<FileStatus>): void {
    answer.done({ size: this.#file.bytes.length });
  }

  readable(): boolean {
    return true;
  }

  writable(): boolean {
    return true;
  }

  close(): void {}
}
