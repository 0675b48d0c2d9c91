// User mode: what is written with system calls alone.

export { withAbortSignal } from "./abort";
export type { Child } from "./child";
export { all, allSettled, any, map, race } from "./combine";
export type { MapOptions } from "./combine";
export { coroutine, EndedError, ReentryError } from "./coroutine";
export type { Receiver, Target } from "./coroutine";
export { ChildError } from "./failures";
export { group } from "./group";
export type { Group, Ready } from "./group";
export type { GroupOptions } from "./keeper";
export type { ChildOptions, Runnable } from "./nursery";
export { Follower, follow, lineReader, LineSplitter } from "./lines";
export type { FollowOptions, Lines } from "./lines";
export { broadcast, fanIn, feed, filter, pump } from "./pipeline";
export { processed, threaded } from "./remote";
export { RemoteError } from "./remote-target";
export type { RemoteTarget } from "./remote-target";
export { describeCrash, describeExit } from "./report";
export { Mutex } from "./mutex";
export { serve } from "./serve";
export { shield } from "./shield";
export { Socket } from "./socket";
export { killAndWait } from "./stop";
export type { KillOptions } from "./stop";
export { deadline, timeout, TimeoutError } from "./timeout";
export type { Limit, TimeoutOptions, Work } from "./timeout";
