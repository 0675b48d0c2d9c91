// The fittings of push pipelines: pumps for the head, and junctions between coroutines.

import type { Program } from "../syscalls";
import { closeAll, coroutine, EndedError, type Receiver, type Target } from "./coroutine";

/** Send all of `source` into `target`, then close it; on an error close it too, and throw that. */
export function feed<T>(source: Iterable<T>, target: Target<T>): void {
  const errors: unknown[] = [];
  try {
    for (const value of source) target.send(value);
  } catch (error) {
    errors.push(error);
  }
  closeAll([target], errors);
}

/**
 * As `feed`, for a source that waits: one whose `next` is a program, and undefined at the end.
 * Blocks as `next` does. Fails with what `source` or `target` throws.
 */
export function* pump<T>(
  source: { next(): Program<T | undefined> },
  target: Target<T>,
): Program<void> {
  const errors: unknown[] = [];
  try {
    for (let value = yield* source.next(); value !== undefined; value = yield* source.next()) {
      target.send(value);
    }
  } catch (error) {
    errors.push(error);
  }
  closeAll([target], errors);
}

/** Pass on to `target` what `keep` says yes to. */
export const filter = coroutine(function* filter<T>(
  keep: (value: T) => boolean,
  target: Target<T>,
): Receiver<T> {
  for (;;) {
    const value = yield;
    if (keep(value)) target.send(value);
  }
});

/**
 * Send every value to all of `targets`. One that dies of it, or has died before, is dropped and
 * `onDead` is told, with what its send threw; the others get the value all the same. When none is
 * left it ends.
 */
export const broadcast = coroutine(function* broadcast<T>(
  targets: readonly Target<T>[],
  onDead: (target: Target<T>, error: unknown) => void,
): Receiver<T> {
  let living = targets;
  while (living.length > 0) {
    const value = yield;
    living = living.filter((target) => {
      try {
        target.send(value);
        return true;
      } catch (error) {
        // It refused without dying, so it is the wiring that is wrong, not the target.
        if (!target.ended) throw error;
        onDead(target, error);
        return false;
      }
    });
  }
});

/**
 * Let several senders share `target`: returns an inlet for each of `names`. The target is closed
 * when the last inlet is.
 */
export function fanIn<T, N extends string>(
  target: Target<T>,
  ...names: readonly [N, ...N[]]
): Readonly<Record<N, Target<T>>> {
  const open = new Set<string>(names);
  const inlets = {} as Record<N, Target<T>>;
  for (const name of names) {
    inlets[name] = new Inlet(name, target, () => {
      if (open.delete(name) && open.size === 0) target.close();
    });
  }
  return inlets;
}

/** One of several ways into `target`. */
class Inlet<in T> implements Target<T> {
  readonly name: string;
  readonly #target: Target<T>;
  readonly #onClose: () => void;
  #closed = false;

  constructor(name: string, target: Target<T>, onClose: () => void) {
    this.name = name;
    this.#target = target;
    this.#onClose = onClose;
  }

  get ended(): boolean {
    return this.#closed || this.#target.ended;
  }

  send(value: T): void {
    this.#refuseClosed("send to");
    this.#target.send(value);
  }

  throw(error: unknown): void {
    this.#refuseClosed("throw into", { cause: error });
    this.#target.throw(error);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
  }

  #refuseClosed(verb: string, options?: ErrorOptions): void {
    if (!this.#closed) return;
    const text = `cannot ${verb} "${this.name}", an inlet of "${this.#target.name}": it was closed`;
    throw new EndedError(text, options);
  }
}
