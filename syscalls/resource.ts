// Things of the host's that must be let go of, as descriptors: the kernel closes those of a task
// however it ends, so what stands behind one is released even where no code of the task runs.

import { syscall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { install } from "../kernel/life";
import { show } from "../kernel/show";
import type { Device } from "../kernel";
import type { Fd } from "./descriptors";

/**
 * Make a descriptor that stands for a thing of the host's, called `name` in reports: `release` is
 * called once, when it closes. That is at `close`, or when its owner ends in any way, KILL
 * included.
 *
 * Never blocks. `release` runs inside the kernel: it may not wait, and what it throws is reported.
 * Fails with EINVAL when it is no function.
 */
export const resource = syscall(
  "resource",
  (kernel, task, name: string, release: () => void): Fd => {
    if (typeof release !== "function") {
      throw new SystemError("EINVAL", `${show(release)} is no function that releases ${name}`);
    }
    return install(kernel, hostDevice(String(name), release), task);
  },
);

/** A device that can only be closed. */
export function hostDevice(name: string, close: () => void): Device {
  // It can be neither read nor written, and says so at once.
  const ready = (): boolean => true;
  return { name, external: true, interrupt() {}, readable: ready, writable: ready, close };
}
