// A session without worlds, for tests of what the adapter does with one: tasks 2 and 3 make steps in
// turn, step n prints `n`, and each step takes one turn of the host.

import type { Breakpoint, Goal, KeptBreakpoint, Point, Session, Stop } from "../../debugger/world";
import type { BreakpointChange, BreakpointHit, Look, Variable, World } from "../../debugger/world";
import type { StepEvent } from "../../debugger/story";
import type { Pid, Signal, TaskInfo } from "../../kernel";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export class FakeSession implements Session {
  at: Stop = { step: 0, time: 0, reason: { kind: "goal" }, last: null };
  known = 0;
  live = true;
  /** A task never yields again: it can only be ended, with the program. */
  blocked = false;
  /** So many lines apart are those with a yield. */
  yields = 10;
  /** Of each step, the end of a task that nobody has seen before. */
  ending: Partial<Stop> = {};
  breakpoints: KeptBreakpoint[] = [];
  onOutput: Session["onOutput"] = () => {};
  /** What was asked of it, in order. */
  readonly log: string[] = [];
  readonly world = new FakeWorld(this);
  /** After so many steps it ends. */
  readonly length: number;
  #interrupted = false;
  #ids = 0;

  constructor(length = 10) {
    this.length = length;
  }

  async run(goal: Goal): Promise<Stop> {
    this.#interrupted = false;
    for (;;) {
      if (this.at.step >= this.length)
        return this.#stand({
          kind: "end",
          text: "the program has returned 3",
          whole: true,
          code: 3,
        });
      await turn();
      if (!this.live)
        return this.#stand({ kind: "end", text: "the world was ended", whole: false });
      if (this.log.includes("end")) throw new Error("the world has ended");
      const step = this.at.step + 1;
      this.at = { ...this.at, step, time: step, last: eventOf(step), ...this.ending };
      this.onOutput(`${step}\n`, "stdout", step <= this.known);
      this.known = Math.max(this.known, step);
      const hit = this.breakpoints.filter((one) => this.#hits(one));
      const [first, ...also] = hit.map((one) => this.#reasonOf(one));
      if (first !== undefined)
        return this.#stand({ ...first, also, reached: reached(goal, this.at) });
      if (reached(goal, this.at)) return this.#stand({ kind: "goal" });
      if (this.#interrupted) return this.#stand({ kind: "interrupted" });
    }
  }

  #stand(reason: Stop["reason"]): Stop {
    return (this.at = { ...this.at, reason });
  }

  #hits(breakpoint: KeptBreakpoint): boolean {
    if (!pointHit(breakpoint.point, this.at)) return false;
    if (breakpoint.ignore === 0) return true;
    this.changeBreakpoint(breakpoint.id, { ignore: breakpoint.ignore - 1 });
    return false;
  }

  #reasonOf({ id, point, condition }: Breakpoint): BreakpointHit {
    if (condition === "bad") return { kind: "error", id, text: "bad is not defined" };
    if (point.on === "change") return { kind: "change", id, before: "1", after: "2" };
    return { kind: "breakpoint", id, text: `at ${point.on}` };
  }

  runBack({ task }: Pick<Goal, "task">): Promise<Stop> {
    let step = this.at.step - 1;
    while (step > 0 && task !== undefined && eventOf(step).pid !== task) step--;
    return this.goTo(task === undefined ? 0 : step);
  }

  lastOf(): Promise<null> {
    return Promise.resolve(null);
  }

  async goTo(step: number): Promise<Stop> {
    await turn();
    this.at = { ...this.at, step, time: step, last: step === 0 ? null : eventOf(step) };
    return this.#stand({ kind: "goal" });
  }

  restart(): Promise<Stop> {
    this.log.push("restart");
    this.known = 0;
    return this.goTo(0);
  }

  interrupt(): void {
    this.#interrupted = true;
    if (this.blocked) this.live = false;
  }

  addBreakpoint(point: Point, condition?: string, ignore = 0) {
    if (point.on === "line" && point.line > 90) return Promise.reject(new Error("no yield there"));
    const line = point.on === "line" ? Math.ceil(point.line / this.yields) * this.yields : 0;
    const settled = point.on === "line" ? { ...point, line } : point;
    const id = ++this.#ids;
    const breakpoint = { id, point: settled, ignore, enabled: true, hits: 0 };
    this.breakpoints.push(condition === undefined ? breakpoint : { ...breakpoint, condition });
    this.log.push(`add ${id} at step ${this.at.step}`);
    return Promise.resolve({ breakpoint, moved: point.on === "line" && line !== point.line });
  }

  deleteBreakpoint(id: number): boolean {
    this.log.push(`delete ${id}`);
    const before = this.breakpoints.length;
    this.breakpoints = this.breakpoints.filter((one) => one.id !== id);
    return this.breakpoints.length < before;
  }

  changeBreakpoint(id: number, to: BreakpointChange): boolean {
    this.breakpoints = this.breakpoints.map((one) => (one.id === id ? { ...one, ...to } : one));
    return true;
  }

  end(): Promise<void> {
    this.log.push("end");
    return Promise.resolve();
  }
}

