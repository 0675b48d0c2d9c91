// Who is dead and not waited for yet, as far as a probe can know: the kernel tells of the death,
// and not of the reaping.

import type { Task } from "../kernel";
import type { StepEvent } from "./story";

export class Zombies {
  /** Who died since the last step was over. */
  #dead: Task[] = [];
  /** By their parents' pids. */
  readonly #of = new Map<number, Task[]>();

  /** `task` is dead. */
  exited(task: Task): void {
    this.#dead.push(task);
  }

  /** A step is over: those who were reaped in it, also if they died in it. */
  reapedIn({ pid, name }: StepEvent): readonly Task[] {
    const reaped = name === "wait" ? this.#reap(pid) : [];
    if (this.#dead.length === 0) return reaped;
    const dead = this.#dead;
    this.#dead = [];
    // What they had not waited for is their heir's now.
    const inherited = dead.flatMap((task) => this.#sort(this.#take(task.pid)));
    return [...reaped, ...inherited, ...this.#sort(dead)];
  }

  /** A wait reaps one at most, of what may be thousands. */
  #reap(parent: number): readonly Task[] {
    const tasks = this.#of.get(parent) ?? [];
    const index = tasks.findIndex(({ state }) => state !== "zombie");
    return index < 0 ? [] : tasks.splice(index, 1);
  }

  #take(parent: number): readonly Task[] {
    const tasks = this.#of.get(parent) ?? [];
    this.#of.delete(parent);
    return tasks;
  }

  /** Keep those that are zombies still; the others are returned. */
  #sort(tasks: readonly Task[]): Task[] {
    for (const task of tasks) if (task.state === "zombie") this.#keep(task);
    return tasks.filter(({ state }) => state !== "zombie");
  }

  #keep(task: Task): void {
    const pid = task.parent?.pid ?? 0;
    const others = this.#of.get(pid);
    if (others === undefined) this.#of.set(pid, [task]);
    else others.push(task);
  }
}
