// Listeners to what all systems of a process share: the process itself and its standard streams.
// Each event gets one listener however many systems run, so that they do not meet the host's limit
// of ten, and none at all when the last has halted.

import type { EventEmitter } from "node:events";

type Listener = (value: unknown) => void;

/** All listeners to one event of one emitter, as one. */
class Party {
  readonly #listeners = new Set<Listener>();
  readonly #emitter: EventEmitter;
  readonly #event: string;

  constructor(emitter: EventEmitter, event: string) {
    this.#emitter = emitter;
    this.#event = event;
  }

  readonly #tell = (value: unknown): void => {
    for (const listener of [...this.#listeners]) listener(value);
  };

  add(listener: Listener): void {
    if (this.#listeners.size === 0) this.#emitter.on(this.#event, this.#tell);
    this.#listeners.add(listener);
  }

  delete(listener: Listener): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    this.#emitter.off(this.#event, this.#tell);
  }
}

const parties = new WeakMap<EventEmitter, Map<string, Party>>();

/** Call `listener` at every `event` of `emitter`. Returns how to stop listening. */
export function listenTogether<T>(
  emitter: EventEmitter,
  event: string,
  listener: (value: T) => void,
): () => void {
  const events = parties.get(emitter) ?? new Map<string, Party>();
  parties.set(emitter, events);
  const party = events.get(event) ?? new Party(emitter, event);
  events.set(event, party);
  const heard = listener as Listener;
  party.add(heard);
  return () => party.delete(heard);
}