class FakeWorld implements World {
  readonly #session: FakeSession;

  constructor(session: FakeSession) {
    this.#session = session;
  }

  run = () => Promise.reject(new Error("not used"));
  lastHit = () => Promise.resolve(null);
  interrupt = () => {};
  history = () => Promise.resolve([]);
  waits = () => Promise.reject(new Error("not used"));
  ending = () => Promise.resolve(null);
  recent = () => Promise.reject(new Error("not used"));
  tell = () => Promise.resolve();
  choose = () => Promise.resolve();
  end = () => Promise.resolve();

  async look(): Promise<Look> {
    await turn();
    const { step, time } = this.#session.at;
    const tasks = step >= 8 ? [task(1), task(2)] : [task(1), task(2), task(3)];
    const nothing = { timers: [], descriptors: [], queues: [], lints: [] };
    return { step, time, tasks, ready: [2], ...nothing };
  }

  frames(pid: Pid) {
    const file = pid === 1 ? "/nowhere/init.ts" : __filename;
    const frame = (name: string, line: number) => ({ name, file, line, column: 3, own: true });
    return Promise.resolve([frame("inner", 10), frame("middle", 20), frame("", 30)]);
  }

  scopes() {
    const variables = [value("x", "1"), value("list", "[1, 2]", 7)];
    return Promise.resolve([{ kind: "local", variables }]);
  }

  expand(ref: number) {
    const inside = ["0", "1", "length", "a b"].map((name) => value(name, `<${name}>`));
    const hidden = { ...value("#secret", "1"), access: "" };
    const entry = { ...value('"ann"', "100"), access: '.get("ann")' };
    return Promise.resolve(ref === 7 ? [...inside, hidden, entry] : []);
  }

  moduleOf(): Promise<null> {
    return Promise.resolve(null);
  }

  evaluate(expression: string, pid: Pid, frame: number): Promise<Variable> {
    if (expression === "nope") return Promise.reject(new Error("nope is not defined"));
    const ref = expression === "list" ? 7 : 0;
    return Promise.resolve(value(expression, `${expression} of ${pid}.${frame}`, ref));
  }

  signal(pid: Pid, signal: Signal): Promise<void> {
    if (!this.#session.live) return Promise.reject(new Error("this one is a recording"));
    this.#session.log.push(`${signal} ${pid}`);
    return Promise.resolve();
  }
}

export function eventOf(step: number): StepEvent {
  const pid = step % 2 === 0 ? 3 : 2;
  const name = step % 5 === 0 ? "sleep" : "now";
  const rest = { reply: "", call: `${name}()`, object: "", detail: "", place: "", ready: 1 };
  return { step, time: step, pid, name, outcome: "ready", ...rest };
}

function pointHit(point: Point, { step, last }: Stop): boolean {
  switch (point.on) {
    case "task":
      return last?.pid === point.task;
    case "call":
      return last?.name === point.call;
    case "line":
      return step === point.line / 10;
    case "crash":
    case "change":
      return step === 6;
    default:
      return false;
  }
}

function reached(goal: Goal, { step, last }: Stop): boolean {
  return (
    step === goal.step || last?.pid === goal.task || (goal.returned !== undefined && step === 7)
  );
}

function task(pid: number): TaskInfo {
  const name = ["", "init", "main", "worker"][pid] ?? "";
  const call = pid === 3 ? 'receive([Channel "jobs"])' : undefined;
  const state = pid === 3 ? "blocked" : "ready";
  const numbers = { ppid: 1, group: 1, depth: 3, steps: 1, cpuTime: 0 };
  const nothing = { waitsFor: undefined, deadline: undefined, expires: undefined };
  const lists = { descriptors: [], locks: [] };
  const info = { pid, name, state, daemon: false, call, status: undefined } as const;
  return { ...info, ...numbers, ...nothing, ...lists };
}

function value(name: string, text: string, ref = 0): Variable {
  return { name, value: text, type: "number", ref };
}
