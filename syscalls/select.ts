// select: wait for the first of several system calls.

import { blockingCall, SystemCall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { Selection } from "../kernel/select";
import { show } from "../kernel/show";
import type { Blocked, Selected } from "../kernel";

/** The cases of a select, by names of your choice: calls that may block, not yet made. */
export type Cases = Readonly<Record<string, SystemCall<unknown>>>;

/** What a select replies: the name of the case, and what that call replied. */
export type Choice<C extends Cases> = {
  [K in keyof C & string]: {
    readonly which: K;
    readonly value: C[K] extends SystemCall<infer R> ? R : never;
  };
}[keyof C & string];

const selectCall = blockingCall(
  "select",
  (kernel, task, cases: Cases): Selected | Blocked => {
    const named = check(cases);
    for (const [, call] of named) {
      if (call.done) throw call.reused();
      call.done = true;
    }
    return new Selection(task).begin(kernel, named);
  },
  {
    lost(kernel, task, reply, cases) {
      const { which, value } = reply as Selected;
      const call = cases[which];
      call?.definition.lost?.(kernel, task, value, call.a, call.b, call.c, call.d);
    },
    selectable: false,
  },
);

/**
 * Make the first of several calls that can be made: `yield* select({ job: jobs.receive(), late:
 * sleep(100) })` replies `{ which: "job", value }` or `{ which: "late", … }`. Exactly one of them
 * has happened then, the others have not begun. Where several could, it is the one named first.
 *
 * Blocks until one can. Fails as the first of them does that fails; EINVAL for what is no call that
 * may block, for one that cannot be taken back, such as `write`, and for another select.
 */
export function select<C extends Cases>(cases: C): SystemCall<Choice<C>> {
  // A copy, so that nothing changes them afterwards, and no getter of theirs runs in the kernel.
  const copy = typeof cases === "object" && cases !== null ? { ...cases } : cases;
  return selectCall(copy) as SystemCall<Choice<C>>;
}

function check(cases: Cases): readonly (readonly [string, SystemCall<unknown>])[] {
  const named = typeof cases === "object" && cases !== null ? Object.entries(cases) : [];
  if (named.length === 0) {
    throw new SystemError("EINVAL", `${show(cases)} has no cases; give { job: jobs.receive() }`);
  }
  for (const [name, call] of named) {
    if (!(call instanceof SystemCall)) {
      throw new SystemError("EINVAL", `case ${name}: ${show(call)} is no system call`);
    }
    if (call.done) throw call.reused();
    if (!call.definition.selectable) {
      const why = call.definition.blocks ? "cannot be one of several" : "never blocks";
      throw new SystemError("EINVAL", `case ${name}: ${call.name} ${why}`);
    }
  }
  return named;
}
