// Mailboxes: messages to a task, by its pid. A task has one from the first message on, and takes
// them in the order they came or, with a match, out of it (Armstrong, "Making reliable distributed
// systems in the presence of software errors", 2003). A mailbox is held as a descriptor, so that it
// goes with its task, however that dies.

import { BLOCKED, blockingCall, syscall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { retry } from "../kernel/interrupt";
import { install } from "../kernel/life";
import { Ring } from "../kernel/ring";
import { show } from "../kernel/show";
import { WaitQueue } from "../kernel/wait-queue";
import type { Blocked, Device, Entry, Kernel, Pid, SystemCall, Task } from "../kernel";
import { checkCapacity } from "./channel";

const mailboxes = new WeakMap<Task, Mailbox>();

class Mailbox implements Device {
  readonly name: string;
  readonly external = false;
  interrupt: () => void = () => {};
  readonly owner: Task;
  capacity = Infinity;
  readonly messages = new Ring<unknown>();
  /** Where its owner waits, with a branch for each match if it selects. */
  readonly receivers = new WaitQueue("a message in its mailbox");
  readonly senders: WaitQueue;
  readonly #kernel: Kernel;

  constructor(kernel: Kernel, owner: Task) {
    this.name = `mailbox of ${String(owner)}`;
    this.#kernel = kernel;
    this.owner = owner;
    this.senders = new WaitQueue(`room in the ${this.name}`);
  }

  get length(): number {
    return this.messages.length;
  }

  readable(): boolean {
    return this.length > 0;
  }

  writable(): boolean {
    return false;
  }

  /** Its owner has ended: what is in it is lost, and so is what would have come. */
  close(): void {
    mailboxes.delete(this.owner);
    while (this.senders.first !== null) {
      const error = new SystemError("ESRCH", `${String(this.owner)} has ended meanwhile`);
      this.#kernel.fail(this.senders.first, error);
    }
  }
}

function mailboxOf(kernel: Kernel, task: Task): Mailbox {
  let box = mailboxes.get(task);
  if (box === undefined) {
    box = new Mailbox(kernel, task);
    install(kernel, box, task);
    mailboxes.set(task, box);
  }
  return box;
}

/**
 * Put `message` into the mailbox of the task `pid`. It is lost if that task ends without receiving
 * it.
 *
 * Blocks while the mailbox is full, which only `limitMailbox` can make it. Fails with ESRCH when
 * there is no such living task, also meanwhile; EPERM for init, EDEADLK when the caller's own is
 * full, EINVAL for what is no pid.
 */
export const tell = blockingCall(
  "tell",
  (kernel, task, pid: Pid, message: unknown): void | Blocked => {
    const target = kernel.tasks.get(pid);
    if (!target.alive) throw new SystemError("ESRCH", `${String(target)} has ended`);
    if (target === kernel.tasks.init) throw new SystemError("EPERM", "init has no mailbox");
    const box = mailboxOf(kernel, target);
    if (box.messages.length < box.capacity) {
      box.messages.push(message);
      offer(kernel, box, task);
      return;
    }
    if (target === task) {
      throw new SystemError("EDEADLK", "its own mailbox is full, and nobody else empties it");
    }
    kernel.block(task, box.senders, { offer: message });
    offer(kernel, box, task);
    return BLOCKED;
  },
);

/** Put `message` into the mailbox of `target` from outside, between two steps; it may be full. */
export function deliver(kernel: Kernel, target: Task, message: unknown): void {
  const box = mailboxOf(kernel, target);
  box.messages.push(message);
  offer(kernel, box, null);
}

/** Something came: the first match that wants it gets it. A select does not meet itself. */
function offer(kernel: Kernel, { receivers }: Mailbox, sender: Task | null): void {
  if (receivers.first?.task === sender) return;
  for (const branch of receivers) if (retry(kernel, branch)) return;
}

type Match = (message: unknown) => boolean;

const receiveMine = blockingCall("receive", (kernel, task, match?: Match): unknown => {
  if (match !== undefined && typeof match !== "function") {
    const fix = "give a function of a message that returns true or false, or nothing";
    throw new SystemError("EINVAL", `${show(match)} is no match; ${fix}`);
  }
  const box = mailboxOf(kernel, task);
  // What did not match once is not asked about again: only the task itself takes messages out.
  let seen = 0;
  const look = (): unknown => {
    for (const { messages } = box; seen < messages.length; seen += 1) {
      if (match !== undefined && !match(messages.at(seen))) continue;
      const message = messages.take(seen);
      admit(kernel, box);
      return message;
    }
    return match === undefined ? BLOCKED : lookBehind(kernel, box, match);
  };
  const reply = look();
  return reply === BLOCKED ? kernel.block(task, box.receivers, { retry: look }) : reply;
});

/** It is full of what does not match: what waits for room may. */
function lookBehind(kernel: Kernel, { senders }: Mailbox, match: Match): unknown {
  for (const sender of senders) {
    const message = sender.waiter?.offer;
    if (!match(message)) continue;
    kernel.resume(sender, undefined);
    return message;
  }
  return BLOCKED;
}

/** Who waits for room gets what there is, in their order. */
function admit(kernel: Kernel, { messages, capacity, senders }: Mailbox): void {
  while (messages.length < capacity && senders.first !== null) {
    const sender: Entry = senders.first;
    messages.push(sender.waiter?.offer);
    kernel.resume(sender, undefined);
  }
}

/**
 * Take the next message from the caller's mailbox; with `match`, the first for which that returns
 * true: the others stay, in their order.
 *
 * Blocks until there is one; for a limit on that, use it in `timeout` or `select`. Fails with
 * EINVAL, and as `match` does, which is plain code: it must return at once and change nothing.
 */
export function receive<T>(match: (message: unknown) => message is T): SystemCall<T>;
export function receive<T = unknown>(match?: (message: T) => boolean): SystemCall<T>;
export function receive(match?: Match): SystemCall<unknown> {
  return receiveMine(match);
}

/**
 * Let the caller's mailbox hold at most `capacity` messages: who tells it more waits. Default
 * Infinity. Never blocks. Fails with EINVAL for what is no capacity from 1 up.
 */
export const limitMailbox = syscall("limitMailbox", (kernel, task, capacity: number): void => {
  checkCapacity(capacity, 1);
  const box = mailboxOf(kernel, task);
  box.capacity = capacity;
  admit(kernel, box);
});
