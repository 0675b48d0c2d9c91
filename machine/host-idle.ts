// The host's own end: it leaves as soon as it has nothing left to wait for, and says nothing. For a
// system that still has tasks this is a deadlock.

import { setImmediate } from "node:timers";
import { listenTogether } from "./shared-listener";

/** Call `deadlock` whenever the host is about to leave. Returns how to stop that. */
export function onHostIdle(deadlock: () => void): () => void {
  const idle = (): void => {
    deadlock();
    // With nothing to come it would leave now, and not ask again.
    setImmediate(() => {});
  };
  return listenTogether(process, "beforeExit", idle);
}
