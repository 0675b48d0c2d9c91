// The state of every task after each step of a story, computed and not stored: from the nearest
// keyframe forwards. What a picture with a slider shows. Knows the story alone, so it runs in a
// browser as well; a test compares it with a kernel after every step.

import type { Pid } from "../../kernel";
import type { Moment, TaskMoment } from "./moment";
import { INIT, type Happening, type StepEvent, type Story } from "../story";

interface Keyframe {
  readonly step: number;
  readonly happened: number;
  readonly tasks: ReadonlyMap<Pid, TaskMoment>;
  readonly ready: ReadonlySet<Pid>;
}

/** A keyframe every so many steps, or as many as there are tasks: a keyframe copies their map. */
const SPACING = 512;

/** Any moment of a story. */
export class Moments {
  readonly #story: Story;
  /** Told of each change, in its order, wherever it is computed. */
  readonly #onChange: (task: TaskMoment, step: number) => void;
  readonly #names: ReadonlyMap<Pid, { readonly name: string; readonly parent: Pid }>;
  readonly #keyframes: Keyframe[] = [];
  #step = 0;
  /** How many of the happenings have been told. */
  #happened = 0;
  #tasks = new Map<Pid, TaskMoment>();
  /** As in the kernel: one that was stopped when ready is passed over when its turn comes. */
  #ready = new Set<Pid>();
  /** The children of each, zombies included. */
  #children = new Map<Pid, Set<Pid>>();

  constructor(story: Story, onChange: (task: TaskMoment, step: number) => void = () => {}) {
    this.#story = story;
    this.#onChange = onChange;
    this.#names = new Map(story.tasks.map((task) => [task.pid, task]));
    const spawned = new Set(
      story.happenings.filter(({ kind }) => kind === "spawn").map(({ pid }) => pid),
    );
    for (const { pid } of story.tasks) if (!spawned.has(pid)) this.#begin(pid);
    this.#tell(({ step, by }) => step === 0 && by === 0);
    this.#keep();
  }

