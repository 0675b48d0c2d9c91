// System calls that interrupt tasks, and that hold interruptions off: signals, alarms, shields.

import { BLOCKED, blockingCall, Hidden, syscall } from "../kernel/call";
import { SystemError } from "../kernel/errno";
import { kill as signalTask } from "../kernel/life";
import { show } from "../kernel/show";
import {
  Alarm,
  arm as armAlarm,
  disarm as disarmAlarm,
  rearm as rearmAlarm,
  shield,
  sigmask as setMask,
  takeKept,
} from "../kernel/signals";
import { signals } from "../kernel/status";
import { siteOf } from "../kernel/trace";
import type { Blocked, Kernel, Pid, Signal, SignalInfo, Site, SystemCall, Task } from "../kernel";

const killCall = syscall(
  "kill",
  (kernel, task, pid: Pid, name?: Signal, reason?: string, site?: Hidden<Site>) => {
    const signal = checkSignal(name ?? "TERM");
    const target = kernel.tasks.get(pid);
    if (target === kernel.tasks.init) throw new SystemError("EPERM", "init cannot be killed");
    signalTask(kernel, target, signal, task, String(reason ?? ""), site?.value);
    return task.alive ? undefined : BLOCKED;
  },
);

/**
 * Send `signal` to the task `pid`: TERM (the default) asks it to stop, KILL stops it. Returns at
 * once; `wait` tells when a child's clean-up is done. `reason` arrives in the Killed that TERM
 * throws and in the exit status.
 *
 * TERM, INT, USR1, USR2 and ALRM are thrown at the blocking call the task is in, or at its next
 * one; the first of them is the one that counts. KILL runs no more code of the task. STOP keeps it
 * from running until CONT. CHLD is only for `sigwait`. A task that has exited hears nothing. Fails
 * with ESRCH when there is no such task, EPERM for init, EINVAL for what is no pid or no signal.
 */
export function kill(pid: Pid, signal?: Signal, reason?: string): SystemCall<void> {
  return killCall(pid, signal, reason, new Hidden(siteOf(kill)));
}

const killGroupCall = syscall(
  "killGroup",
  (kernel, task, group: Pid, name?: Signal, reason?: string, site?: Hidden<Site>) => {
    const signal = checkSignal(name ?? "TERM");
    const members = [...kernel.tasks].filter((member) => member.alive && member.group === group);
    if (group === 1) throw new SystemError("EPERM", "init cannot be killed");
    if (members.length === 0) {
      throw new SystemError("ESRCH", `no task is in the process group ${show(group)}`);
    }
    // The youngest first, so that children stop before their parents look at them.
    for (const member of members.reverse()) {
      signalTask(kernel, member, signal, task, String(reason ?? ""), site?.value);
    }
    return task.alive ? undefined : BLOCKED;
  },
);

/**
 * Send `signal` to every task of a process group, the caller too if it is one of them. `group` is
 * the pid of the task that was spawned with `group: true`; all that it started are in it, but for
 * those that began a group of their own. Fails with ESRCH when nobody is left in it, EPERM for
 * init's, EINVAL for no signal.
 */
export function killGroup(group: Pid, signal?: Signal, reason?: string): SystemCall<void> {
  return killGroupCall(group, signal, reason, new Hidden(siteOf(killGroup)));
}

function checkSignal(signal: unknown): Signal {
  if (signals.includes(signal as Signal)) return signal as Signal;
  throw new SystemError("EINVAL", `${show(signal)} is no signal; there are ${signals.join(", ")}`);
}

/** Signals that cannot be kept from having their effect. */
const unmaskable: readonly unknown[] = ["KILL", "STOP", "CONT"];

/**
 * From now on keep these signals for `sigwait`, and no others; returns those kept so far, to put
 * back. A kept signal neither ends the caller nor interrupts it. Children begin with none. Never
 * blocks. Fails with EINVAL for what is no signal, and for KILL, STOP and CONT.
 */
export const sigmask = syscall(
  "sigmask",
  (kernel, task, mask: readonly Signal[]): readonly Signal[] => setMask(kernel, task, check(mask)),
);

function check(mask: readonly Signal[]): readonly Signal[] {
  if (!Array.isArray(mask)) {
    throw new SystemError("EINVAL", `${show(mask)} is no array of signals, such as ["USR1"]`);
  }
  for (const signal of mask) {
    checkSignal(signal);
    if (unmaskable.includes(signal)) throw new SystemError("EINVAL", `${signal} cannot be kept`);
  }
  return [...(mask as readonly Signal[])];
}

