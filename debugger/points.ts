// What each kind of breakpoint looks for after a step. Pure: where in its source a task stands, and
// what an expression comes to, it is told.

import { objectsOf } from "./object";
import { circleOf } from "./circles";
import type { LastStep } from "./last-step";
import type { QueueLength } from "./queue-length";
import type { Kernel, Task } from "../kernel";
import type { Change, Point } from "./point";
import { INIT } from "./story";

export type PointOn<On extends Point["on"]> = Extract<Point, { on: On }>;

/** What only the host can tell. */
export interface PointContext {
  /** On the machine's clock, in milliseconds. */
  time(): number;
  /** Did `task`, which has made the step, come to a yield in this line? */
  standsAt(task: Task, file: string, line: number): boolean;
  /**
   * Is it true, seen from the frame of `task` that stands in the line of `point`, or without one,
   * from the innermost? Throws what it throws.
   */
  isTrue(expression: string, task: Task, point: Point): boolean;
  /** How the value of its expression has changed since the answer was called last, or made. */
  watch(point: PointOn<"change">): () => Change | null;
  /** What development mode has found. */
  lints(): readonly string[];
}

export interface Scene {
  readonly kernel: Kernel;
  readonly last: LastStep;
  readonly context: PointContext;
  /** The queue of this name, from now on. */
  queue(name: string): QueueLength;
}

/** What was hit. */
export type Hit =
  { readonly kind: "breakpoint"; readonly text: string } | ({ readonly kind: "change" } & Change);

/** Asked after each step, with the task that has made it. */
export type Check = (task: Task) => Hit | null;

/** The check of a breakpoint on `point`. Throws what its expression throws. */
export function checkFor(point: Point, scene: Scene): Check {
  switch (point.on) {
    case "task":
      return (task) => {
        const { pid, name } = task;
        return pid === point.task || name === point.task
          ? hit(`${String(task)} made a step`)
          : null;
      };
    case "call":
      return (task) => (scene.last.call?.name === point.call ? called(task, scene) : null);
    case "object":
      return (task) => (worksOn(point.object, scene) ? called(task, scene) : null);
    case "line":
      return (task) => lookAtLine(task, point, scene);
    case "time":
      return lookForTime(point.time, scene);
    case "queue":
      return lookForLength(point, scene);
    case "length":
      return lookForAnyLength(point, scene);
    case "change":
      return lookForChange(point, scene);
    case "lint":
      return lookForLints(scene);
    case "deadlock":
      return (task) => lookForCircle(task, scene);
    default:
      return () => lookForEvent(point.on, scene);
  }
}

export function hit(text: string): Hit {
  return { kind: "breakpoint", text };
}

function called(task: Task, { last }: Scene): Hit | null {
  return task.pid === INIT ? null : hit(`${String(task)} made ${String(last.call)}`);
}

function worksOn(object: string, { last }: Scene): boolean {
  return last.call !== null && objectsOf(last.call).includes(object);
}

function lookAtLine(task: Task, { file, line }: PointOn<"line">, { context }: Scene): Hit | null {
  if (!task.alive || !context.standsAt(task, file, line)) return null;
  return hit(`${String(task)} is at ${file.replace(/^.*[\\/]/, "")}:${line}`);
}

function lookForTime(time: number, { context }: Scene): Check {
  let over = context.time() >= time;
  return () => {
    if (over || context.time() < time) return null;
    over = true;
    return hit(`it is ${context.time().toFixed(1)} ms`);
  };
}

function lookForLength({ queue: name, length }: PointOn<"queue">, scene: Scene): Check {
  const queue = scene.queue(name);
  return () => {
    const { before, now } = queue.change();
    return before < length && now >= length ? hit(`the length of ${name} is ${now}`) : null;
  };
}

function lookForAnyLength({ queue: name }: PointOn<"length">, scene: Scene): Check {
  const queue = scene.queue(name);
  return () => {
    const { before, now } = queue.change();
    return now === before ? null : { kind: "change", before: `${before}`, after: `${now}` };
  };
}

function lookForChange(point: PointOn<"change">, { context }: Scene): Check {
  const changed = context.watch(point);
  return () => {
    const change = changed();
    return change === null ? null : { kind: "change", ...change };
  };
}

function lookForLints({ context }: Scene): Check {
  let known = context.lints().length;
  return () => {
    const lints = context.lints();
    if (lints.length <= known) return null;
    known = lints.length;
    return hit(lints.at(-1) ?? "");
  };
}

/** A circle of waits that the step has closed, while others may run on. */
function lookForCircle(task: Task, { kernel, last }: Scene): Hit | null {
  const circle = last.queue === null ? undefined : circleOf(kernel, task);
  if (circle === undefined) return null;
  return hit(`deadlock: ${[...circle, task].map(String).join(" -> ")}`);
}

function lookForEvent(kind: string, { last }: Scene): Hit | null {
  const event = last.events.find((one) => {
    // A crash is an end, too.
    return one.kind === kind || (kind === "exit" && one.kind === "crash");
  });
  return event === undefined ? null : hit(event.text);
}
