// Who makes a system call: when `yield*` asks one for what it yields, the native stack of the whole
// task is there to be seen. One patch of what all calls share tells whoever listens.

import { SystemCall } from "../../kernel";

type Next = SystemCall<unknown>["next"];

/** Told that a call is made. On the native stack its task's part is below the function `above`. */
export type Listener = (above: CallableFunction) => void;

const listeners = new Set<Listener>();
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its call
const { next } = SystemCall.prototype;

function asked(this: SystemCall<unknown>, reply: unknown): ReturnType<Next> {
  if (this.value === undefined && !this.done) {
    for (const listener of listeners) listener(asked);
  }
  return next.call(this, reply);
}

/** Tell `listener` of each call that is made, until the answer is called. */
export function whenAsked(listener: Listener): () => void {
  listeners.add(listener);
  SystemCall.prototype.next = asked;
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) SystemCall.prototype.next = next;
  };
}
