// Calls that were built and never yielded, so never made: `sleep(10)` without `yield*`. And those
// that a task returned instead of what they reply.

import { SystemCall, type ExitStatus, type Probe, type Task } from "../kernel";

/** Of more calls than these that a task has built and not made, the oldest were forgotten. */
const MANY = 1000;

/** Tells of a call that was forgotten, and by whom. */
export type Tell = (call: SystemCall<unknown>, text: string) => void;

/** Knows what tasks have built and not made yet: at once, or later, or never. */
export class Forgotten implements Probe {
  readonly #tell: Tell;
  readonly #built = new Map<Task, SystemCall<unknown>[]>();

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** `task` has built `call`. */
  built(task: Task, call: SystemCall<unknown>): void {
    const calls = this.#built.get(task);
    if (calls === undefined) this.#built.set(task, [call]);
    else calls.push(call);
  }

  trap(task: Task): void {
    const calls = this.#built.get(task);
    if (calls === undefined) return;
    // The usual case, made as soon as it is built, without an array of its own.
    if (calls.length === 1 && calls[0]?.done === true) return void calls.pop();
    const left = calls.filter(({ done }) => !done);
    if (left.length > MANY) this.#forgot(task, left.shift() as SystemCall<unknown>);
    this.#built.set(task, left);
  }

  /** What was on its way to be made, as the work of a `timeout`, will not be after an error. */
  resume(task: Task): void {
    if (task.throws) this.#built.delete(task);
  }

  exit(task: Task, status: ExitStatus): void {
    if (status.kind === "killed") this.#built.delete(task);
    if (status.kind === "exited") this.#returned(task, status.value);
    for (const call of this.#built.get(task) ?? []) this.#forgot(task, call);
    this.#built.delete(task);
  }

  /** Tell of what is left, at the end. */
  finish(): void {
    for (const [task, calls] of this.#built) for (const call of calls) this.#forgot(task, call);
    this.#built.clear();
  }

  #forgot(task: Task, call: SystemCall<unknown>): void {
    if (call.done) return;
    const text = String(call);
    this.#tell(call, `${String(task)} built ${text} and never made it; write yield* ${text}`);
  }

  #returned(task: Task, value: unknown): void {
    if (!(value instanceof SystemCall) || value.done) return;
    const fix = `write return yield* ${String(value)}`;
    this.#tell(value, `${String(task)} returned ${String(value)}, which was never made; ${fix}`);
    value.done = true;
  }
}
