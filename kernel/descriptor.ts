// Descriptors: the numbers by which tasks name devices.
// A number is never used twice, so a stale one is EBADF and not somebody else's connection.

import type { Device } from "./device";
import { SystemError } from "./errno";
import { show } from "./show";
import type { Task } from "./task";
import { WaitQueue } from "./wait-queue";

export class Descriptor {
  readonly fd: number;
  readonly device: Device;
  /** The task it dies with. */
  owner: Task;
  readonly readers: WaitQueue;
  readonly writers: WaitQueue;

  constructor(fd: number, device: Device, owner: Task) {
    this.fd = fd;
    this.device = device;
    this.owner = owner;
    this.readers = new WaitQueue(`fd ${fd} (${device.name}) to be readable`, device.external);
    this.writers = new WaitQueue(`fd ${fd} (${device.name}) to be writable`, device.external);
  }
}

export class DescriptorTable {
  readonly #open = new Map<number, Descriptor>();
  #next = 0;

  get size(): number {
    return this.#open.size;
  }

  /** Enter `device`. The first three, entered by the machine, are stdin, stdout and stderr. */
  add(device: Device, owner: Task): Descriptor {
    const descriptor = new Descriptor(this.#next++, device, owner);
    this.#open.set(descriptor.fd, descriptor);
    own(owner, descriptor);
    return descriptor;
  }

  /** Throws EBADF when `fd` is not open. */
  get(fd: number): Descriptor {
    const descriptor = this.#open.get(fd);
    if (descriptor !== undefined) return descriptor;
    if (typeof fd !== "number") {
      throw new SystemError("EBADF", `${show(fd)} is no descriptor; those are numbers`);
    }
    const was = Number.isInteger(fd) && fd >= 0 && fd < this.#next;
    throw new SystemError("EBADF", `fd ${fd} ${was ? "has been closed" : "was never open"}`);
  }

  /**
   * As `get`, for what may be closed or given away. Throws EPERM for 0, 1 and 2, which are init's.
   */
  getOwned(fd: number): Descriptor {
    const descriptor = this.get(fd);
    if (fd > 2) return descriptor;
    throw new SystemError("EPERM", `the standard descriptors belong to init`);
  }

  /** Make `heir` the owner. */
  give(descriptor: Descriptor, heir: Task): void {
    descriptor.owner.descriptors?.delete(descriptor);
    descriptor.owner = heir;
    own(heir, descriptor);
  }

  /**
   * Forget it; the kernel closes the device and wakes who waits. False when it was closed already.
   */
  remove(descriptor: Descriptor): boolean {
    descriptor.owner.descriptors?.delete(descriptor);
    return this.#open.delete(descriptor.fd);
  }

  [Symbol.iterator](): IterableIterator<Descriptor> {
    return this.#open.values();
  }
}

function own(task: Task, descriptor: Descriptor): void {
  task.descriptors ??= new Set();
  task.descriptors.add(descriptor);
}
