// Listening sockets of the virtual machine.

import { makeConnection, type Address, type Device } from "../kernel";

/** A listening socket in memory: connections wait in it until somebody accepts them. */
export class VirtualListener implements Device {
  readonly name: string;
  readonly address: Address;
  readonly external = false;
  interrupt = (): void => {};
  readonly close: () => void;
  readonly #waiting: Device[] = [];

  constructor(address: Address, close: () => void) {
    this.name = `listening ${nameOf(address)}`;
    this.address = address;
    this.close = () => {
      close();
      for (const connection of this.#waiting) connection.close();
    };
  }

  /** A client connects: returns its end. */
  meet(): Device {
    const place = nameOf(this.address);
    const [here, there] = makeConnection(`connection at ${place}`, `connection to ${place}`);
    this.#waiting.push(here);
    this.interrupt();
    return there;
  }

  accept(): Device | undefined {
    return this.#waiting.shift();
  }

  readable(): boolean {
    return this.#waiting.length > 0;
  }

  writable(): boolean {
    return false;
  }
}

export function nameOf(address: Address): string {
  return "path" in address ? address.path : `tcp ${address.host ?? "127.0.0.1"}:${address.port}`;
}
