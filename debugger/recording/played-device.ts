// A device of a recorded run: does what it did, without whatever was behind it.

import { checksum, toBytes } from "./bytes";
import { decode } from "./values";
import type { Address, Device } from "../../kernel";
import type { MadeDevice } from "./format";
import type { Player } from "./player";
import { otherBytes } from "./written";

export class PlayedDevice implements Device {
  readonly name: string;
  readonly external: boolean;
  readonly address?: Address;
  interrupt = (): void => {};
  readonly read?: NonNullable<Device["read"]>;
  readonly write?: NonNullable<Device["write"]>;
  readonly accept?: NonNullable<Device["accept"]>;
  readonly status?: NonNullable<Device["status"]>;
  readonly #player: Player;
  readonly #number: number;
  readonly #stream: "stdout" | "stderr" | null;

  /** What is written to it goes to `stream`, if there is one. */
  constructor(
    player: Player,
    number: number,
    { name, external, address, can }: Omit<MadeDevice, "device">,
    stream: "stdout" | "stderr" | null,
  ) {
    this.#player = player;
    this.#number = number;
    this.#stream = stream;
    this.name = name;
    this.external = external;
    if (address !== undefined) this.address = address;
    if (can.includes("read")) this.read = () => this.#read();
    if (can.includes("write")) this.write = (bytes) => this.#write(bytes);
    if (can.includes("accept")) this.accept = () => this.#accept();
    if (can.includes("status")) this.status = (answer) => void player.ask(answer);
  }

  #read(): Uint8Array | undefined {
    const reply = this.#player.reply("read", this.#number);
    if (reply === null || "nothing" in reply) return undefined;
    if ("error" in reply) throw decode(reply.error);
    return toBytes(reply);
  }

  #write(bytes: Uint8Array): number {
    const reply = this.#player.reply("write", this.#number);
    if (reply === null) return bytes.length;
    if ("error" in reply) throw decode(reply.error);
    const taken = bytes.subarray(0, reply.took);
    const same = taken.length === reply.took && checksum(taken) === reply.sum;
    // What differs is shown as it is, and not as far as it would have been taken.
    const written = same ? taken : bytes;
    if (this.#stream !== null) this.#player.output(written, this.#stream);
    if (!same) this.#player.differ(otherBytes(this.name, reply, written));
    return written.length;
  }

  #accept(): Device | undefined {
    const reply = this.#player.reply("accept", this.#number);
    if (reply === null || "nothing" in reply) return undefined;
    if ("error" in reply) throw decode(reply.error);
    return "made" in reply ? this.#player.device(reply.made) : undefined;
  }

  readable(): boolean {
    return this.#player.reply("readable", this.#number)?.is ?? false;
  }

  writable(): boolean {
    return this.#player.reply("writable", this.#number)?.is ?? false;
  }

  close(): void {
    this.#player.catchUp();
  }
}
