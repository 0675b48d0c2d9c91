// A world from the inside: one execution in this process, run step by step. What it is asked comes
// from the debugger's process, see world-child.ts.

import { setImmediate } from "node:timers";
import type { System } from "../../boot";
import { deadlockReport, historyOf, look, StoryTeller } from "../../debugger";
import type { Breakpoint, Frame, Goal, Look, Scope, Stop } from "../../debugger";
import type { Variable } from "../../debugger";
import { kill, show, type ExitStatus, type Kernel, type Pid, type Signal } from "../../kernel";
import { standsAt, type Host } from "../../machine";
import { where } from "../where";
import type { Answers } from "./protocol";

type Reason = Stop["reason"];

/** How long it may run before the host gets a turn, in milliseconds. */
const SLICE = 5;
/** So many steps are remembered, at least. */
const HISTORY = 10_000;
/** Steps between two looks at the clock. */
const STEPS_A_LOOK = 32;

const clock = performance.now.bind(performance);

export class Execution implements Answers {
  readonly #system: System<unknown, Host>;
  readonly #kernel: Kernel;
  readonly #teller: StoryTeller;
  readonly #live: boolean;
  /** Resolves when there may be somebody ready; null when nothing is waited for. */
  #waiting: Promise<void> | null = null;
  #interrupted = false;
  /** Ends a wait for the outside. */
  #wakeUp: () => void = () => {};
  #toldDeadlock = false;

  /** `live`: it was not run before, so a deadlock is news. */
  constructor(system: System<unknown, Host>, live: boolean) {
    this.#system = system;
    this.#kernel = system.kernel;
    this.#live = live;
    this.#teller = new StoryTeller(this.#kernel, { limit: HISTORY });
    this.#kernel.attach(this.#teller);
  }

  async run(goal: Goal, _breakpoints: readonly Breakpoint[]): Promise<Stop> {
    this.#interrupted = false;
    const reached = goal.step !== undefined && this.#kernel.steps >= goal.step;
    return this.#stop(reached ? { kind: "goal" } : await this.#go(goal));
  }

  async #go(goal: Goal): Promise<Reason> {
    const { machine } = this.#system;
    for (;;) {
      const end = clock() + SLICE;
      for (let steps = 0; steps % STEPS_A_LOOK !== 0 || clock() < end; steps++) {
        if (machine.halted) return this.#ended();
        if (machine.step()) {
          if (this.#reached(goal)) return { kind: "goal" };
        } else {
          const reason = this.#foundDeadlock() ?? (await this.#wait());
          if (reason !== null) return reason;
        }
      }
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#interrupted) return { kind: "interrupted" };
    }
  }

  #reached({ step, time, task }: Goal): boolean {
    if (step !== undefined && this.#kernel.steps >= step) return true;
    if (time !== undefined && this.#kernel.machine.now() >= time) return true;
    return task !== undefined && this.#teller.last?.pid === task;
  }

  /** Nobody is ready. */
  async #wait(): Promise<Reason | null> {
    this.#waiting ??= this.#system.machine.wait().finally(() => (this.#waiting = null));
    const interrupted = new Promise<void>((resolve) => (this.#wakeUp = resolve));
    await Promise.race([this.#waiting, interrupted]);
    return this.#interrupted ? { kind: "interrupted" } : null;
  }

  #foundDeadlock(): Reason | null {
    const kernel = this.#kernel;
    if (!this.#live || this.#toldDeadlock || !kernel.stuck) return null;
    this.#toldDeadlock = true;
    return { kind: "breakpoint", id: 0, text: deadlockReport(kernel, where) };
  }

  #ended(): Reason {
    this.#system.finish();
    return { kind: "end", text: describe(this.#system.halt.status), whole: true };
  }

  #stop(reason: Reason): Stop {
    const kernel = this.#kernel;
    const { last } = this.#teller;
    return {
      step: kernel.steps,
      time: kernel.machine.now(),
      reason,
      last: last === null ? null : { ...last, place: this.#placeOf(last.pid) },
    };
  }

  #placeOf(pid: Pid): string {
    const task = this.#kernel.tasks.find(pid);
    return task === undefined ? "" : standsAt(task.frame);
  }

  interrupt(): void {
    this.#interrupted = true;
    this.#wakeUp();
  }

  lastHit(_step: number, _breakpoints: readonly Breakpoint[]): Promise<Stop | null> {
    throw new Error("not yet");
  }

  look(): Look {
    return look(this.#kernel, this.#system.lints);
  }

  frames(_pid: Pid): readonly Frame[] {
    throw new Error("not yet");
  }

  scopes(_pid: Pid, _frame: number): readonly Scope[] {
    throw new Error("not yet");
  }

  expand(_ref: number): readonly Variable[] {
    throw new Error("not yet");
  }

  evaluate(_expression: string, _pid: Pid, _frame: number): Variable {
    throw new Error("not yet");
  }

  history(pid: Pid, most: number): readonly string[] {
    return historyOf(this.#teller.tell("", []), pid, most);
  }

  signal(pid: Pid, signal: Signal): void {
    kill(this.#kernel, this.#kernel.tasks.get(pid), signal, null, "from the debugger");
  }

  tell(_pid: Pid, _expression: string): void {
    throw new Error("not yet");
  }

  choose(_pid: Pid): void {
    throw new Error("not yet");
  }
}

function describe(status: ExitStatus): string {
  switch (status.kind) {
    case "exited":
      return `the program has returned ${show(status.value)}`;
    case "crashed":
      return `the program has crashed: ${show(status.error)}`;
    case "killed":
      return `the program was killed with ${status.signal}${status.reason === "" ? "" : `: ${status.reason}`}`;
  }
}
