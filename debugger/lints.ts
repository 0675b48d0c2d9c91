// What runs, but hardly as it was meant: zombies nobody waits for, queues that only grow. Each is
// told once.

import type { Kernel, Probe, SystemCall, Task } from "../kernel";
import { INIT } from "./story";

/** So many zombies nobody had in mind. */
const ZOMBIES = 100;
/** A look at a channel every so many messages, and how often in a row it may have grown. */
const LOOK = 1024;
const LOOKS = 4;

/** A probe for parents that never wait. */
export function unreaped(report: (text: string) => void): Probe {
  const told = new WeakSet<Task>();
  return {
    exit(task) {
      const { parent } = task;
      const zombies = parent?.family?.zombies.length ?? 0;
      if (parent === null || parent.pid === INIT || zombies < ZOMBIES || told.has(parent)) return;
      told.add(parent);
      const fix = "wait for them, or spawn them detached";
      report(
        `${String(parent)} has ${zombies} children that ended and were never waited for; ${fix}`,
      );
    },
  };
}

/** What a probe can know of a channel, whichever kind it is. */
interface Queue {
  readonly name: string;
  readonly length: number;
}

/** A probe for channels and mailboxes that only grow. */
export function growing(kernel: Kernel, report: (text: string) => void): Probe {
  const looks = new WeakMap<Queue, { sends: number; length: number; grown: number }>();
  return {
    trap(task, call) {
      const queue = queueOf(kernel, call);
      if (queue === undefined) return;
      const look = looks.get(queue) ?? { sends: 0, length: 0, grown: 0 };
      looks.set(queue, look);
      look.sends += 1;
      if (look.sends % LOOK !== 0) return;
      look.grown = queue.length > look.length ? look.grown + 1 : 0;
      look.length = queue.length;
      if (look.grown !== LOOKS) return;
      const fix = "receive faster, or give it a capacity so that senders wait";
      report(`${queue.name} only grows: ${queue.length} messages, sent by ${String(task)}; ${fix}`);
    },
  };
}

/** Where the message goes that `call` is to send. */
function queueOf(kernel: Kernel, call: SystemCall<unknown>): Queue | undefined {
  if (call.name === "send") return asQueue(call.a);
  if (call.name !== "tell" || typeof call.a !== "number") return undefined;
  // A mailbox is one of its task's devices, and the only one that has a length.
  for (const { device } of kernel.tasks.find(call.a)?.descriptors ?? []) {
    const queue = asQueue(device);
    if (queue !== undefined) return queue;
  }
  return undefined;
}

function asQueue(value: unknown): Queue | undefined {
  const { name, length } = (value ?? {}) as Partial<Queue>;
  return typeof name === "string" && typeof length === "number" ? (value as Queue) : undefined;
}
