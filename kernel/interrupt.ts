// Waiting for what is outside the kernel: devices that interrupt, and questions the machine
// answers.

import { BLOCKED, type Blocked } from "./call";
import type { Descriptor } from "./descriptor";
import type { Kernel } from "./kernel";
import type { Answer, Cancel } from "./machine";
import type { Task, Waiter } from "./task";
import type { Entry, WaitQueue } from "./wait-queue";

/**
 * A device interrupt: whoever waits for `descriptor` tries again, in order, until one must go on
 * waiting.
 */
export function interrupt(kernel: Kernel, descriptor: Descriptor): void {
  // Serving one may interrupt another, or the same one: a pipe that is read is writable. Those wait
  // their turn, so that no task is retried while it is being retried.
  const { interrupted } = kernel;
  interrupted.push(descriptor);
  if (interrupted.length > 1) return;
  // The one being served stays at the front meanwhile. (`length = 0` would drop the array's store.)
  for (; interrupted.length > 0; interrupted.shift()) {
    const { readers, writers } = interrupted[0] as Descriptor;
    while (retry(kernel, readers.first));
    while (retry(kernel, writers.first));
  }
}

/** Make `attempt`; while it is BLOCKED wait on `queue` and make it again at every interrupt. */
export function attempt<T>(
  kernel: Kernel,
  task: Task,
  queue: WaitQueue,
  attempt: () => T | Blocked,
): T | Blocked {
  const reply = queue.first === null ? attempt() : BLOCKED;
  return reply === BLOCKED ? kernel.block(task, queue, { retry: attempt }) : reply;
}

/** Let what is blocked try its call again. Does it wait no longer? */
export function retry(kernel: Kernel, entry: Entry | null): boolean {
  if (entry === null) return false;
  try {
    const reply = entry.waiter?.retry?.();
    if (reply === BLOCKED) return false;
    kernel.resume(entry, reply);
  } catch (error) {
    kernel.fail(entry, error);
  }
  return true;
}

/** Let `task` wait for the outside world: `start` begins the work and returns how to give it up. */
export function ask<T>(kernel: Kernel, task: Task, start: (answer: Answer<T>) => Cancel): Blocked {
  const waiter: Waiter = {};
  const entry = kernel.enter(task, kernel.outside, waiter);
  const answer: Answer<T> = {
    get waiting() {
      return entry.waiter === waiter;
    },
    done(value) {
      if (entry.waiter === waiter) kernel.resume(entry, value);
    },
    fail(error) {
      if (entry.waiter === waiter) kernel.fail(entry, error);
    },
  };
  try {
    waiter.cancel = start(answer);
  } catch (error) {
    answer.fail(error);
  }
  return BLOCKED;
}
