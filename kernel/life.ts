// Lives of tasks: how they begin, how they are told to stop, and what their death frees.
// The one rule: a task never stops without an exit status, and leaves nothing behind but that.

import { BLOCKED, type Blocked, type Program } from "./call";
import type { Descriptor } from "./descriptor";
import type { Device } from "./device";
import { SystemError } from "./errno";
import { claim, toProgram } from "./frame";
import { interrupt, retry } from "./interrupt";
import type { Kernel } from "./kernel";
import { Become, Exit, Killed, type ExitStatus, type Signal } from "./status";
import { Task } from "./task";

export interface SpawnOptions {
  /**
   * What `ps` and messages call it. Default: the generator function's name, where one is passed.
   */
  readonly name?: string;
  /**
   * Does not keep the system alive: told to stop when only daemons are left. Its children are
   * daemons too.
   */
  readonly daemon?: boolean;
  /**
   * A child of init: its spawner cannot wait for it, and it leaves no zombie. Init reports it if it
   * crashes.
   */
  readonly detached?: boolean;
  /** Descriptors the new task shall own: they close when it dies. */
  readonly give?: readonly number[];
}

/** Make a task of `source`. It is ready at once, and a child of `parent`; only init has none. */
export function spawn(
  kernel: Kernel,
  source: unknown,
  parent: Task | null,
  options: SpawnOptions = {},
): Task {
  const { tasks, descriptors, ready, probes } = kernel;
  const name = options.name ?? (typeof source === "function" ? source.name : "");
  const program = toProgram(source);
  const gifts = options.give?.map((fd) => descriptors.getOwned(fd));
  const family = options.detached === true ? (tasks.init ?? parent) : parent;
  const daemon = options.daemon === true || parent?.daemon === true;
  const task = new Task(tasks.nextPid(), name, daemon, program);
  claim(program, task);
  tasks.add(task, family);
  if (gifts !== undefined) for (const gift of gifts) descriptors.give(gift, task);
  ready.push(task);
  if (probes !== null) probes.spawn(task);
  return task;
}

/** Unwind `task`'s frames, so that their clean-ups run, on the way to an exit. */
export function exit(kernel: Kernel, task: Task, value: unknown): Blocked {
  task.pending = false;
  task.leaving = new Exit(value);
  kernel.fail(task, task.leaving);
  return BLOCKED;
}

/** Unwind the frame that `task` runs and put `program` in its place. */
export function become(kernel: Kernel, task: Task, program: Program): Blocked {
  if (task.leaving !== null) {
    throw new SystemError("EINVAL", "it is on its way out of this program already");
  }
  claim(program, task);
  task.leaving = new Become(task.frame as Program, program);
  kernel.fail(task, task.leaving);
  return BLOCKED;
}

/**
 * Send `signal` to `task`. The dead do not hear it, nor those on their way to an exit; the first
 * TERM is the one that counts, so that none interrupts the clean-up of another.
 */
export function kill(
  kernel: Kernel,
  task: Task,
  signal: Signal,
  sender: Task | null,
  reason: string,
): void {
  if (!task.alive) return;
  if (signal === "KILL") {
    const { pid, name } = task;
    end(kernel, task, { kind: "killed", pid, name, signal, by: sender?.pid ?? 0, reason });
  } else if (task.killed === null && !(task.leaving instanceof Exit)) {
    task.killed = new Killed(signal, sender, reason);
    task.pending = true;
    deliver(kernel, task);
  }
}

/**
 * Throw the pending signal now if that loses nothing; else it waits for the task's next blocking
 * call.
 */
function deliver(kernel: Kernel, task: Task): void {
  if (task.state === "blocked") {
    task.waiter?.cancel?.();
    kernel.fail(task, kernel.takeSignal(task));
  } else if (task.state === "yielded") {
    task.state = "ready";
    task.reply = kernel.takeSignal(task);
    task.throws = true;
  }
}

/** The last frame is gone, with `value` returned or thrown: what the task came to. */
export function finish(kernel: Kernel, task: Task, value: unknown, throws: boolean): void {
  const { pid, name, killed, leaving } = task;
  if (leaving instanceof Exit && (!throws || value === leaving)) {
    end(kernel, task, { kind: "exited", pid, name, value: leaving.value });
  } else if (!throws) {
    end(kernel, task, { kind: "exited", pid, name, value });
  } else if (killed !== null && value === killed) {
    const { signal, by, reason } = killed;
    end(kernel, task, { kind: "killed", pid, name, signal, by, reason });
  } else {
    if (killed !== null && !task.pending) blame(value, killed);
    end(kernel, task, { kind: "crashed", pid, name, error: value });
  }
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
function end(kernel: Kernel, task: Task, status: ExitStatus): void {
  if (task.state === "blocked") {
    task.waiter?.cancel?.();
    kernel.unblock(task);
  }
  task.status = status;
  task.frame = task.callers = task.leaving = task.call = null;
  task.reply = undefined;
  task.pending = false;
  if (task.descriptors !== null) {
    for (const held of task.descriptors) close(kernel, held, ownerDied(held, task));
  }
  const { parent, zombies } = task;
  const orphaned = zombies !== null && zombies.length > 0;
  kernel.tasks.bury(task);
  if (kernel.probes !== null) kernel.probes.exit(task, status);
  if (parent?.queue === kernel.parents) retry(kernel, parent);
  const { init } = kernel.tasks;
  if (orphaned && init?.queue === kernel.parents) retry(kernel, init);
}

/**
 * Enter `device` in the table as `owner`'s, and listen to its interrupts. Returns its descriptor.
 */
export function install(kernel: Kernel, device: Device, owner: Task): number {
  const descriptor = kernel.descriptors.add(device, owner);
  device.interrupt = () => interrupt(kernel, descriptor);
  return descriptor.fd;
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
