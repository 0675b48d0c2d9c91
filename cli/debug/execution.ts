// A world from the inside: one execution in this process. What it is asked comes from the
// debugger's process: see world-child.ts.

import { Breakpoints, deadlockReport, historyOf, look, lookAtWaits } from "../../debugger";
import { recentOf, StoryTeller, Tally } from "../../debugger";
import type { Breakpoint, Ending, Frame, FrameExpression, Goal, Look } from "../../debugger";
import type { Recent, Scope, Stop, Variable, WaitPicture } from "../../debugger";
import { kill, type Kernel, type Pid, type Signal, type Task } from "../../kernel";
import { shown } from "../misuse";
import { checkLive, parked, type Course } from "./course";
import { Crash } from "./crash";
import { Drive } from "./drive";
import { Endings } from "./endings";
import type { Eyes } from "./eyes";
import { reached } from "./goal";
import { linesOf } from "./lines";
import { Names } from "./names";
import type { Answers } from "./protocol";

type Reason = Stop["reason"];

/** So many steps are remembered, at least. */
const HISTORY = 10_000;

export class Execution implements Answers {
  readonly #course: Course;
  readonly #kernel: Kernel;
  readonly #eyes: Eyes;
  readonly #drive: Drive;
  readonly #tally = new Tally();
  readonly #endings: Endings;
  readonly #names: Names;
  #teller: StoryTeller;
  /** Who made the last step that was watched. */
  #ran: Task | null = null;
  #toldDeadlock = false;

  constructor(course: Course, eyes: Eyes) {
    this.#course = course;
    this.#kernel = course.kernel;
    this.#eyes = eyes;
    this.#drive = new Drive(course);
    this.#endings = new Endings(course.kernel);
    this.#names = new Names(course, eyes, (pid) => this.#endings.of(pid));
    this.#teller = this.#listen();
  }

  #listen(): StoryTeller {
    const teller = new StoryTeller(this.#kernel, {
      limit: HISTORY,
      now: () => this.#course.time(),
    });
    this.#kernel.attach(teller);
    return teller;
  }

  async run(goal: Goal, breakpoints: readonly Breakpoint[]): Promise<Stop> {
    this.#drive.begin();
    if (this.#isPast(goal.step)) return this.#stop({ kind: "goal" });
    if (breakpoints.length === 0) await this.#hurry(goal);
    const frame = goal.returned === undefined ? null : this.#eyes.frameAt(goal.returned);
    // Who goes to a step knows what is on the way.
    const careful = goal.step === undefined;
    const crash = new Crash();
    if (careful) this.#kernel.attach(crash);
    try {
      const reason = await this.#watching(
        breakpoints,
        (armed, task) => armed.check() ?? crash.check() ?? this.#atGoal(goal, task, frame),
        careful,
      );
      return this.#stop(reason);
    } finally {
      if (careful) this.#kernel.detach(crash);
    }
  }

  async lastHit(step: number, breakpoints: readonly Breakpoint[]): Promise<Stop | null> {
    this.#drive.begin();
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
    this.#endings.goOn((task) => this.#eyes.placeOf(task));
    return last;
  }

  #isPast(step = Infinity): boolean {
    return this.#kernel.steps >= step;
  }

  /** Nobody looks before a step that is far away: then nobody need write down how it came there. */
  async #hurry({ step = 0 }: Goal): Promise<void> {
    const near = step - HISTORY;
    if (near - this.#kernel.steps < HISTORY || this.#course.live) return;
    this.#kernel.detach(this.#teller);
    this.#endings.pause();
    const stepped = (): Reason | null => (this.#isPast(near) ? { kind: "goal" } : null);
    await this.#drive.run({ stepped, stuck: () => null });
    this.#endings.goOn((task) => this.#eyes.placeOf(task));
    this.#teller = this.#listen();
  }

  /** Until `check`, which is asked after each step, says stop; if `careful`, at a deadlock, too. */
  async #watching(
    breakpoints: readonly Breakpoint[],
    check: (armed: Breakpoints, task: Task | null) => Reason | null,
    careful = false,
  ): Promise<Reason> {
    const lines = linesOf(breakpoints);
    const senses = this.#eyes.senses(lines);
    const armed = new Breakpoints(this.#kernel, breakpoints, senses, this.#tally);
    const runner = { resume: (task: Task) => void (this.#ran = task) };
    this.#kernel.attach(runner);
    if (lines !== null) this.#kernel.attach(lines);
    this.#eyes.forget();
    try {
      return await this.#drive.run({
        stepped: () => check(armed, this.#ran),
        stuck: () => this.#stuck(armed, careful),
      });
    } finally {
      armed.stop();
      lines?.stop();
      if (lines !== null) this.#kernel.detach(lines);
      this.#kernel.detach(runner);
      this.#course.flush();
    }
  }

  #atGoal(goal: Goal, task: Task | null, frame: object | null): Reason | null {
    try {
      const there = reached(goal, this.#course, task, this.#eyes, frame);
      return there ? { kind: "goal" } : null;
    } catch (error) {
      const { message } = error as Error;
      return { kind: "error", id: 0, text: `the goal: ${message}` };
    }
  }

  #stuck(armed: Breakpoints, careful: boolean): Reason | null {
    if (this.#toldDeadlock) return null;
    this.#toldDeadlock = true;
    const text = deadlockReport(this.#kernel, (task) => shown(this.#eyes.placeOf(task)));
    const reason = this.#ran === null ? null : armed.checkDeadlock(text, this.#ran);
    return reason ?? (careful || this.#course.live ? { kind: "breakpoint", id: 0, text } : null);
  }

  /** The time is the step's own: the clock has gone on since, while somebody looked. */
  #moment(): Pick<Stop, "step" | "time"> {
    const time = this.#teller.last?.time ?? this.#course.time();
    return { step: this.#kernel.steps, time };
  }

  #stop(reason: Reason): Stop {
    const { last } = this.#teller;
    if (last === null) return { ...this.#moment(), reason, last };
    const task = this.#kernel.tasks.find(last.pid);
    const place = task === undefined ? "" : this.#eyes.placeOf(task);
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
    this.#drive.interrupt();
  }

  look(): Look {
    return look(this.#kernel, this.#course.time(), this.#course.lints());
  }

  waits(): WaitPicture {
    return lookAtWaits(this.#kernel, this.#course.time());
  }

  ending(pid: Pid): Ending | null {
    return this.#endings.of(pid);
  }

  frames(pid: Pid): readonly Frame[] {
    return this.#eyes.frames(parked(this.#kernel, pid));
  }

  scopes(pid: Pid, frame: number): readonly Scope[] {
    return this.#eyes.scopes(parked(this.#kernel, pid), frame);
  }

  expand(ref: number): readonly Variable[] {
    return this.#eyes.expand(ref);
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
    checkLive(this.#course, "signal");
    kill(this.#kernel, parked(this.#kernel, pid), signal, null, "from the debugger");
    this.#course.flush();
  }

  tell(pid: Pid, expression: string): void {
    checkLive(this.#course, "tell");
    this.#course.tell(parked(this.#kernel, pid).pid, this.#eyes.value(expression));
    this.#course.flush();
  }

  choose(pid: Pid): void {
    checkLive(this.#course, "choose");
    const task = parked(this.#kernel, pid);
    const place = [...this.#kernel.ready].indexOf(task);
    if (place < 0 || task.stopped) {
      throw new Error(`${String(task)} is not ready, so it cannot run next`);
    }
    this.#course.choose(place);
    this.#course.flush();
  }
}
