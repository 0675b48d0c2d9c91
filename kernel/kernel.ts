// The kernel: runs one task at a time to its next trap and services that trap. It never waits;
// whatever waits is in the machine, which calls step(), tick() and, through the devices,
// interrupt(). Read `step`, `#run` and `#trap` first: they are the life of a system call.
// Everything else starts or ends waits.

import { BLOCKED, isProgram, resume, SystemCall, type Blocked, type Program } from "./call";
import { DescriptorTable, type Descriptor } from "./descriptor";
import { SystemError } from "./errno";
import { pushFrame, rubbish } from "./frame";
import { finish } from "./life";
import type { Machine } from "./machine";
import { Probes, type Probe } from "./probe";
import { ProcessTable } from "./process-table";
import { ReadyQueue } from "./ready";
import { Become } from "./status";
import type { Task, Waiter } from "./task";
import { TimerQueue } from "./timers";
import { WaitQueue } from "./wait-queue";

export class Kernel {
  readonly machine: Machine;
  readonly tasks = new ProcessTable();
  readonly descriptors = new DescriptorTable();
  readonly ready = new ReadyQueue();
  readonly timers = new TimerQueue();
  /** Tasks in a sleep, in no order: the timer queue has that. */
  readonly sleepers = new WaitQueue("a deadline");
  /** Parents in a wait. */
  readonly parents = new WaitQueue("a child to exit");
  /** Tasks that asked the machine something. */
  readonly outside = new WaitQueue("an answer from outside", true);
  /** The task that runs, while one does. */
  current: Task | null = null;
  /**
   * The one place of every free choice: which of `n`, from 0. Null chooses 0: first come, first
   * served.
   */
  choose: ((n: number, why: string) => number) | null = null;
  /**
   * Milliseconds, for CPU accounting; null, the default, leaves it out (two clock reads a step).
   */
  cpuClock: (() => number) | null = null;
  /** What watches, or null. */
  probes: Probes | null = null;
  #awaitingOutside = 0;
  /** Device interrupts being serviced, and those that came meanwhile. */
  readonly interrupted: Descriptor[] = [];

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Run one task to its next trap and service that trap. False when no task is ready. */
  step(): boolean {
    if (this.current !== null) throw new Error(`step() called by ${String(this.current)} itself`);
    const task = this.#pick();
    if (task === null) return false;
    this.current = task;
    task.state = "running";
    task.steps += 1;
    if (this.probes !== null) this.probes.resume(task);
    if (this.cpuClock === null) {
      this.#run(task);
    } else {
      const began = this.cpuClock();
      this.#run(task);
      task.cpuTime += this.cpuClock() - began;
    }
    this.current = null;
    return true;
  }

