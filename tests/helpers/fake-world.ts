// A world that is only a list of steps: for tests of those who drive worlds.

import type { Breakpoint, Goal, Look, Stop, Variable, World } from "../../debugger";

export interface FakeStep {
  readonly pid: number;
  readonly call?: string;
  readonly print?: string;
}

export class FakeWorld implements World {
  readonly #steps: readonly FakeStep[];
  readonly #print: (text: string, stream: "stdout" | "stderr") => void;
  /** Dies instead of making this step. */
  readonly #deadly: number;
  readonly #passed = new Map<number, number>();
  readonly sent: string[] = [];
  step = 0;
  ended = false;

  constructor(
    steps: readonly FakeStep[],
    print: (text: string, stream: "stdout" | "stderr") => void,
    deadly = Infinity,
  ) {
    this.#steps = steps;
    this.#print = print;
    this.#deadly = deadly;
  }

  run(goal: Goal, breakpoints: readonly Breakpoint[]): Promise<Stop> {
    if (this.ended) return Promise.reject(new Error("this world has ended"));
    if (goal.step !== undefined && this.step >= goal.step) return this.#stop({ kind: "goal" });
    for (;;) {
      if (this.step + 1 === this.#deadly) {
        this.ended = true;
        return Promise.reject(new Error("the world has ended: exit code 3"));
      }
      const made = this.#steps[this.step];
      if (made === undefined) return this.#stop({ kind: "end", text: "the end", whole: true });
      this.step += 1;
      if (made.print !== undefined) this.#print(made.print, "stdout");
      const hit = breakpoints.find((one) => this.#hits(one.point, made) && this.#counts(one));
      if (hit !== undefined) return this.#stop(this.#reasonOf(hit));
      if (goal.step === this.step || goal.task === made.pid) return this.#stop({ kind: "goal" });
    }
  }

  #hits(point: Breakpoint["point"], { pid, call }: FakeStep): boolean {
    return (
      point.on === "change" ||
      (point.on === "task" && point.task === pid) ||
      (point.on === "call" && point.call === call)
    );
  }

  /** Whatever is watched has the value of the step's number. */
  #reasonOf({ id, point }: Breakpoint): Stop["reason"] {
    if (point.on !== "change") return { kind: "breakpoint", id, text: "hit" };
    return { kind: "change", id, before: `${this.step - 1}`, after: `${this.step}` };
  }

  /** As worlds do: what a number has let pass is never forgotten. */
  #counts({ id, ignore }: Breakpoint): boolean {
    const passed = this.#passed.get(id) ?? 0;
    if (passed < ignore) this.#passed.set(id, passed + 1);
    return passed >= ignore;
  }

  #stop(reason: Stop["reason"]): Promise<Stop> {
    const made = this.#steps[this.step - 1];
    const call = made?.call ?? "sleep";
    const last = made === undefined ? null : { step: this.step, time: this.step, pid: made.pid };
    const event = { reply: "", call: `${call}()`, name: call, object: "", ready: 0 };
    const rest = { outcome: "ready", detail: "", place: `/home/prog.ts:${this.step}` } as const;
    return Promise.resolve({
      ...{ step: this.step, time: this.step, reason },
      last: last && { ...last, ...event, ...rest },
    });
  }

  async lastHit(step: number, breakpoints: readonly Breakpoint[]): Promise<Stop | null> {
    let hit: Stop | null = null;
    while (this.step < step - 1) {
      const stop = await this.run({ step: step - 1 }, breakpoints);
      if (stop.reason.kind === "breakpoint" || stop.reason.kind === "change") hit = stop;
    }
    return hit;
  }

  look(): Promise<Look> {
    const pids = [...new Set(this.#steps.map(({ pid }) => pid))].sort();
    const tasks = pids.map((pid) => ({
      ...{ pid, ppid: 0, name: `t${pid}`, state: "ready" as const, daemon: false, group: 1 },
      ...{ call: undefined, waitsFor: undefined, deadline: undefined, expires: undefined },
      ...{ depth: 1, steps: 0, cpuTime: 0, descriptors: [], locks: [], status: undefined },
    }));
    return Promise.resolve({
      ...{ step: this.step, time: this.step, tasks, ready: pids, timers: [], descriptors: [] },
      ...{ queues: [{ name: "jobs", waiters: [1] }], lints: [] },
    } as unknown as Look);
  }

  async waits(): ReturnType<World["waits"]> {
    const { step, time, tasks } = await this.look();
    return { step, time, tasks, waits: [], circles: [] };
  }

  ending(): ReturnType<World["ending"]> {
    return Promise.resolve(null);
  }

  frames(): ReturnType<World["frames"]> {
    return Promise.resolve([
      { name: "inner", file: "/home/prog.ts", line: Math.max(1, this.step), column: 1, own: true },
      { name: "outer", file: "/home/prog.ts", line: 2, column: 1, own: true },
    ]);
  }

  scopes(): ReturnType<World["scopes"]> {
    return Promise.resolve([{ kind: "local", variables: [this.#variable("x", "[…]", 1)] }]);
  }

  expand(ref: number): ReturnType<World["expand"]> {
    return Promise.resolve([this.#variable("0", String(ref), ref < 3 ? ref + 1 : 0)]);
  }

  moduleOf(): Promise<null> {
    return Promise.resolve(null);
  }

  evaluate(expression: string): Promise<Variable> {
    if (expression.includes("nope")) return Promise.reject(new Error("nope is not defined"));
    return Promise.resolve(this.#variable("", expression === "!!(no)" ? "false" : "true", 0));
  }

  #variable(name: string, value: string, ref: number): Variable {
    return { name, value, type: "", ref };
  }

  history(pid: number): Promise<readonly string[]> {
    return Promise.resolve([`history of ${pid}`]);
  }

  recent(most: number): ReturnType<World["recent"]> {
    const from = Math.max(0, this.step - most);
    const steps = this.#steps.slice(from, this.step);
    const rows = [...new Set(steps.map(({ pid }) => pid))].sort().map((pid) => {
      const states = steps.map((step) => (step.pid === pid ? ("running" as const) : null));
      return { task: { pid, parent: 0, name: `t${pid}` }, states };
    });
    return Promise.resolve({ first: from + 1, rows, others: 0 });
  }

  signal(pid: number, signal: string): Promise<void> {
    this.sent.push(`${signal} ${pid}`);
    return Promise.resolve();
  }

  tell(pid: number, expression: string): Promise<void> {
    this.sent.push(`${expression} ${pid}`);
    return Promise.resolve();
  }

  choose(pid: number): Promise<void> {
    this.sent.push(`choose ${pid}`);
    return Promise.resolve();
  }

  interrupt(): void {}

  end(): Promise<void> {
    this.ended = true;
    return Promise.resolve();
  }
}
