// What waits in queues: messages in channels, mailboxes and subscriptions, bytes in pipes and
// sockets. Channels belong to nobody, so those are known that were used since `watch` began. Pure:
// looks at the kernel's state and changes nothing.

import { Ring, WaitQueue, type Descriptor, type Kernel, type Probe } from "../../kernel";
import { SystemCall } from "../../kernel";

/** Something that holds what was sent and not yet received. */
export interface QueueRow {
  readonly name: string;
  /** How much it holds, of `unit`. */
  readonly length: number;
  readonly unit: "messages" | "bytes";
  /** The most it holds, in messages; null for no limit, or one that is nobody's business. */
  readonly capacity: number | null;
  /** How many tasks wait to receive. */
  readonly receivers: number;
  /** How many tasks wait for room. */
  readonly senders: number;
  /** The task it closes with; 0 for a channel, which is nobody's. */
  readonly owner: number;
}

/** What can be seen of a channel, of a mailbox too. */
interface Messages {
  readonly name: string;
  readonly length: number;
  readonly capacity: number;
  readonly receivers: WaitQueue;
  readonly senders: WaitQueue;
}

/** Knows the queues of `kernel` that hold something. */
export class Queues {
  readonly #kernel: Kernel;
  readonly #known = new WeakSet<object>();
  /** Weak, as a program may make a channel for each of its requests. */
  #channels: WeakRef<Messages>[] = [];
  readonly #probe: Probe = { trap: (_task, call) => this.#note(call) };

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Note the channels that are used, until `unwatch`. Costs about 70 ns a system call. */
  watch(): void {
    for (const { call } of this.#kernel.tasks) if (call !== null) this.#note(call);
    this.#kernel.attach(this.#probe);
  }

  unwatch(): void {
    this.#kernel.detach(this.#probe);
  }

  /** Those that hold something, or for which senders wait: messages first, the fullest first. */
  rows(): QueueRow[] {
    const living = this.#channels.filter((reference) => reference.deref() !== undefined);
    this.#channels = living;
    const rows: QueueRow[] = [];
    for (const reference of living) {
      const channel = reference.deref();
      if (channel !== undefined) rows.push(messagesOf(channel, 0));
    }
    for (const descriptor of this.#kernel.descriptors) {
      const row = rowOf(descriptor);
      if (row !== undefined) rows.push(row);
    }
    const busy = rows.filter(({ length, senders }) => length > 0 || senders > 0);
    return busy.sort((a, b) => b.unit.localeCompare(a.unit) || b.length - a.length);
  }

  #note({ name, a }: SystemCall<unknown>): void {
    if (name === "send" || name === "receive") this.#add(a);
    else if (name === "select" && typeof a === "object" && a !== null) {
      for (const one of Object.values(a)) if (one instanceof SystemCall) this.#note(one);
    }
  }

  #add(value: unknown): void {
    if (!isMessages(value) || this.#known.has(value)) return;
    this.#known.add(value);
    this.#channels.push(new WeakRef(value));
  }
}

function isMessages(value: unknown): value is Messages {
  const { length, receivers, senders } = (value ?? {}) as Partial<Messages>;
  const waits = receivers instanceof WaitQueue && senders instanceof WaitQueue;
  return typeof length === "number" && waits;
}

function messagesOf(queue: Messages, owner: number): QueueRow {
  const { name, length, receivers, senders } = queue;
  return {
    name,
    length,
    unit: "messages",
    capacity: finite(queue.capacity),
    receivers: receivers.length,
    senders: senders.length,
    owner,
  };
}

/** A mailbox, a subscription, or what holds bytes. */
function rowOf({ fd, device, owner, readers, writers }: Descriptor): QueueRow | undefined {
  if (isMessages(device)) return messagesOf(device, owner.pid);
  const { messages, capacity } = device as { messages?: unknown; capacity?: number };
  const inbox = messages instanceof Ring;
  const length = inbox ? messages.length : device.held;
  if (length === undefined) return undefined;
  return {
    name: `fd ${fd} (${device.name})`,
    length,
    unit: inbox ? "messages" : "bytes",
    capacity: inbox ? finite(capacity) : null,
    receivers: readers.length,
    senders: writers.length,
    owner: owner.pid,
  };
}

/** JSON has no Infinity. */
function finite(capacity: number | undefined): number | null {
  return capacity === undefined || capacity === Infinity ? null : capacity;
}
