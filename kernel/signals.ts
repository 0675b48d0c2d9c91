// Interrupting a task: signals, alarms, and the shields and masks that hold them off. All of them
// wait in the task until it makes a call that may block, or are thrown at the one it is in.
// Knows nothing of how tasks die: KILL is in life.ts.

import { BLOCKED } from "./call";
import { SystemError } from "./errno";
import { retry } from "./interrupt";
import type { Kernel } from "./kernel";
import { Exit, Killed, type Signal, type SignalInfo } from "./status";
import { Selection } from "./select";
import type { Task } from "./task";
import type { Timer } from "./timers";
import type { WaitQueue } from "./wait-queue";

/** Something to be thrown in a task. It gets through `depth` shields. */
interface Interruption {
  readonly error: unknown;
  readonly depth: number;
}

/** An error that is thrown in its task at a deadline. */
export class Alarm implements Interruption {
  readonly task: Task;
  /** Null: send ALRM instead. */
  readonly error: unknown;
  readonly depth: number;
  timer: Timer | null = null;

  constructor(task: Task, error: unknown, depth: number) {
    this.task = task;
    this.error = error;
    this.depth = depth;
  }
}

/** What a task has of signals. */
export class Signals {
  /** The first signal that ends it. The first counts, so that none interrupts its clean-up. */
  killed: Killed | null = null;
  /** To be thrown, oldest first. */
  due: Interruption[] = [];
  /** How many shields are up. */
  shields = 0;
  readonly alarms = new Set<Alarm>();
  /** The one that `alarm` has set. */
  alarm: Alarm | null = null;
  /** These are kept for sigwait. */
  mask: readonly Signal[] = [];
  /** Kept signals nobody has asked for yet: one of each kind, as in Unix. */
  kept: Killed[] = [];

  /** Has what ends it been thrown already? */
  get dying(): boolean {
    return this.killed !== null && !this.due.some(({ error }) => error === this.killed);
  }
}

/** Signals that end a task, unless it is in `sigmask` for them. */
const deadly: readonly Signal[] = ["TERM", "INT", "USR1", "USR2", "ALRM"];

/** Give `task` a signal other than KILL. The dead do not hear it. */
export function post(kernel: Kernel, task: Task, signal: Signal, info: Killed): void {
  if (!task.alive) return;
  if (signal === "STOP") {
    task.stopped = true;
  } else if (signal === "CONT") {
    goOn(kernel, task);
  } else if (task.signals?.mask.includes(signal) === true) {
    keep(kernel, task, task.signals, info);
  } else if (deadly.includes(signal) && !(task.leaving instanceof Exit)) {
    const state = (task.signals ??= new Signals());
    if (state.killed !== null) return;
    state.killed = info;
    interrupt(kernel, task, { error: info, depth: 0 });
  }
}

function goOn(kernel: Kernel, task: Task): void {
  task.stopped = false;
  if (task.queue !== kernel.stopped) return;
  kernel.stopped.remove(task);
  kernel.ready.push(task);
}

function keep(kernel: Kernel, task: Task, state: Signals, info: Killed): void {
  if (state.kept.some(({ signal }) => signal === info.signal)) return;
  state.kept.push(info);
  retryOn(kernel, task, kernel.sigwaiters);
}

/** Let `task` try again if it, or a branch of it, waits on `queue`. */
export function retryOn(kernel: Kernel, task: Task, queue: WaitQueue): void {
  if (task.queue === queue) retry(kernel, task);
  else if (task.waiter instanceof Selection) {
    for (const branch of task.waiter.on(queue)) if (retry(kernel, branch)) return;
  }
}

/** Keep the signals of `mask` for sigwait from now on; returns those that were kept so far. */
export function sigmask(kernel: Kernel, task: Task, mask: readonly Signal[]): readonly Signal[] {
  const state = (task.signals ??= new Signals());
  const before = state.mask;
  state.mask = mask;
  // What is no longer kept comes through now, as it would have come then.
  const freed = state.kept.filter(({ signal }) => !mask.includes(signal));
  state.kept = state.kept.filter(({ signal }) => mask.includes(signal));
  for (const info of freed) post(kernel, task, info.signal, info);
  return before;
}

