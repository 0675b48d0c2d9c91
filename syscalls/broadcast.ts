// Broadcast: every subscriber gets every message that is sent while it is subscribed. A
// subscription is a descriptor, so it closes when its task dies, however it dies, and can be given
// to another. A message goes to all subscribers in one step or to none.

import { BLOCKED, blockingCall, syscall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { attempt, retry } from "../kernel/interrupt";
import { install } from "../kernel/life";
import { Ring } from "../kernel/ring";
import { WaitQueue } from "../kernel/wait-queue";
import type { Blocked, Device, Kernel, SystemCall, Task } from "../kernel";
import { checkCapacity, checkOverflow, END, firstOther, type End, type Overflow } from "./channel";
import { close, readable, type Fd } from "./descriptors";

/** Messages were sent that a subscriber will not get, as it was too slow for its capacity. */
export class LaggedError extends Error {
  /** How many. */
  readonly missed: number;

  constructor(topic: string, missed: number) {
    super(`missed ${missed} message${missed === 1 ? "" : "s"} of ${topic}`);
    this.name = "LaggedError";
    this.missed = missed;
  }
}

export interface SubscribeOptions {
  /** How many messages it may lag behind. From 1 up; default 16. */
  readonly capacity?: number;
  /**
   * What a send does when that many wait: it waits too ("block", the default), passes this
   * subscriber over ("drop"), or drops its oldest message, which the next `receive` tells it by a
   * LaggedError ("slide").
   */
  readonly overflow?: Overflow;
}

/** `new Broadcast<number>("prices")`: what is sent goes to every subscriber. */
export class Broadcast<T> {
  readonly name: string;
  closed = false;
  /** The subscriptions that are open; for the calls of this file. */
  readonly inboxes = new Set<Inbox>();
  readonly senders: WaitQueue;

  constructor(name: string = "broadcast") {
    this.name = name;
    this.senders = new WaitQueue(`room at all subscribers of ${name}`);
  }

  /** How many subscriptions are open. */
  get subscribers(): number {
    return this.inboxes.size;
  }

  /** Subscribe the caller to what is sent from now on. Never blocks. Fails with EINVAL. */
  subscribe(options: SubscribeOptions = {}): SystemCall<Subscription<T>> {
    return subscribe(this, options) as SystemCall<Subscription<T>>;
  }

  /**
   * Send `message` to all subscribers, and return how many got it. Blocks while one that does not
   * drop messages has no room for it; nobody has got it then. Fails with EPIPE when it is closed,
   * also meanwhile.
   */
  send(message: T): SystemCall<number> {
    return publish(this, message);
  }

  /**
   * No more messages: subscribers still get those that wait for them, then END; who waits to send
   * gets EPIPE. Closing it again does nothing. Never blocks.
   */
  close(): SystemCall<void> {
    return closeBroadcast(this);
  }

  toString(): string {
    return this.name;
  }
}

/** One task's part of a broadcast. */
export class Subscription<T> {
  /** The descriptor that it is: `spawn(reader(mine), { give: [mine.fd] })`. */
  readonly fd: Fd;
  readonly inbox: Inbox;

  constructor(fd: Fd, inbox: Inbox) {
    this.fd = fd;
    this.inbox = inbox;
  }

  /**
   * The next message, or END when the broadcast is closed and none is left. Blocks until there is
   * one. Fails with EBADF after `close`, EBUSY when another task receives there; throws a
   * LaggedError, once, before the first message after those it missed.
   */
  receive(): SystemCall<T | End> {
    return receiveNext(this) as SystemCall<T | End>;
  }

  /** Get no more messages. Never blocks. Fails with EBADF when it is closed already. */
  close(): SystemCall<void> {
    return close(this.fd);
  }

  toString(): string {
    return this.inbox.name;
  }
}

/** What waits for one subscriber. A device, for the sake of its `close`. */
class Inbox implements Device {
  readonly name: string;
  readonly external = false;
  interrupt: () => void = () => {};
  readonly topic: Broadcast<unknown>;
  readonly capacity: number;
  readonly overflow: Overflow;
  readonly messages = new Ring<unknown>();
  missed = 0;
  /** Who waits to receive; for the calls of this file. */
  readers: WaitQueue | null = null;
  readonly #kernel: Kernel;

  constructor(kernel: Kernel, topic: Broadcast<unknown>, capacity: number, overflow: Overflow) {
    this.name = `subscription to ${topic.name}`;
    this.#kernel = kernel;
    this.topic = topic;
    this.capacity = capacity;
    this.overflow = overflow;
  }

  get full(): boolean {
    return this.messages.length >= this.capacity;
  }

  put(message: unknown): boolean {
    if (this.full && this.overflow === "drop") return false;
    for (; this.full; this.missed += 1) this.messages.shift();
    this.messages.push(message);
    return true;
  }

  take(): unknown {
    const { missed, messages, topic } = this;
    this.missed = 0;
    if (missed > 0) throw new LaggedError(topic.name, missed);
    if (messages.length > 0) return messages.shift();
    return topic.closed ? END : BLOCKED;
  }

  readable(): boolean {
    return this.messages.length > 0 || this.missed > 0 || this.topic.closed;
  }

  writable(): boolean {
    return false;
  }

  /** The subscriber is gone: no sender waits for it any longer. */
  close(): void {
    this.topic.inboxes.delete(this);
    letSend(this.#kernel, this.topic, null);
  }
}

const subscribe = syscall(
  "subscribe",
  (kernel, task, topic: Broadcast<unknown>, options: SubscribeOptions): Subscription<unknown> => {
    const { capacity = 16, overflow = "block" } = options;
    checkCapacity(capacity, 1);
    checkOverflow(overflow);
    const inbox = new Inbox(kernel, topic, capacity, overflow);
    const fd = install(kernel, inbox, task);
    inbox.readers = kernel.descriptors.get(fd).readers;
    topic.inboxes.add(inbox);
    return new Subscription(fd, inbox);
  },
);

const publish = blockingCall(
  "publish",
  (kernel, task, topic: Broadcast<unknown>, message: unknown): number | Blocked => {
    if (topic.closed) throw new SystemError("EPIPE", `${topic.name} is closed`);
    return attempt(kernel, task, topic.senders, () => deliver(task, topic, message));
  },
);

/** To all or to none. */
function deliver(task: Task, { inboxes }: Broadcast<unknown>, message: unknown): number | Blocked {
  for (const { full, overflow } of inboxes) if (full && overflow === "block") return BLOCKED;
  let count = 0;
  for (const inbox of inboxes) {
    if (inbox.put(message)) count += 1;
    // A select over both ends does not meet itself.
    if (inbox.readers?.first?.task !== task) inbox.interrupt();
  }
  return count;
}

/** Those who wait to send try again, in their order; but not `task`, who receives. */
function letSend(kernel: Kernel, { senders }: Broadcast<unknown>, task: Task | null): void {
  while (retry(kernel, firstOther(senders, task)));
}

const receiveNext = blockingCall(
  "receiveNext",
  (kernel, task, { fd, inbox }: Subscription<unknown>): unknown => {
    const { readers } = readable(kernel, fd);
    const reply = attempt(kernel, task, readers, () => inbox.take());
    if (reply !== BLOCKED) letSend(kernel, inbox.topic, task);
    return reply;
  },
  {
    lost(_kernel, _task, reply, { inbox }) {
      if (reply === END) return;
      inbox.messages.unshift(reply);
      inbox.interrupt();
    },
  },
);

const closeBroadcast = syscall(
  "closeBroadcast",
  (kernel, _task, topic: Broadcast<unknown>): void => {
    topic.closed = true;
    for (const inbox of topic.inboxes) inbox.interrupt();
    while (topic.senders.first !== null) {
      kernel.fail(topic.senders.first, new SystemError("EPIPE", `${topic.name} was closed`));
    }
  },
);