  /**
   * Resume the task's frame; on its return or throw go on in the frame that called it, until one
   * traps.
   */
  #run(task: Task): void {
    let { reply, throws } = task;
    task.reply = undefined;
    for (;;) {
      const frame = task.frame as Program;
      let done = true;
      try {
        const result = throws ? frame.throw(reply) : resume(frame, reply);
        reply = result.value;
        done = result.done === true;
        throws = false;
      } catch (error) {
        [reply, throws] = [error, true];
      }
      if (!done) return this.#trap(task, reply);
      const { leaving } = task;
      if (leaving !== null && leaving instanceof Become && leaving.frame === frame) {
        task.leaving = null;
        if (!throws || reply === leaving) {
          task.frame = leaving.program;
          [reply, throws] = [undefined, false];
          continue;
        }
      }
      const caller = task.callers?.pop();
      if (caller === undefined) return finish(this, task, reply, throws);
      task.frame = caller;
    }
  }

  #trap(task: Task, value: unknown): void {
    let call: SystemCall<unknown> | null = null;
    try {
      if (!(value instanceof SystemCall)) return this.#subroutine(task, value);
      call = value;
      if (call.done) throw call.reused();
      call.done = true;
      if (this.probes !== null) this.probes.trap(task, call);
      const { definition } = call;
      if (definition.blocks) {
        if (task.pending) throw this.takeSignal(task);
        // Not for every call: an old object that points to a new one costs 7 ns.
        task.call = call;
      }
      const reply = definition.handler(this, task, call.a, call.b, call.c, call.d);
      if (task.state === "running") this.resume(task, reply);
    } catch (error) {
      task.call = call;
      this.fail(task, error);
    }
  }

  /** A bare `yield program()` calls it, as it did in pyos8. */
  #subroutine(task: Task, value: unknown): void {
    if (!isProgram(value)) throw rubbish(value);
    pushFrame(task, value);
    this.resume(task, undefined);
  }

  #pick(): Task | null {
    for (;;) {
      const { choose, ready } = this;
      const free = choose !== null && ready.length > 1;
      const task = free ? ready.take(choose(ready.length, "who runs next")) : ready.shift();
      // A task that was killed while ready is still in the ring; this is where it leaves.
      if (task === null || task.alive) return task;
    }
  }

  /**
   * Let `task` wait on `queue` until someone resumes, fails or wakes it. For handlers: `return
   * kernel.block(…)`.
   */
  block(task: Task, queue: WaitQueue, waiter: Waiter | null = null): Blocked {
    if (task.pending) throw this.takeSignal(task);
    task.state = "blocked";
    task.waiter = waiter;
    queue.push(task);
    if (queue.external) this.#awaitingOutside += 1;
    if (this.probes !== null) this.probes.block(task, queue);
    return BLOCKED;
  }

  /** Let `task` wait until the machine's clock reads `deadline`, in milliseconds. */
  sleepUntil(task: Task, deadline: number): Blocked {
    this.block(task, this.sleepers);
    task.timer = this.timers.add(deadline, task);
    return BLOCKED;
  }

  /**
   * Let `task` give up the CPU. Nothing was delivered to it, so a signal may still find it there.
   */
  preempt(task: Task): Blocked {
    if (task.pending) throw this.takeSignal(task);
    task.state = "yielded";
    task.throws = false;
    this.ready.push(task);
    return BLOCKED;
  }

  /** Make `task`, which runs or is blocked, ready, with `reply` as the value of its `yield`. */
  resume(task: Task, reply: unknown): void {
    if (task.state === "blocked") this.unblock(task);
    else if (!task.alive) return;
    else if (task.state !== "running") throw new Error(`${String(task)} is ${task.state} already`);
    task.state = "ready";
    task.reply = reply;
    task.throws = false;
    this.ready.push(task);
  }

  /** Make `task` ready, with `error` thrown at its `yield`. */
  fail(task: Task, error: unknown): void {
    if (SystemError.is(error)) error.locate(task, task.call);
    this.resume(task, error);
    task.throws = true;
  }

  /**
   * Resume the task that has waited longest on `queue` with `reply`, and return it; null when
   * nobody waits.
   */
  wake(queue: WaitQueue, reply: unknown): Task | null {
    const task = queue.first;
    if (task !== null) this.resume(task, reply);
    return task;
  }

  /** Take `task` off its queue and its timer. Whoever does so says at once where it goes. */
  unblock(task: Task): void {
    const queue = task.queue as WaitQueue;
    if (queue.external) this.#awaitingOutside -= 1;
    queue.remove(task);
    task.waiter = null;
    if (task.timer !== null) this.timers.cancel(task.timer);
    task.timer = null;
    if (this.probes !== null) this.probes.wake(task);
  }

  /**
   * The timer interrupt: it is `now`, in milliseconds. Sleepers wake in the order of their
   * deadlines.
   */
  tick(now: number): void {
    for (let timer = this.timers.due(now); timer !== null; timer = this.timers.due(now)) {
      this.resume(timer.task, undefined);
    }
  }

  /**
   * Can anything still happen? If not, and tasks are left, they wait for each other: a deadlock.
   */
  get stuck(): boolean {
    return this.ready.length === 0 && this.timers.length === 0 && this.#awaitingOutside === 0;
  }

  /** The signal that `task` has pending, as it is about to be thrown. */
  takeSignal(task: Task): unknown {
    task.pending = false;
    return task.killed;
  }

  attach(probe: Probe): void {
    this.probes ??= new Probes((message) => this.machine.report(message));
    this.probes.add(probe);
  }

  detach(probe: Probe): void {
    this.probes?.delete(probe);
    if (this.probes?.size === 0) this.probes = null;
  }
}
