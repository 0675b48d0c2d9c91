// Promises and events of the host's, for every machine: wherever there are promises there is an
// AbortController.

import type { Answer, Cancel, Listen } from "../kernel";

/**
 * Let `answer` follow `source`: a promise, or a function that makes one when given an AbortSignal,
 * which aborts when nobody waits any more. `news` is called after the answer.
 */
export function settle(source: unknown, answer: Answer<unknown>, news: () => void): Cancel {
  const controller = new AbortController();
  const made: unknown =
    typeof source === "function"
      ? (source as (signal: AbortSignal) => unknown)(controller.signal)
      : source;
  Promise.resolve(made)
    .then(
      (value) => answer.done(value),
      (error) => answer.fail(error),
    )
    .finally(news);
  return () => controller.abort();
}

/** Let `answer` come at the event that `listen` listens for. `news` is called after it. */
export function heed(listen: Listen, answer: Answer<unknown>, news: () => void): Cancel {
  return listen((value) => {
    answer.done(value);
    news();
  });
}