  /** After `step` steps, before anything comes from outside. */
  at(step: number): Moment {
    const wanted = Math.min(Math.max(0, step), this.#story.steps.length);
    const keyframe = this.#keyframeBefore(wanted);
    const ahead = keyframe !== undefined && keyframe.step > this.#step;
    if (keyframe !== undefined && (wanted < this.#step || ahead)) this.#restore(keyframe);
    while (this.#step < wanted) this.#advance();
    const running = (pid: Pid): boolean => this.#tasks.get(pid)?.stopped === false;
    return { step: wanted, tasks: this.#tasks, ready: [...this.#ready].filter(running) };
  }

  /** Rises, so that of two that wait the lower one waits longer. */
  get #rank(): number {
    return this.#step + this.#happened;
  }

  #keyframeBefore(step: number): Keyframe | undefined {
    let last = this.#keyframes.length - 1;
    while ((this.#keyframes[last]?.step ?? 0) > step) last -= 1;
    return this.#keyframes[last];
  }

  #keep(): void {
    const passed = this.#step - (this.#keyframes.at(-1)?.step ?? -Infinity);
    if (passed < Math.max(SPACING, this.#tasks.size)) return;
    const tasks = new Map(this.#tasks);
    const ready = new Set(this.#ready);
    this.#keyframes.push({ step: this.#step, happened: this.#happened, tasks, ready });
  }

  #restore({ step, happened, tasks, ready }: Keyframe): void {
    this.#step = step;
    this.#happened = happened;
    this.#tasks = new Map(tasks);
    this.#ready = new Set(ready);
    this.#children = new Map();
    for (const { pid, parent, reaped } of tasks.values()) {
      if (!reaped) this.#childrenOf(parent).add(pid);
    }
  }

  #advance(): void {
    const step = this.#step + 1;
    const event = this.#story.steps[this.#step];
    if (event === undefined) return;
    this.#step = step;
    this.#passOver();
    this.#tell((happening) => happening.step < step);
    this.#pick(event.pid);
    this.#tell((happening) => happening.step === step && happening.by !== 0);
    this.#settle(event);
    this.#keep();
  }

  /** Tell the next happenings, as long as they are such. */
  #tell(isDue: (happening: Happening) => boolean): void {
    const { happenings } = this.#story;
    for (;;) {
      const next = happenings[this.#happened];
      if (next === undefined || !isDue(next)) return;
      this.#happened += 1;
      this.#happen(next);
    }
  }

  #happen({ kind, pid, by, text }: Happening): void {
    // What comes from outside comes when nobody runs any more.
    if (kind === "signal" && by === 0) this.#passOver();
    if (kind === "spawn") return this.#begin(pid);
    if (kind === "wake") return this.#makeReady(pid);
    if (kind === "exit") return this.#end(pid, endOf(text), text);
    if (kind === "reap") return this.#reap(pid);
    if (kind === "move") return this.#change(pid, { detail: text, rank: this.#rank });
    if (/^STOP\b/.test(text)) this.#change(pid, { stopped: true });
    if (/^CONT\b/.test(text)) this.#goOn(pid);
  }

  /** Where only such are ready as were stopped, nobody runs, and they leave the ready queue. */
  #passOver(): void {
    for (const pid of this.#ready) if (this.#tasks.get(pid)?.stopped === false) return;
    this.#ready.clear();
  }

  /** `pid` runs; who was stopped and stood before it has left the ready queue. */
  #pick(pid: Pid): void {
    for (const other of this.#ready) {
      if (other === pid) break;
      if (this.#tasks.get(other)?.stopped === true) this.#ready.delete(other);
    }
    this.#ready.delete(pid);
    this.#change(pid, { steps: (this.#tasks.get(pid)?.steps ?? 0) + 1 });
  }

  /** The end of a step. */
  #settle({ pid, outcome, call, detail, place }: StepEvent): void {
    if (outcome === "blocked") {
      return this.#change(pid, { state: "blocked", call, detail, place, rank: this.#rank });
    }
    if (outcome !== "ready") return this.#end(pid, outcome, detail);
    this.#change(pid, { place });
    this.#makeReady(pid);
  }

  #begin(pid: Pid): void {
    const { name, parent } = this.#names.get(pid) ?? { name: "", parent: INIT };
    this.#childrenOf(parent).add(pid);
    const flags = { stopped: false, reaped: false };
    const nothing = { call: "", detail: "", place: "", steps: 0, rank: 0 };
    this.#set({ pid, name, parent, state: "ready", ...flags, ...nothing, since: this.#step });
    this.#ready.add(pid);
  }

  #makeReady(pid: Pid): void {
    this.#change(pid, { state: "ready", call: "", detail: "" });
    this.#ready.add(pid);
  }

  #goOn(pid: Pid): void {
    const task = this.#tasks.get(pid);
    this.#change(pid, { stopped: false });
    if (task?.state === "ready") this.#ready.add(pid);
  }

  #end(pid: Pid, state: TaskMoment["state"], detail: string): void {
    this.#change(pid, { state, call: "", detail, place: "" });
    this.#ready.delete(pid);
    if (pid === INIT) return;
    for (const child of this.#childrenOf(pid)) {
      this.#childrenOf(INIT).add(child);
      this.#change(child, { parent: INIT });
    }
    this.#children.delete(pid);
  }

  #reap(pid: Pid): void {
    const task = this.#tasks.get(pid);
    if (task !== undefined) this.#childrenOf(task.parent).delete(pid);
    this.#change(pid, { reaped: true });
  }

  #childrenOf(pid: Pid): Set<Pid> {
    const children = this.#children.get(pid) ?? new Set();
    this.#children.set(pid, children);
    return children;
  }

  #change(pid: Pid, news: Partial<TaskMoment>): void {
    const task = this.#tasks.get(pid);
    if (task === undefined) return;
    const { state, stopped } = task;
    const isNew = (news.state ?? state) !== state || (news.stopped ?? stopped) !== stopped;
    this.#set({ ...task, ...news, since: isNew ? this.#step : task.since });
  }

  #set(task: TaskMoment): void {
    this.#tasks.set(task.pid, task);
    this.#onChange(task, this.#step);
  }
}

/** How a task ended, by its status as text. */
function endOf(status: string): TaskMoment["state"] {
  const [kind] = /^(exited|crashed)/.exec(status) ?? [];
  return kind === "exited" || kind === "crashed" ? kind : "killed";
}
