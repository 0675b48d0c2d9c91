// Push coroutines in a thread or process of their own. Starts one there; what it can do then is in
// remote-target.ts, how it speaks to its far end in remote-link.ts, and what runs there in
// remote-guest.ts. Nothing here knows what a thread is.

import { launch, type Launch, type Program } from "../syscalls";
import { Remote, type RemoteTarget } from "./remote-target";
import { checkCrossing } from "./remote-values";

/** The folder of this module, as the host names it. */
declare const __dirname: string;

/**
 * Make a push coroutine in a thread of its own: over there, call `entry`, a generator function that
 * `module` exports, with `args`, and run it to its first `yield`. Returns the target, the caller's.
 *
 * `module` is a path, absolute or relative to the working directory, or a file URL, of JavaScript
 * (CommonJS or ES module) or TypeScript. What runs there shares nothing with the caller. Blocks
 * until it waits for its first value. Fails with ENOENT when there is no such module, EINVAL when
 * `entry` is no generator function or `args` cannot cross, RemoteError for what the module or the
 * body throws, ENOSYS on a machine without threads.
 */
export function threaded<T = unknown>(
  module: string,
  entry: string,
  ...args: readonly unknown[]
): Program<RemoteTarget<T>> {
  return start("thread", module, entry, args);
}

/** As `threaded`, in a process of its own, which shares the standard output and error. */
export function processed<T = unknown>(
  module: string,
  entry: string,
  ...args: readonly unknown[]
): Program<RemoteTarget<T>> {
  return start("process", module, entry, args);
}

function* start<T>(
  kind: Launch["kind"],
  module: string,
  entry: string,
  args: readonly unknown[],
): Program<RemoteTarget<T>> {
  const order = { kind: "start", module, entry, args } as const;
  checkCrossing(order, kind === "thread" ? "threaded" : "processed");
  const fd = yield* launch({ kind, module: `${__dirname}/remote-guest` });
  const target = new Remote<T>(entry, `a ${kind}`, fd);
  try {
    yield* target.begin(order);
    return target;
  } catch (error) {
    yield* target.release();
    throw error;
  }
}
