// A world from the inside: one execution in this process. What it is asked comes from the
// debugger's process: see world-child.ts.

import { ArmedBreakpoints, deadlockReport, historyOf, look, lookAtWaits } from "../../debugger";
import { recentOf, StoryTeller, HitCounts } from "../../debugger";
import type { Breakpoint, Ending, Frame, FrameExpression, Goal, Look } from "../../debugger";
import type { Recent, Scope, Stop, Variable, WaitPicture } from "../../debugger";
import { kill, type Kernel, type Pid, type Signal, type Task } from "../../kernel";
import { shown } from "../../machine/place";
import { checkLive, parked, type Inferior } from "./inferior";
import { Crash } from "./crash";
import { RunLoop, type Keeper } from "./run-loop";
import { Endings } from "./endings";
import type { StackInspector } from "./stack-inspector";
import { reached } from "./goal";
import { linesOf } from "./lines";
import { Names } from "./names";
import type { Answers } from "./protocol";

type Reason = Stop["reason"];

/** So many steps are remembered, at least. */
const HISTORY = 10_000;

export class Execution implements Answers {
  readonly #inferior: Inferior;
  readonly #kernel: Kernel;
  readonly #stacks: StackInspector;
  readonly #loop: RunLoop;
  readonly #hitCounts = new HitCounts();
  readonly #endings: Endings;
  readonly #names: Names;
  #teller: StoryTeller;
  /** Who made the last step that was watched. */
  #ran: Task | null = null;
  #toldDeadlock = false;

  constructor(inferior: Inferior, stacks: StackInspector, keeper: Keeper) {
    this.#inferior = inferior;
    this.#kernel = inferior.kernel;
    this.#stacks = stacks;
    this.#loop = new RunLoop(inferior, keeper);
    this.#endings = new Endings(inferior.kernel);
    this.#names = new Names(inferior, stacks, (pid) => this.#endings.of(pid));
    this.#teller = this.#listen();
  }

