// How a task ends and what that frees. The one rule: a task never stops without an exit status, and
// leaves nothing behind but that.

import type { Descriptor } from "./descriptor";
import { SystemError } from "./errno";
import type { Kernel } from "./kernel";
import { abandon, Lock } from "./lock";
import { giveBack } from "./permits";
import { post, retryOn, silence } from "./signals";
import { Exit, Killed, type ExitStatus } from "./status";
import type { Task } from "./task";
import { addLogicalStack } from "./trace";

/** The last frame is gone, with `value` returned or thrown: what the task came to. */
export function finish(kernel: Kernel, task: Task, value: unknown, throws: boolean): void {
  const { pid, name, leaving } = task;
  if (leaving instanceof Exit && (!throws || value === leaving)) {
    end(kernel, task, { kind: "exited", pid, name, value: leaving.value });
  } else {
    end(kernel, task, throws ? thrown(task, value) : { kind: "exited", pid, name, value });
  }
}

/** The status of a task whose last frame threw `error`. */
function thrown(task: Task, error: unknown): ExitStatus {
  const { pid, name, signals } = task;
  const killed = signals?.killed ?? null;
  if (killed !== null && error === killed) return killedBy(task, killed);
  if (killed !== null && signals?.dying === true) blame(error, killed);
  addLogicalStack(error, task);
  return { kind: "crashed", pid, name, error };
}

/** The status of a task that `cause` has ended. */
export function killedBy({ pid, name }: Task, cause: Killed): ExitStatus {
  const { signal, by, reason } = cause;
  return { kind: "killed", pid, name, signal, by, reason, cause };
}

/** An error that a clean-up threw while it was being killed names the kill as its cause. */
function blame(error: unknown, killed: Killed): void {
  try {
    if (error instanceof Error && error.cause === undefined) error.cause = killed;
  } catch {
    // A frozen or hostile error keeps its secret.
  }
}

/** Take `task` off whatever it is on and free what it holds. No code of it runs from here on. */
export function end(kernel: Kernel, task: Task, status: ExitStatus): void {
  const { state, call, reply, throws } = task;
  if (state === "blocked") kernel.leave(task)?.cancel?.(kernel);
  else task.queue?.remove(task);
  task.status = status;
  task.frame = task.callers = task.leaving = task.call = null;
  task.reply = undefined;
  if (task.signals !== null) silence(kernel, task);
  if (state === "granted" && !throws && call !== null) {
    call.definition.lost?.(kernel, task, reply, call.a, call.b, call.c, call.d);
  }
  if (task.locks !== null || task.descriptors !== null) release(kernel, task);
  mourn(kernel, task, status);
}

function release(kernel: Kernel, task: Task): void {
  for (const held of task.locks ?? []) {
    if (held instanceof Lock) abandon(kernel, task, held);
    else giveBack(kernel, task, held);
  }
  task.locks = null;
  for (const held of task.descriptors ?? []) close(kernel, held, ownerDied(held, task));
}

/** Tell its family. */
function mourn(kernel: Kernel, task: Task, status: ExitStatus): void {
  const { parent, family } = task;
  const bound = family === null ? null : kernel.tasks.boundTo(task);
  kernel.tasks.bury(task);
  if (kernel.probes !== null) kernel.probes.exit(task, status);
  if (parent !== null) {
    if (parent.queue !== null) retryOn(kernel, parent, kernel.parents);
    if (parent.signals !== null) {
      post(kernel, parent, "CHLD", new Killed("CHLD", task, `it ${status.kind}`, null));
    }
  }
  if (bound !== null) leaveBehind(kernel, task, bound);
}

/** Tell init of the children it has inherited, and those who are to end with `task`. */
function leaveBehind(kernel: Kernel, task: Task, bound: readonly Task[]): void {
  const { init } = kernel.tasks;
  if (init?.queue === kernel.parents) retryOn(kernel, init, kernel.parents);
  for (const child of bound) {
    const reason = `${String(task)}, to whom it was bound, has ended`;
    post(kernel, child, "TERM", new Killed("TERM", null, reason, null));
  }
}

/**
 * Reap the zombie child `pid` of `parent`, or its oldest one: its status, or undefined when there
 * is none.
 */
export function reap(kernel: Kernel, parent: Task, pid?: number): ExitStatus | undefined {
  const zombie = kernel.tasks.remove(parent, pid);
  if (zombie === undefined) return undefined;
  if (kernel.probes !== null) kernel.probes.reap(zombie);
  return zombie.status ?? undefined;
}

function ownerDied({ fd }: Descriptor, owner: Task): string {
  const fix = `give it to the task that uses it: spawn(program, { give: [${fd}] })`;
  return `fd ${fd} was closed when its owner, ${String(owner)}, ended; ${fix}`;
}

/** Close `descriptor`: whoever waits for it gets EBADF, with `why`. */
export function close(kernel: Kernel, descriptor: Descriptor, why?: string): void {
  if (!kernel.descriptors.remove(descriptor)) return;
  const { fd, device, readers, writers } = descriptor;
  for (const queue of [readers, writers]) {
    while (queue.first !== null) {
      kernel.fail(queue.first, new SystemError("EBADF", why ?? `fd ${fd} was closed meanwhile`));
    }
  }
  try {
    device.close();
  } catch (error) {
    kernel.machine.report(`closing fd ${fd} (${device.name}) failed: ${String(error)}`);
  }
}
