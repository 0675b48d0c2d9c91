// The kernel: runs one task at a time to its next trap and services that trap. It never waits;
// whatever waits is in the machine, which calls step(), tick() and, through the devices,
// interrupt(). Read `step`, `#run` and `#trap` first: the life of a call. The rest is about waits.

import { BLOCKED, isProgram, resume, SystemCall, type Blocked, type Program } from "./call";
import { DescriptorTable, type Descriptor } from "./descriptor";
import { SystemError } from "./errno";
import { finish } from "./death";
import { pushFrame, rubbish } from "./frame";
import type { Machine } from "./machine";
import { Probes, type Probe } from "./probe";
import { ProcessTable } from "./process-table";
import { Ring } from "./ring";
import { Branch } from "./select";
import { Alarm, ring, takeDue } from "./signals";
import { Become } from "./status";
import type { Task, Waiter } from "./task";
import { TimerQueue } from "./timers";
import { WaitQueue, type Entry } from "./wait-queue";

export class Kernel {
  readonly machine: Machine;
  /** How many steps were made: the time of recordings and of the debugger. */
  steps = 0;
  readonly tasks = new ProcessTable();
  readonly descriptors = new DescriptorTable();
  readonly ready = new Ring<Task>();
  readonly timers = new TimerQueue();
  /** Tasks in a sleep, in no order: the timer queue has that. */
  readonly sleepers = new WaitQueue("a deadline");
  /** Parents in a wait. */
  readonly parents = new WaitQueue("a child to exit");
  /** Tasks that asked the machine something. */
  readonly outside = new WaitQueue("an answer from outside", true);
  /** Tasks in a sigwait. */
  readonly sigwaiters = new WaitQueue("a signal");
  /** Tasks in a select; their branches are on the queues of its cases. */
  readonly selectors = new WaitQueue("the first of several");
  /** Tasks that could run, but were told to stop. */
  readonly stopped = new WaitQueue("CONT");
  /** While a case of a select is made: what waits in the task's place. */
  branch: Branch | null = null;
  /** The task that runs, while one does. */
  current: Task | null = null;
  /** The one place of every free choice: which of `n`, from 0. Null: first come, first served. */
  choose: ((n: number, why: string) => number) | null = null;
  /** Milliseconds, for CPU accounting; null leaves it out, as it costs two clock reads a step. */
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
    this.steps += 1;
    if (this.probes !== null) this.probes.resume(task);
    const { cpuClock } = this;
    const began = cpuClock === null ? 0 : cpuClock();
    this.#run(task);
    if (cpuClock !== null) task.cpuTime += cpuClock() - began;
    this.current = null;
    if (this.probes !== null) this.probes.stepped(task);
    return true;
  }

  /** Resume the task's frame; on its end go on in the frame that called it, until one traps. */
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
        reply = error;
        throws = true;
      }
      if (!done) return this.#trap(task, reply);
      const { leaving } = task;
      if (leaving !== null && leaving instanceof Become && leaving.frame === frame) {
        task.leaving = null;
        if (!throws || reply === leaving) {
          task.frame = leaving.program;
          reply = undefined;
          throws = false;
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
        if (task.pending) throw takeDue(this, task);
        // Not for every call: an old object that points to a new one costs 7 ns.
        task.call = call;
      }
      const reply = definition.handler(this, task, call.a, call.b, call.c, call.d);
      if (task.state === "running") this.#reply(task, reply, definition.blocks);
    } catch (error) {
      task.call = call;
      this.fail(task, error);
    }
  }

  /** A bare `yield program()` calls it, as it did in pyos8. */
  #subroutine(task: Task, value: unknown): void {
    if (!isProgram(value)) throw rubbish(value);
    pushFrame(task, value);
    this.#reply(task, undefined, false);
  }

  #reply(task: Task, reply: unknown, granted: boolean): void {
    task.state = granted ? "granted" : "ready";
    task.reply = reply;
    task.throws = false;
    this.ready.push(task);
  }

  #pick(): Task | null {
    for (;;) {
      const { choose, ready } = this;
      const free = choose !== null && ready.length > 1;
      const task = free ? ready.take(choose(ready.length, "who runs next")) : ready.shift();
      // A task that was killed or stopped while ready is still in the ring; here it leaves.
      if (task === null || (task.alive && !task.stopped)) return task;
      if (this.probes !== null) this.probes.skip(task);
      if (task.alive) this.stopped.push(task);
    }
  }

  /** Let `task` wait on `queue` until someone resumes, fails or wakes it. For handlers. */
  block(task: Task, queue: WaitQueue, waiter: Waiter | null = null): Blocked {
    this.enter(task, queue, waiter);
    return BLOCKED;
  }

  /** As `block`; returns what waits: the task, or in a select the branch in its place. */
  enter(task: Task, queue: WaitQueue, waiter: Waiter | null): Entry {
    if (task.pending) throw takeDue(this, task);
    const entry = this.branch ?? task;
    if (entry === task) task.state = "blocked";
    else this.branch?.selection.branches.push(this.branch);
    entry.waiter = waiter;
    queue.push(entry);
    if (queue.external) this.#awaitingOutside += 1;
    if (entry === task && this.probes !== null) this.probes.block(task, queue);
    return entry;
  }

  /** Make `entry`, which runs or is blocked, ready, with `reply` as the value of its `yield`. */
  resume(entry: Entry, reply: unknown): void {
    if (entry instanceof Branch) return entry.selection.commit(this, entry, reply, false);
    if (entry.state === "blocked") {
      this.leave(entry);
      entry.state = "granted";
      if (this.probes !== null) this.probes.wake(entry);
    } else if (entry.state === "running") {
      entry.state = "ready";
    } else {
      if (!entry.alive) return;
      throw new Error(`${String(entry)} is ${entry.state} already`);
    }
    entry.reply = reply;
    entry.throws = false;
    this.ready.push(entry);
  }

  /** Make `entry` ready, with `error` thrown at its `yield`. */
  fail(entry: Entry, error: unknown): void {
    if (SystemError.is(error)) error.locate(entry.task, entry.call);
    if (entry instanceof Branch) return entry.selection.commit(this, entry, error, true);
    this.resume(entry, error);
    entry.throws = true;
  }

  /** Resume who has waited longest on `queue` with `reply`, and return it; null for nobody. */
  wake(queue: WaitQueue, reply: unknown): Task | null {
    const entry = queue.first;
    if (entry === null) return null;
    this.resume(entry, reply);
    return entry.task;
  }

  /** Take `entry` off its queue and its timer; returns what it had left with the kernel. */
  leave(entry: Entry): Waiter | null {
    const { queue, waiter } = entry;
    if (queue === null) return null;
    if (queue.external) this.#awaitingOutside -= 1;
    queue.remove(entry);
    entry.waiter = null;
    if (entry.timer !== null) this.timers.cancel(entry.timer);
    entry.timer = null;
    return waiter;
  }

  /** The timer interrupt: it is `now`, in milliseconds. Deadlines are served in their order. */
  tick(now: number): void {
    if (this.probes !== null) this.probes.tick(now);
    for (let timer = this.timers.due(now); timer !== null; timer = this.timers.due(now)) {
      const { target } = timer;
      if (target instanceof Alarm) ring(this, target);
      else this.resume(target, undefined);
    }
  }

  /** Can nothing happen any more? If tasks are left then, they wait for each other: a deadlock. */
  get stuck(): boolean {
    return this.ready.length === 0 && this.timers.length === 0 && this.#awaitingOutside === 0;
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