/**
 * Wait for one of `wanted`, signals that `sigmask` keeps, and take it. One of each kind is
 * remembered. Blocks until one comes. Fails with EINVAL for signals that are not kept: they would
 * end the caller, or do nothing.
 */
export const sigwait = blockingCall(
  "sigwait",
  (kernel, task, wanted: readonly Signal[]): SignalInfo | Blocked => {
    const mask = task.signals?.mask ?? [];
    const loose = check(wanted).filter((signal) => !mask.includes(signal));
    if (loose.length > 0) {
      const fix = `call sigmask([${loose.map(show).join(", ")}]) before`;
      throw new SystemError("EINVAL", `it does not keep ${loose.join(", ")}; ${fix}`);
    }
    if (wanted.length === 0) {
      throw new SystemError("EINVAL", 'it waits for no signal; name one: sigwait(["USR1"])');
    }
    const kept = takeKept(task, wanted);
    if (kept !== BLOCKED) return kept;
    return kernel.block(task, kernel.sigwaiters, { retry: () => takeKept(task, wanted) });
  },
);

/**
 * Send the caller ALRM after `duration` milliseconds, in place of the alarm it set before; 0 only
 * takes that back. Returns how long that one had still to go; 0 if there was none. Never blocks.
 * Fails with EINVAL. For a limit on a piece of work use `timeout`.
 */
export const alarm = syscall("alarm", (kernel, task, duration: number): number => {
  const now = kernel.machine.now();
  const deadline = checkTime(now + duration, duration >= 0, duration);
  const before = task.signals?.alarm ?? null;
  const left = before === null ? now : (before.timer?.deadline ?? Infinity);
  if (before !== null) disarmAlarm(kernel, before);
  if (duration > 0) {
    const next = armAlarm(kernel, task, deadline, null);
    if (task.signals !== null) task.signals.alarm = next;
  }
  return Math.max(0, left - now);
});

/**
 * Throw `error` in the caller at `deadline` (milliseconds, as `now` has them): at the blocking call
 * it is in then, or its next one; unless it is disarmed before. `timeout` is built on this. A
 * signal that ends the caller disarms all alarms that are set. Never blocks. Fails with EINVAL.
 */
export const arm = syscall("arm", (kernel, task, deadline: number, error: unknown): Alarm => {
  checkTime(deadline, deadline > -Infinity, deadline);
  if (error === null || error === undefined) {
    throw new SystemError("EINVAL", 'give an error to throw, such as new Error("late")');
  }
  return armAlarm(kernel, task, deadline, error);
});

/**
 * Move an alarm that `arm` set to another `deadline`, even if its time has come meanwhile; does
 * nothing once it was thrown or disarmed. Any task may. Never blocks. Fails with EINVAL.
 */
export const rearm = syscall("rearm", (kernel, _task, alarm: Alarm, deadline: number): void => {
  checkTime(deadline, deadline > -Infinity, deadline);
  rearmAlarm(kernel, checkAlarm(alarm), deadline);
});

/**
 * Take back an alarm that `arm` set, even if its time has come meanwhile. Never blocks. Fails with
 * EINVAL for what is no alarm.
 */
export const disarm = syscall("disarm", (kernel, _task, alarm: Alarm): void => {
  disarmAlarm(kernel, checkAlarm(alarm));
});

function checkAlarm(alarm: unknown): Alarm {
  if (alarm instanceof Alarm) return alarm;
  throw new SystemError("EINVAL", `${show(alarm)} is no alarm; arm() makes one`);
}

/** Infinity is far away, and allowed. */
function checkTime(time: number, holds: boolean, given: number): number {
  if (typeof given === "number" && holds && !Number.isNaN(time)) return time;
  throw new SystemError("EINVAL", `${show(given)} is no time; give milliseconds`);
}

/**
 * Put up a shield: signals and alarms of before wait until it is taken away. KILL and STOP do not
 * wait. Never blocks. Use `shield(program)`, which takes it away again.
 */
export const raiseShield = syscall("raiseShield", (_kernel: Kernel, task: Task): void => {
  shield(task, 1);
});

/** Take away the newest shield. Never blocks. Fails with EPERM when there is none. */
export const lowerShield = syscall("lowerShield", (_kernel: Kernel, task: Task): void => {
  shield(task, -1);
});
