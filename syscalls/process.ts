// System calls about tasks: who am I, make one, wait for one. How to stop one is in signals.ts.

import { BLOCKED, blockingCall, isProgram, syscall } from "../kernel/call";
import { reap } from "../kernel/death";
import { SystemError } from "../kernel/errno";
import { pushFrame } from "../kernel/frame";
import { become as replaceFrame, exit as leave, preempt, spawn as makeTask } from "../kernel/life";
import { show } from "../kernel/show";
import { snapshot } from "../kernel/snapshot";
import type { Blocked, ExitStatus, Kernel, Pid, Program, SpawnOptions, Task } from "../kernel";

/** The caller's pid. Never blocks, never fails. */
export const getpid = syscall("getpid", (_kernel, task): Pid => task.pid);

/** The pid of the caller's parent; 1 is init, who adopts orphans. Never blocks, never fails. */
export const getppid = syscall("getppid", (_kernel, task): Pid => task.parent?.pid ?? 0);

/**
 * Run `program` as a new task, a child of the caller, and return its pid.
 *
 * `program` is a generator, or a generator function without parameters, which then also names the
 * task. Does not block: parent and child are both ready, the child first. A signal that is pending
 * comes in its place, so who was told to stop starts nothing new. Fails with EINVAL for what is no
 * program or was already run, or no such option, EBADF when a descriptor to give is not open.
 */
export const spawn = blockingCall(
  "spawn",
  <T>(
    kernel: Kernel,
    task: Task,
    program: Program<T> | (() => Program<T>),
    options?: SpawnOptions,
  ): Pid<T> => makeTask(kernel, program, task, options).pid,
  { selectable: false },
);

/**
 * End the caller with `value` as its exit status; `finally` blocks run first. Does not return.
 *
 * It unwinds by throwing, so a `catch` for everything has to throw on what it does not know.
 */
export const exit = syscall("exit", (kernel, task, value?: unknown): never => {
  return leave(kernel, task, value) as never;
});

/**
 * Wait for the child `pid`, or without one for any child, to exit; reap it and return its exit
 * status.
 *
 * Blocks until it does. Without a pid, daemons are not waited for. Fails with ECHILD when the
 * caller has no such child, EDEADLK when it would wait for itself, EINVAL for what is no pid.
 */
export const wait = blockingCall(
  "wait",
  <T = unknown>(kernel: Kernel, task: Task, pid?: Pid<T>): ExitStatus<T> | Blocked => {
    const status = reap(kernel, task, pid);
    if (status !== undefined) return status as ExitStatus<T>;
    checkChild(kernel, task, pid);
    const retry = () => reap(kernel, task, pid) ?? BLOCKED;
    return kernel.block(task, kernel.parents, { retry });
  },
);

function checkChild(kernel: Kernel, task: Task, pid: number | undefined): void {
  if (pid === undefined) {
    if (task.family !== null && task.family.living > 0) return;
    throw new SystemError("ECHILD", "it has no child to wait for");
  }
  if (pid === task.pid) throw new SystemError("EDEADLK", "it would wait for itself");
  if (!Number.isInteger(pid) || pid < 1) {
    throw new SystemError("EINVAL", `${show(pid)} is no pid; a pid is a whole number from 1 up`);
  }
  const child = kernel.tasks.find(pid);
  if (child === undefined) {
    throw new SystemError("ECHILD", `there is no task ${pid}: it never was, or has been reaped`);
  }
  if (child.parent !== task) {
    throw new SystemError("ECHILD", `${String(child)} is not its child; only a parent waits`);
  }
}

/**
 * Let every other ready task run first. The caller stays ready; a signal may reach it meanwhile.
 */
export const yieldCpu = syscall("yieldCpu", (kernel, task): void | Blocked =>
  preempt(kernel, task),
);

/**
 * Call `program` as a subroutine: its return value is the reply, its exception is thrown in the
 * caller.
 *
 * Unlike a native `yield* program()` it takes no native stack, costs the same at any depth, and
 * shows as a frame of its own. Fails with EINVAL for what is no program or was already run, EDEADLK
 * for a program that calls itself.
 */
export const call = syscall(
  "call",
  <T>(kernel: Kernel, task: Task, program: Program<T>): T | Blocked => {
    pushFrame(task, checkProgram(program));
    kernel.resume(task, undefined);
    return BLOCKED;
  },
);

/**
 * Put `program` in the place of the frame that runs (all since the last `call` or the task's
 * start): a tail call. The frame's `finally` blocks run first. Does not return. Fails with EINVAL
 * for what is no program or was already run, and during an `exit`.
 */
export const become = syscall("become", (kernel, task, program: Program): never => {
  return replaceFrame(kernel, task, checkProgram(program)) as never;
});

function checkProgram(program: unknown): Program {
  if (isProgram(program)) return program;
  throw new SystemError("EINVAL", `${show(program)} is no program; pass a generator: worker()`);
}

/**
 * Every task as it is now, in the order of pids: an immutable snapshot. Never blocks, never fails.
 */
export const ps = syscall("ps", (kernel) => snapshot(kernel));
