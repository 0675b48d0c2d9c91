// What each task was doing when, from its birth to its reaping, as intervals without gaps: running,
// ready, blocked, stopped, zombie.

import type { Pid } from "../../kernel";
import type { Axis } from "./axis";
import type { Happening, StepEvent, Story } from "../story";

/** What a blocked task waits for, in kinds few enough for colours. */
export type WaitKind = "time" | "message" | "lock" | "child" | "outside" | "several" | "other";

export type IntervalState = "running" | "ready" | "stopped" | "zombie" | WaitKind;

export interface Interval {
  readonly pid: Pid;
  readonly state: IntervalState;
  /** On the axis. */
  readonly from: number;
  readonly to: number;
  /** The step that it is, or that led to it; null for what began otherwise. */
  readonly step: StepEvent | null;
}

const kinds: ReadonlyMap<string, WaitKind> = new Map([
  ...entries("time", ["sleep", "sleepUntil", "tick"]),
  ...entries("message", ["send", "receive", "tell", "publish", "receiveNext"]),
  ...entries("lock", ["lock", "recover", "sleepOn", "acquire", "borrow"]),
  ...entries("child", ["wait", "join", "linger"]),
  ...entries("several", ["select"]),
  ...entries("outside", ["read", "write", "readWait", "writeWait", "accept", "connect", "listen"]),
  ...entries("outside", ["open", "unlink", "fstat", "promise", "next", "launch", "aborted"]),
]);

function entries(kind: WaitKind, calls: readonly string[]): [string, WaitKind][] {
  return calls.map((call) => [call, kind]);
}

/** The kind of wait that a system call of this name blocks in. */
export function kindOf(call: string): WaitKind {
  return kinds.get(call) ?? "other";
}

/** The intervals of each task, in order. */
export function intervalsOf(story: Story, axis: Axis): ReadonlyMap<Pid, readonly Interval[]> {
  const lives = new Map(story.tasks.map(({ pid }) => [pid, new Life(pid)]));
  let next = 0;
  const catchUp = (step: number): void => {
    for (; (story.happenings[next]?.step ?? Infinity) < step; next++) {
      const happening = story.happenings[next] as Happening;
      lives.get(happening.pid)?.happen(happening, axis.at(happening));
    }
  };
  story.steps.forEach((step, i) => {
    catchUp(step.step);
    lives.get(step.pid)?.step(step, axis.starts[i] ?? 0, axis.ends[i] ?? 0);
  });
  catchUp(Infinity);
  return new Map([...lives].map(([pid, life]) => [pid, life.end(axis.length)]));
}

/** One task's life so far. */
class Life {
  readonly #pid: Pid;
  readonly #intervals: Interval[] = [];
  /** What it is doing unless it is stopped; null before its birth and after its reaping. */
  #state: Exclude<IntervalState, "stopped"> | null = null;
  #stopped = false;
  /** Since when it has been doing that, or been stopped. */
  #since = 0;
  #step: StepEvent | null = null;

  constructor(pid: Pid) {
    this.#pid = pid;
  }

  step(step: StepEvent, from: number, to: number): void {
    this.#become("running", from, step);
    const { outcome } = step;
    if (outcome === "blocked") this.#become(kindOf(step.name), to, step);
    else this.#become(outcome === "ready" ? "ready" : "zombie", to, step);
  }

  happen({ kind, text }: Happening, at: number): void {
    if (kind === "reap") this.#become(null, at, null);
    else if (kind === "spawn") this.#become("ready", at, null);
    else if (kind === "exit" && this.#state !== "zombie") this.#become("zombie", at, null);
    else if (kind === "wake" && this.#blocked) this.#become("ready", at, null);
    else if (kind === "signal") this.#signal(text, at);
  }

  end(at: number): readonly Interval[] {
    this.#become(null, at, null);
    return this.#intervals;
  }

  get #blocked(): boolean {
    const state = this.#state;
    return state !== null && !["running", "ready", "zombie"].includes(state);
  }

  /** As in ps: whatever it was doing, it is stopped from now on. */
  #signal(signal: string, at: number): void {
    const stopped = signal.startsWith("STOP");
    if (stopped === this.#stopped || !/^(STOP|CONT)\b/.test(signal)) return;
    this.#close(at);
    this.#stopped = stopped;
  }

  #become(state: Exclude<IntervalState, "stopped"> | null, at: number, step: StepEvent | null) {
    this.#close(at);
    this.#state = state;
    this.#step = step;
  }

  /** What it has been doing ends here. */
  #close(at: number): void {
    const [pid, from, step] = [this.#pid, this.#since, this.#step];
    const halted = this.#stopped && (this.#blocked || this.#state === "ready");
    const state = halted ? "stopped" : this.#state;
    if (state !== null && at > from) this.#intervals.push({ pid, state, from, to: at, step });
    this.#since = at;
  }
}
