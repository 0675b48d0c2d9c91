// A device with a recorder between it and the kernel.

import { checksum, fromBytes } from "./bytes";
import { codedError, valueOutcome } from "./outcomes";
import type { Coded } from "./values";
import { beginning } from "./written";
import type { Answer, Device, FileStatus } from "../../kernel";
import type { MadeDevice } from "./format";
import type { Recorder } from "./recorder";

/** What is written to them is for people to see. */
const OUTPUT: readonly string[] = ["stdout", "stderr"];

export class RecordedDevice implements Device {
  readonly name: string;
  readonly external: boolean;
  readonly address?: NonNullable<Device["address"]>;
  interrupt = (): void => {};
  // Each only if the device has it: the kernel asks what a device can do by looking.
  readonly read?: NonNullable<Device["read"]>;
  readonly write?: NonNullable<Device["write"]>;
  readonly accept?: NonNullable<Device["accept"]>;
  readonly status?: NonNullable<Device["status"]>;
  readonly #inner: Device;
  readonly #number: number;
  readonly #recorder: Recorder;

  constructor(inner: Device, number: number, recorder: Recorder) {
    this.#inner = inner;
    this.#number = number;
    this.#recorder = recorder;
    this.name = inner.name;
    this.external = inner.external;
    if (inner.address !== undefined) this.address = inner.address;
    inner.interrupt = () => {
      recorder.note({ interrupt: number, ...recorder.inside });
      this.interrupt();
    };
    if (inner.read !== undefined) this.read = (max) => this.#read(inner, max);
    if (inner.write !== undefined) this.write = (bytes) => this.#write(inner, bytes);
    if (inner.accept !== undefined) this.accept = () => this.#accept(inner);
    if (inner.status !== undefined) {
      this.status = (answer: Answer<FileStatus>) =>
        inner.status?.(recorder.watch(answer, valueOutcome));
    }
  }

  #read(inner: Device, max: number): Uint8Array | undefined {
    const bytes = this.#try(
      () => inner.read?.(max),
      (error) => this.#recorder.note({ read: this.#number, error }),
    );
    const result = bytes === undefined ? { nothing: true as const } : fromBytes(bytes);
    this.#recorder.note({ read: this.#number, ...result });
    return bytes;
  }

  #write(inner: Device, bytes: Uint8Array): number {
    const took = this.#try(
      () => inner.write?.(bytes) ?? 0,
      (error) => this.#recorder.note({ write: this.#number, error }),
    );
    const sum = checksum(bytes.subarray(0, took));
    const shown = OUTPUT.includes(this.name) ? beginning(bytes.subarray(0, took)) : {};
    this.#recorder.note({ write: this.#number, took, sum, ...shown });
    return took;
  }

  #accept(inner: Device): Device | undefined {
    const accepted = this.#try(
      () => inner.accept?.(),
      (error) => this.#recorder.note({ accept: this.#number, error }),
    );
    if (accepted === undefined) {
      this.#recorder.note({ accept: this.#number, nothing: true });
      return undefined;
    }
    const { made, device } = this.#recorder.made(accepted);
    this.#recorder.note({ accept: this.#number, made });
    return device;
  }

  #try<T>(attempt: () => T, failed: (error: Coded) => void): T {
    try {
      return attempt();
    } catch (error) {
      failed(codedError(error));
      throw error;
    }
  }

  readable(): boolean {
    const is = this.#inner.readable();
    this.#recorder.note({ readable: this.#number, is });
    return is;
  }

  writable(): boolean {
    const is = this.#inner.writable();
    this.#recorder.note({ writable: this.#number, is });
    return is;
  }

  close(): void {
    this.#inner.close();
  }
}

export function describeDevice(device: Device, number: number): MadeDevice {
  const { name, external, address } = device;
  const can = (["read", "write", "accept", "status"] as const).filter(
    (method) => device[method] !== undefined,
  );
  return { device: number, name, external, ...(address && { address }), can };
}