  #listen(): StoryTeller {
    const teller = new StoryTeller(this.#kernel, {
      limit: HISTORY,
      now: () => this.#inferior.time(),
    });
    this.#kernel.attach(teller);
    return teller;
  }

  async run(goal: Goal, breakpoints: readonly Breakpoint[]): Promise<Stop> {
    this.#loop.begin();
    if (this.#isPast(goal.step)) return this.#stop({ kind: "goal" });
    if (breakpoints.length === 0) await this.#hurry(goal);
    const frame = goal.returned === undefined ? null : this.#stacks.frameAt(goal.returned);
    // Who goes to a step knows what is on the way.
    const careful = goal.step === undefined;
    const crash = new Crash();
    if (careful) this.#kernel.attach(crash);
    try {
      const reason = await this.#watching(
        breakpoints,
        (armed, task) => {
          const hit = armed.check() ?? crash.check();
          const there = this.#atGoal(goal, task, frame);
          if (hit === null || there?.kind !== "goal") return hit ?? there;
          return { ...hit, reached: true };
        },
        careful,
      );
      return this.#stop(reason);
    } finally {
      if (careful) this.#kernel.detach(crash);
    }
  }

  async lastHit(step: number, breakpoints: readonly Breakpoint[]): Promise<Stop | null> {
    this.#loop.begin();
    let last: Stop | null = null;
    if (this.#isPast(step)) return last;
    this.#endings.pause();
    await this.#watching(breakpoints, (armed) => {
      const reason = armed.check();
      if (this.#isPast(step)) return { kind: "goal" };
      // Where the task stood nobody has asked yet.
      if (reason !== null) last = { ...this.#moment(), reason, last: this.#teller.last };
      return null;
    });
    this.#endings.goOn((task) => this.#stacks.placeOf(task));
    return last;
  }

  #isPast(step = Infinity): boolean {
    return this.#kernel.steps >= step;
  }

  /** Nobody looks before a step that is far away: then nobody need write down how it came there. */
  async #hurry({ step = 0 }: Goal): Promise<void> {
    const near = step - HISTORY;
    if (near - this.#kernel.steps < HISTORY || this.#inferior.live) return;
    this.#kernel.detach(this.#teller);
    this.#endings.pause();
    const stepped = (): Reason | null => (this.#isPast(near) ? { kind: "goal" } : null);
    await this.#loop.run({ stepped, stuck: () => null });
    this.#endings.goOn((task) => this.#stacks.placeOf(task));
    this.#teller = this.#listen();
  }

  /** Until `check`, which is asked after each step, says stop; if `careful`, at a deadlock, too. */
  async #watching(
    breakpoints: readonly Breakpoint[],
    check: (armed: ArmedBreakpoints, task: Task | null) => Reason | null,
    careful = false,
  ): Promise<Reason> {
    const lines = linesOf(breakpoints);
    const context = this.#stacks.context(lines);
    const armed = new ArmedBreakpoints(this.#kernel, breakpoints, context, this.#hitCounts);
    const runner = { resume: (task: Task) => void (this.#ran = task) };
    this.#kernel.attach(runner);
    if (lines !== null) this.#kernel.attach(lines);
    this.#stacks.forget();
    try {
      return await this.#loop.run({
        stepped: () => check(armed, this.#ran),
        stuck: () => this.#stuck(armed, careful),
      });
    } finally {
      armed.stop();
      lines?.stop();
      if (lines !== null) this.#kernel.detach(lines);
      this.#kernel.detach(runner);
      this.#inferior.flush();
    }
  }

  #atGoal(goal: Goal, task: Task | null, frame: object | null): Reason | null {
    try {
      const there = reached(goal, this.#inferior, task, this.#stacks, frame);
      return there ? { kind: "goal" } : null;
    } catch (error) {
      const { message } = error as Error;
      return { kind: "error", id: 0, text: `the goal: ${message}` };
    }
  }

  #stuck(armed: ArmedBreakpoints, careful: boolean): Reason | null {
    if (this.#toldDeadlock) return null;
    this.#toldDeadlock = true;
    const text = deadlockReport(this.#kernel, (task) => shown(this.#stacks.placeOf(task)));
    const reason = this.#ran === null ? null : armed.checkDeadlock(text, this.#ran);
    return reason ?? (careful || this.#inferior.live ? { kind: "breakpoint", id: 0, text } : null);
  }

  /** The time is the step's own: the clock has gone on since, while somebody looked. */
  #moment(): Pick<Stop, "step" | "time"> {
    const time = this.#teller.last?.time ?? this.#inferior.time();
    return { step: this.#kernel.steps, time };
  }

  #stop(reason: Reason): Stop {
    const { last } = this.#teller;
    if (last === null) return { ...this.#moment(), reason, last };
    const task = this.#kernel.tasks.find(last.pid);
    const place = task === undefined ? "" : this.#stacks.placeOf(task);
    const { name = this.#nameOf(last.pid), from = "" } = this.#endings.of(last.pid) ?? {};
    return {
      ...this.#moment(),
      ...{ reason, last: { ...last, place, ...(from !== "" && { from }) } },
      ...(name !== undefined && { name }),
    };
  }

  /** Of who made the last step, if that is `pid`. */
  #nameOf(pid: Pid): string | undefined {
    return this.#ran?.pid === pid ? this.#ran.name : undefined;
  }

  interrupt(): void {
    this.#loop.interrupt();
  }

  look(): Look {
    return look(this.#kernel, this.#inferior.time(), this.#inferior.lints());
  }

  waits(): WaitPicture {
    return lookAtWaits(this.#kernel, this.#inferior.time());
  }

  ending(pid: Pid): Ending | null {
    return this.#endings.of(pid);
  }

  frames(pid: Pid): readonly Frame[] {
    return this.#stacks.frames(parked(this.#kernel, pid));
  }

  scopes(pid: Pid, frame: number): readonly Scope[] {
    return this.#stacks.scopes(parked(this.#kernel, pid), frame);
  }

  expand(ref: number): readonly Variable[] {
    return this.#stacks.expand(ref);
  }

  evaluate(expression: string, pid: Pid, frame: number): Variable {
    return this.#names.evaluate(expression, pid, frame);
  }

  moduleOf(expression: FrameExpression): string | null {
    return this.#names.moduleOf(expression);
  }

  history(pid: Pid, most: number): readonly string[] {
    return historyOf(this.#teller.tell("", []), pid, most);
  }

  recent(most: number): Recent {
    return recentOf(this.#teller.tell("", []), most);
  }

  signal(pid: Pid, signal: Signal): void {
    checkLive(this.#inferior, "signal");
    kill(this.#kernel, parked(this.#kernel, pid), signal, null, "from the debugger");
    this.#inferior.flush();
  }

  tell(pid: Pid, expression: string): void {
    checkLive(this.#inferior, "tell");
    this.#inferior.tell(parked(this.#kernel, pid).pid, this.#stacks.value(expression));
    this.#inferior.flush();
  }

  choose(pid: Pid): void {
    checkLive(this.#inferior, "choose");
    const task = parked(this.#kernel, pid);
    const place = [...this.#kernel.ready].indexOf(task);
    if (place < 0 || task.stopped) {
      throw new Error(`${String(task)} is not ready, so it cannot run next`);
    }
    this.#inferior.choose(place);
    this.#inferior.flush();
  }
}
