// Lives of tasks: how they begin, and how they are told to leave. How they end is in death.ts.

import { BLOCKED, type Blocked, type Program } from "./call";
import { end, killedBy } from "./death";
import type { Descriptor } from "./descriptor";
import type { Device } from "./device";
import { SystemError } from "./errno";
import { claim, makesNew, toProgram } from "./frame";
import { interrupt } from "./interrupt";
import type { Kernel } from "./kernel";
import { show } from "./show";
import { post, silence, takeDue } from "./signals";
import { Become, Exit, Killed, type Signal } from "./status";
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
  /** Is sent TERM when its parent ends, in whatever way. */
  readonly bound?: boolean;
  /** Begins a process group of its own, which its children are born into. See `killGroup`. */
  readonly group?: boolean;
  /** Descriptors the new task shall own: they close when it dies. */
  readonly give?: readonly number[];
}

const usual: SpawnOptions = {};

/** Make a task of `source`. It is ready at once, and a child of `parent`; only init has none. */
export function spawn(
  kernel: Kernel,
  source: unknown,
  parent: Task | null,
  options: SpawnOptions = usual,
): Task {
  const { tasks, ready, probes } = kernel;
  const name = options === usual ? nameOf(source) : nameFor(source, options);
  const program = toProgram(source);
  const gifts = options.give === undefined ? null : checkGifts(kernel, options.give);
  const daemon = options.daemon === true || parent?.daemon === true;
  const task = new Task(tasks.nextPid(), name, daemon, program);
  if (!makesNew(source)) claim(program, task);
  if (parent !== null) inherit(task, parent, options);
  tasks.add(task, options.detached === true ? (tasks.init ?? parent) : parent);
  if (gifts !== null) handOver(kernel, gifts, task);
  ready.push(task);
  if (probes !== null) probes.spawn(task);
  return task;
}

function nameOf(source: unknown): string {
  return typeof source === "function" ? source.name : "";
}

function nameFor(source: unknown, options: SpawnOptions): string {
  if (typeof options !== "object" || options === null) {
    throw new SystemError("EINVAL", `${show(options)} is no set of options; give { name: "x" }`);
  }
  const { name } = options;
  if (name === undefined) return nameOf(source);
  if (typeof name === "string") return name;
  throw new SystemError("EINVAL", `${show(name)} is no name; give a string`);
}

function checkGifts(kernel: Kernel, fds: readonly number[]): readonly Descriptor[] {
  const given: unknown = fds;
  if (!Array.isArray(given)) {
    throw new SystemError("EINVAL", `${show(given)} is no array of descriptors to give`);
  }
  return fds.map((fd) => kernel.descriptors.getOwned(fd));
}

function handOver(kernel: Kernel, gifts: readonly Descriptor[], heir: Task): void {
  for (const gift of gifts) kernel.descriptors.give(gift, heir);
}

function inherit(child: Task, parent: Task, { group, bound }: SpawnOptions): void {
  if (group !== true) child.group = parent.group;
  child.locals = parent.locals;
  child.bound = bound === true;
}

/** Let `task` give up the CPU. Nothing was delivered to it, so a signal may still find it there. */
export function preempt(kernel: Kernel, task: Task): Blocked {
  if (task.pending) throw takeDue(kernel, task);
  task.state = "yielded";
  task.throws = false;
  kernel.ready.push(task);
  return BLOCKED;
}

/** Unwind `task`'s frames, so that their clean-ups run, on the way to an exit. */
export function exit(kernel: Kernel, task: Task, value: unknown): Blocked {
  silence(kernel, task);
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

/** Where a signal was sent from, as the host's stack of that moment. */
export type Site = { readonly stack?: string } | null;

/** Send `signal` to `task`. The dead do not hear it. */
export function kill(
  kernel: Kernel,
  task: Task,
  signal: Signal,
  sender: Task | null,
  reason: string,
  site: Site = null,
): void {
  if (!task.alive) return;
  if (kernel.probes !== null) kernel.probes.signal(task, signal, sender, reason);
  const info = new Killed(signal, sender, reason, site);
  if (signal === "KILL") end(kernel, task, killedBy(task, info));
  else post(kernel, task, signal, info);
}

/**
 * Enter `device` in the table as `owner`'s, and listen to its interrupts. Returns its descriptor.
 */
export function install(kernel: Kernel, device: Device, owner: Task): number {
  const descriptor = kernel.descriptors.add(device, owner);
  device.interrupt = () => interrupt(kernel, descriptor);
  return descriptor.fd;
}
