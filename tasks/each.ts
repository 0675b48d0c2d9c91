// Going through the messages of a channel, a subscription, or whatever else replies END after the
// last. Knows only that it can receive.

import { END } from "../syscalls";
import type { End, Program, SystemCall } from "../syscalls";
import { demand } from "./check";

/** What messages come from. */
export interface Source<T> {
  receive(): SystemCall<T | End>;
}

/**
 * Run `body` with every message of `source`, one after the other, until it is closed and empty.
 *
 * Blocks while there is none. Throws what `body` and `receive` throw; the messages that are left
 * stay where they are. The same as a loop, for when you want to leave it before the end:
 * `for (let m = yield* ch.receive(); m !== END; m = yield* ch.receive()) …`
 */
export function* each<T>(source: Source<T>, body: (message: T) => Program<unknown>): Program<void> {
  const wanted = "body; give a generator function of one message";
  demand(typeof body === "function", "each", body, wanted);
  for (let message = yield* source.receive(); message !== END; message = yield* source.receive()) {
    yield* body(message);
  }
}

/**
 * All messages of `source` up to its end, in the order they came. Blocks until it is closed, so the
 * senders must not wait for the caller. Fails as `receive` does.
 */
export function* drain<T>(source: Source<T>): Program<T[]> {
  const messages: T[] = [];
  for (let message = yield* source.receive(); message !== END; message = yield* source.receive()) {
    messages.push(message);
  }
  return messages;
}