/** Take the oldest kept signal that is one of `wanted`; BLOCKED when there is none. */
export function takeKept(task: Task, wanted: readonly Signal[]): SignalInfo | typeof BLOCKED {
  const kept = task.signals?.kept ?? [];
  const first = kept.find(({ signal }) => wanted.includes(signal));
  if (first === undefined) return BLOCKED;
  kept.splice(kept.indexOf(first), 1);
  const { signal, by, sender, reason, from } = first;
  return { signal, by, sender, reason, from };
}

/** Throw `error` in `task` at `deadline`, in milliseconds, unless it is disarmed before. */
export function arm(kernel: Kernel, task: Task, deadline: number, error: unknown): Alarm {
  const state = (task.signals ??= new Signals());
  const alarm = new Alarm(task, error, state.shields);
  set(kernel, state, alarm, deadline);
  return alarm;
}

function set(kernel: Kernel, state: Signals, alarm: Alarm, deadline: number): void {
  if (deadline < Infinity) alarm.timer = kernel.timers.add(deadline, alarm);
  state.alarms.add(alarm);
}

/** Move `alarm` to `deadline`, unless it was disarmed or thrown. */
export function rearm(kernel: Kernel, alarm: Alarm, deadline: number): void {
  const state = alarm.task.signals;
  if (state === null || !(state.alarms.has(alarm) || state.due.includes(alarm))) return;
  disarm(kernel, alarm);
  set(kernel, state, alarm, deadline);
}

/** Forget `alarm`, even if its time has come and it has not been thrown yet. */
export function disarm(kernel: Kernel, alarm: Alarm): void {
  if (alarm.timer !== null) kernel.timers.cancel(alarm.timer);
  alarm.timer = null;
  const state = alarm.task.signals;
  if (state === null) return;
  state.alarms.delete(alarm);
  if (state.alarm === alarm) state.alarm = null;
  state.due = state.due.filter((due) => due !== alarm);
  review(alarm.task, state);
}

/** The deadline of `alarm` has come. */
export function ring(kernel: Kernel, alarm: Alarm): void {
  const { task } = alarm;
  alarm.timer = null;
  task.signals?.alarms.delete(alarm);
  if (alarm.error !== null) return interrupt(kernel, task, alarm);
  if (task.signals?.alarm === alarm) task.signals.alarm = null;
  post(kernel, task, "ALRM", new Killed("ALRM", task, "its alarm", null));
}

/** Put up a shield (1) or take one away (-1). What comes from outside it waits for its end. */
export function shield(task: Task, change: 1 | -1): void {
  const state = (task.signals ??= new Signals());
  if (state.shields + change < 0) throw new SystemError("EPERM", "it has no shield to take away");
  state.shields += change;
  review(task, state);
}

function review(task: Task, state: Signals): void {
  task.pending = state.due.some(({ depth }) => depth >= state.shields);
}

/** Throw it now if that loses nothing; else at the task's next blocking call. */
function interrupt(kernel: Kernel, task: Task, what: Interruption): void {
  const state = (task.signals ??= new Signals());
  state.due.push(what);
  review(task, state);
  if (!task.pending) return;
  if (task.state === "blocked") {
    const { waiter } = task;
    kernel.fail(task, takeDue(kernel, task));
    waiter?.cancel?.(kernel);
  } else if (task.state === "yielded") {
    task.state = "ready";
    task.reply = takeDue(kernel, task);
    task.throws = true;
  }
}

/** What is to be thrown in `task` first, as it is about to be. */
export function takeDue(kernel: Kernel, task: Task): unknown {
  const state = task.signals as Signals;
  const index = state.due.findIndex(({ depth }) => depth >= state.shields);
  const [first] = state.due.splice(index, 1);
  if (first?.error === state.killed) silence(kernel, task);
  else review(task, state);
  return first?.error;
}

/** No deadline of what `task` was doing comes any more: it is on its way out. */
export function silence(kernel: Kernel, task: Task): void {
  task.pending = false;
  const state = task.signals;
  if (state === null) return;
  for (const alarm of state.alarms) {
    if (alarm.timer !== null) kernel.timers.cancel(alarm.timer);
    alarm.timer = null;
  }
  state.alarms.clear();
  state.alarm = null;
  // A kill that has not been thrown yet never will be.
  if (!state.dying) state.killed = null;
  state.due = [];
}
