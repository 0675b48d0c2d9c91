// A guest on the virtual machine: it runs in the launcher's own thread, whenever bytes come for it,
// behind a connection in memory. So it cannot die by itself, and a run stays deterministic.

import { makeConnection, type Device } from "../kernel";
import type { GuestMain } from "../kernel/machine";

/** Loads a module of the host's, at once: `require`, or what stands in for it. */
export type Loader = (module: string) => unknown;

/** Begin the guest in `module`, and return the near end of the connection to it. */
export function virtualGuest(
  name: string,
  module: string,
  load: Loader,
  report: (message: string) => void,
): Device {
  const [near, far] = makeConnection(name, `launcher of ${name}`);
  const { guest: begin } = load(module) as { guest: GuestMain };
  const guest = begin({
    send: (bytes) => void far.write?.(bytes),
    load: (path, done, failed) => {
      let exports: unknown;
      try {
        exports = load(path);
      } catch (error) {
        return failed(error);
      }
      done(exports);
    },
    report,
    end: () => far.close(),
  });
  let busy = false;
  far.interrupt = () => {
    // Reading, and what the guest sends, interrupt again: the loop below is there already.
    if (busy) return;
    busy = true;
    for (let bytes = far.read?.(65536); bytes !== undefined; bytes = far.read?.(65536)) {
      if (bytes.length === 0) {
        guest.hangUp();
        break;
      }
      guest.receive(bytes);
    }
    busy = false;
  };
  return near;
}
