// A story as a Chrome trace, for Perfetto (ui.perfetto.dev), chrome://tracing and the performance
// panel of DevTools. (Trace Event Format: Duca and Sinclair; thread states, "T", are Perfetto's.)

import { timeAxis, type Axis } from "./axis";
import { intervalsOf, type Interval, type IntervalState } from "./intervals";
import type { StepEvent, Story } from "../story";
import { fileName } from "./text";

export interface TraceEvent {
  readonly name: string;
  readonly ph: "M" | "X" | "C" | "T" | "s" | "f";
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly cat: string;
  readonly id?: number;
  readonly bp?: "e";
  readonly args?: Readonly<Record<string, string | number>>;
}

/** All tasks are threads of one process. */
const PROCESS = 1;
/** A step takes so many milliseconds, or less if many have to share a moment. */
const SLOT = 0.01;
/** Steps and flows are of one category, as a flow is bound to a slice of its own. */
const CATEGORY = "genix";

/** The trace as JSON, in pieces: a long one is longer than a string may be. */
export function* traceLines(story: Story): Generator<string, void> {
  const events = traceOf(story);
  yield '{"displayTimeUnit":"ms","traceEvents":[\n';
  for (const [i, event] of events.entries()) {
    yield `${JSON.stringify(event)}${i < events.length - 1 ? "," : ""}\n`;
  }
  yield "]}\n";
}

/** The events of the trace, in the order of time. */
export function traceOf(story: Story): readonly TraceEvent[] {
  const axis = timeAxis(story, SLOT);
  const intervals = [...intervalsOf(story, axis).values()].flat();
  const timed = [
    ...intervals.flatMap(slicesOf),
    ...story.steps.map((step, i) => counter(step, axis.ends[i] ?? 0)),
    ...flows(story, axis),
  ];
  // A flow is bound to the slice that is open when it comes, so slices go before flows.
  const order = ({ ph }: TraceEvent): number => (ph === "X" ? 0 : 1);
  timed.sort((a, b) => a.ts - b.ts || order(a) - order(b) || (b.dur ?? 0) - (a.dur ?? 0));
  return [...metadata(story), ...timed];
}

function metadata({ program, tasks }: Story): TraceEvent[] {
  const note = (name: string, tid: number, args: TraceEvent["args"]): TraceEvent => {
    return { name, ph: "M", pid: PROCESS, tid, ts: 0, cat: "__metadata", args: args ?? {} };
  };
  return [
    note("process_name", 0, { name: `genix ${fileName(program)}` }),
    ...tasks.flatMap(({ pid, name }, i) => [
      note("thread_name", pid, { name: name === "" ? `task ${pid}` : `${pid} ${name}` }),
      note("thread_sort_index", pid, { sort_index: i }),
    ]),
  ];
}

/** A slice for a step or a wait, and the thread's state for each interval. */
function slicesOf(interval: Interval): TraceEvent[] {
  const { pid: tid, state, from, to, step } = interval;
  const ts = micros(from);
  // From the rounded ends, so that what is next to each other does not overlap.
  const place = { pid: PROCESS, tid, ts, dur: round(micros(to) - ts) };
  const thread: TraceEvent = {
    ...{ name: letters[state] ?? "S", ph: "T", cat: "state", ...place },
    args: state === "running" ? { cpu: 0 } : threadArgs(interval),
  };
  if (state === "running" && step !== null) {
    return [{ name: nameOf(step), ph: "X", cat: CATEGORY, ...place, args: argsOf(step) }, thread];
  }
  if (step === null || letters[state] !== undefined) return [thread];
  const name = `blocked: ${step.detail}`;
  return [{ name, ph: "X", cat: "blocked", ...place, args: waitArgs(interval) }, thread];
}

/** Linux's letters, which Perfetto knows; all others are sleeping. */
const letters: Readonly<Partial<Record<IntervalState, string>>> = {
  ...{ running: "Running", ready: "R", stopped: "T", zombie: "Z" },
};

function nameOf({ name, object, outcome }: StepEvent): string {
  if (name === "") return outcome === "ready" ? "yield" : outcome;
  return object === "" ? name : `${name} ${object}`;
}

function argsOf({ step, time, reply, call, outcome, detail, place }: StepEvent) {
  return pick({ step, time, reply, call, outcome, detail, place });
}

function waitArgs({ state, step }: Interval): Readonly<Record<string, string | number>> {
  if (step === null || letters[state] !== undefined) return {};
  const { call, object, detail: reason, place } = step;
  return pick({ kind: state, reason, call, object, place });
}

function threadArgs(interval: Interval): Readonly<Record<string, string | number>> {
  const { reason } = waitArgs(interval);
  return reason === undefined ? {} : { blocked_function: reason };
}

/** Without what is empty. */
function pick(args: Readonly<Record<string, string | number>>) {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== ""));
}

function counter({ ready }: StepEvent, at: number): TraceEvent {
  const place = { pid: PROCESS, tid: 0, ts: micros(at) };
  return { name: "ready queue", ph: "C", cat: CATEGORY, ...place, args: { tasks: ready } };
}

/**
 * An arrow from the step that made a task or woke it to that task's next step. Both ends are at the
 * beginning of their slices, as tools bind them by time, process, thread and category.
 */
function flows(story: Story, axis: Axis): TraceEvent[] {
  const first = story.steps[0]?.step ?? 1;
  const nextOf = nextSteps(story);
  return story.happenings.flatMap(({ kind, step, pid, by }, id) => {
    const to = nextOf(pid, step);
    const cause = story.steps[step - first];
    if ((kind !== "wake" && kind !== "spawn") || by === 0 || by === pid) return [];
    if (to === undefined || cause === undefined) return [];
    const flow = { name: kind, pid: PROCESS, cat: CATEGORY, id };
    const from = micros(axis.starts[step - first] ?? 0);
    return [
      { ...flow, ph: "s" as const, tid: by, ts: from },
      { ...flow, ph: "f" as const, tid: pid, ts: micros(axis.starts[to] ?? 0), bp: "e" as const },
    ];
  });
}

/** Finds the index of a task's first step after a step. Asked in the order of the steps. */
function nextSteps({ steps }: Story): (pid: number, after: number) => number | undefined {
  const of = new Map<number, number[]>();
  for (let i = steps.length - 1; i >= 0; i--) {
    const pid = steps[i]?.pid ?? 0;
    const mine = of.get(pid);
    if (mine === undefined) of.set(pid, [i]);
    else mine.push(i);
  }
  return (pid, after) => {
    const mine = of.get(pid) ?? [];
    while (mine.length > 0 && (steps[mine.at(-1) ?? 0]?.step ?? 0) <= after) mine.pop();
    return mine.at(-1);
  };
}

/** To the nanosecond, which is the finest that tools tell apart. */
function micros(milliseconds: number): number {
  return round(milliseconds * 1000);
}

function round(number: number): number {
  return Math.round(number * 1000) / 1000;
}
