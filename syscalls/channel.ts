// Channels: messages between tasks, each received exactly once, in the order they were sent.
// A message is handed from task to task in one step, so none is lost or doubled when either is
// killed: one that was handed to a task that KILL keeps from running goes to the next.

import { blockingCall, syscall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { Ring } from "../kernel/ring";
import { show } from "../kernel/show";
import { WaitQueue } from "../kernel/wait-queue";
import type { Blocked, Entry, Kernel, SystemCall, Task } from "../kernel";
import { Heap } from "./heap";

/** What `receive` replies when the channel is closed and empty. */
export const END: unique symbol = Symbol("end");
export type End = typeof END;

/**
 * What a send does when the channel is full: wait ("block"), drop its own message ("drop"), or drop
 * the oldest ("slide").
 */
export type Overflow = "block" | "drop" | "slide";

export interface ChannelOptions<T = never> {
  /** What reports call it. Default "channel". */
  readonly name?: string;
  /** Default "block". */
  readonly overflow?: Overflow;
  /**
   * How urgent a message is: of those it holds, the one with the lowest number is received first,
   * equals in the order they were sent. Asked once, as the message is sent. Default: all are equal.
   */
  priority?(this: void, message: T): number;
}

/** What a channel holds. A message that came back is the next one to go. */
interface Buffer<T> {
  readonly length: number;
  push(value: T, priority: number): void;
  unshift(value: T): void;
  shift(): T | null;
}

/**
 * A channel that holds up to `capacity` messages: 0, the default, is a rendezvous, where a send
 * returns when its message was received; Infinity never fills. Throws a SystemError (EINVAL) for
 * what is no capacity, and for a priority where nothing waits, or that may not block.
 */
export class Channel<T> {
  readonly name: string;
  readonly capacity: number;
  readonly overflow: Overflow;
  /** Sent and not yet received; for the calls of this file. */
  readonly buffer: Buffer<T>;
  readonly receivers: WaitQueue;
  readonly senders: WaitQueue;
  readonly #options: ChannelOptions<T>;
  closed = false;

  constructor(capacity: number = 0, options: ChannelOptions<T> = {}) {
    checkCapacity(capacity, 0, "new Channel: ");
    checkOptions(options);
    const { name = "channel", overflow = "block" } = options;
    checkOverflow(overflow, "new Channel: ");
    if (overflow !== "block" && capacity === 0) {
      const text = `new Channel: one that may ${overflow} needs a capacity from 1 up`;
      throw new SystemError("EINVAL", text);
    }
    const ordered = options.priority !== undefined;
    if (ordered) checkPriority(options.priority, capacity, overflow);
    this.name = name;
    this.capacity = capacity;
    this.overflow = overflow;
    this.buffer = ordered ? new Heap<T>() : new Ring<T>();
    this.#options = options;
    this.receivers = new WaitQueue(`a message in ${name}`);
    this.senders = new WaitQueue(capacity === 0 ? `a receiver of ${name}` : `room in ${name}`);
  }

  /** How many messages it holds. */
  get length(): number {
    return this.buffer.length;
  }

  /**
   * Send `value`; false if it was dropped. Blocks while the channel is full, or until it was
   * received if the capacity is 0. Fails with EPIPE when the channel is closed, also meanwhile.
   */
  send(value: T): SystemCall<boolean> {
    const priority = this.#options.priority?.(value);
    if (priority !== undefined && (typeof priority !== "number" || Number.isNaN(priority))) {
      const text = `${this.name}: ${show(priority)} is no priority of ${show(value)}`;
      throw new SystemError("EINVAL", `${text}; give a number, the lowest for the most urgent`);
    }
    return send(this, value, priority);
  }

  /** The next message, or END when the channel is closed and empty. Blocks until there is one. */
  receive(): SystemCall<T | End> {
    return receive(this) as SystemCall<T | End>;
  }

  /**
   * No more messages: those it holds can still be received, then END; whoever waits to send gets
   * EPIPE. Closing it again does nothing. Never blocks.
   */
  close(): SystemCall<void> {
    return closeChannel(this);
  }

  toString(): string {
    return this.name;
  }
}

const send = blockingCall(
  "send",
  (
    kernel,
    task,
    channel: Channel<unknown>,
    value: unknown,
    priority: number = 0,
  ): boolean | Blocked => {
    if (channel.closed) throw new SystemError("EPIPE", `${channel.name} is closed`);
    const receiver = firstOther(channel.receivers, task);
    if (receiver !== null) {
      kernel.resume(receiver, value);
    } else if (channel.length < channel.capacity) {
      channel.buffer.push(value, priority);
    } else if (channel.overflow === "drop") {
      return false;
    } else if (channel.overflow === "slide") {
      channel.buffer.shift();
      channel.buffer.push(value, priority);
    } else {
      return kernel.block(task, channel.senders, { offer: value });
    }
    return true;
  },
);

const receive = blockingCall(
  "receive",
  (kernel, task, channel: Channel<unknown>): unknown => {
    const { buffer } = channel;
    const sender = firstOther(channel.senders, task);
    if (buffer.length > 0) {
      const value = buffer.shift();
      // A message that came back (see `lost`) may have made it hold one more than its capacity.
      if (sender !== null && buffer.length < channel.capacity) {
        const priority = (sender.call?.c ?? 0) as number;
        buffer.push(accept(kernel, sender), priority);
      }
      return value;
    }
    if (sender !== null) return accept(kernel, sender);
    if (channel.closed) return END;
    return kernel.block(task, channel.receivers);
  },
  {
    lost(kernel, _task, reply, channel) {
      if (reply !== END && kernel.wake(channel.receivers, reply) === null) {
        channel.buffer.unshift(reply);
      }
    },
  },
);

export function checkCapacity(capacity: number, least: number, call = ""): void {
  if (capacity === Infinity || (Number.isInteger(capacity) && capacity >= least)) return;
  const fix = `give a whole number from ${least} up, or Infinity`;
  throw new SystemError("EINVAL", `${call}${show(capacity)} is no capacity; ${fix}`);
}

function checkOptions(options: unknown): void {
  if (typeof options === "object" && options !== null) return;
  const fix = `give { name: ${typeof options === "string" ? show(options) : '"jobs"'} }`;
  throw new SystemError("EINVAL", `new Channel: ${show(options)} is no set of options; ${fix}`);
}

export function checkOverflow(overflow: unknown, call = ""): void {
  if (["block", "drop", "slide"].includes(overflow as string)) return;
  const fix = 'there are "block", "drop", "slide"';
  throw new SystemError("EINVAL", `${call}${show(overflow)} is no overflow; ${fix}`);
}

function checkPriority(priority: unknown, capacity: number, overflow: Overflow): void {
  if (typeof priority !== "function") {
    const fix = "give a function of a message that returns a number";
    throw new SystemError("EINVAL", `new Channel: ${show(priority)} is no priority; ${fix}`);
  }
  if (capacity > 0 && overflow === "block") return;
  const fix = 'give a capacity from 1 up and the overflow "block"';
  throw new SystemError(
    "EINVAL",
    `new Channel: its messages have a priority, so they wait; ${fix}`,
  );
}

/** Take the message of a sender that waits, who may go on now. */
function accept(kernel: Kernel, sender: Entry): unknown {
  const value = sender.waiter?.offer;
  kernel.resume(sender, true);
  return value;
}

/** A task that selects over both ends of a channel does not meet itself. */
export function firstOther(queue: WaitQueue, task: Task | null): Entry | null {
  let entry = queue.first;
  while (entry !== null && entry.task === task) entry = entry.next;
  return entry;
}

const closeChannel = syscall("closeChannel", (kernel, _task, channel: Channel<unknown>): void => {
  channel.closed = true;
  while (kernel.wake(channel.receivers, END) !== null);
  while (channel.senders.first !== null) {
    kernel.fail(channel.senders.first, new SystemError("EPIPE", `${channel.name} was closed`));
  }
});
