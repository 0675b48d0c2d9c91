// The watchdog's thread: sees that a step does not end, and has the program's thread say so itself:
// the host's debugger interface interrupts any JavaScript, for a millisecond. Imports nothing but
// Node, so that it can run by itself.

import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { workerData } from "node:worker_threads";

/** What both threads see. The arrays have one element each, and shared memory. */
export interface WatchdogData {
  /** The number of the step that runs, or 0. */
  readonly step: Int32Array;
  /** Of the task that runs. */
  readonly pid: Int32Array;
  /** The number of the last step that was reported with its place, or need not be. */
  readonly reported: Int32Array;
  /** The CPU time of the process at the last look, in milliseconds. */
  readonly cpu: Float64Array;
  /** Milliseconds. */
  readonly budget: number;
  /** After so many milliseconds in one step, signals no longer wait for its end. */
  readonly stuck: number;
  /** The global symbol under which the program's thread can be asked: a WatchdogHook. */
  readonly hook: string;
}

/** What the program's thread is told, on top of whatever it does. */
export interface WatchdogHook {
  /** This step has taken longer than its budget. */
  report(step: number): void;
  /** This step has taken so long that signals must not wait for its end. */
  release(step: number): void;
}

/** How long the program's thread may take to answer, in milliseconds, before it counts as deaf. */
const PATIENCE = 200;

const shared = workerData as WatchdogData;
const { budget, stuck } = shared;

let seen = 0;
let since = 0;
let released = 0;
let blind = 0;
/** Open while there is something to tell it. */
let session: Session | null = null;

function poll(): void {
  const step = shared.step[0] ?? 0;
  const now = performance.now();
  if (step !== seen) {
    [seen, since] = [step, now];
    shared.cpu[0] = cpuTime();
    // It went on, so what it was to be told is no longer true.
    hangUp();
  } else if (step !== 0 && session === null) {
    look(step, now - since);
  }
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function look(step: number, age: number): void {
  if (age >= budget && shared.reported[0] !== step) {
    const question = tell("report", step);
    setTimeout(() => {
      if (session === question) reportBlind(step);
    }, PATIENCE);
  } else if (age >= Math.max(stuck, budget) && released !== step) {
    released = step;
    tell("release", step);
  }
}

function tell(what: keyof WatchdogHook, step: number): Session {
  const expression = `globalThis[Symbol.for(${JSON.stringify(shared.hook)})].${what}(${step})`;
  const mine = (session = new Session());
  try {
    mine.connectToMainThread();
    mine.post("Runtime.evaluate", { expression }, () => {
      if (session === mine) hangUp();
    });
  } catch {
    // A host without a debugger interface: as if nobody answered.
  }
  return mine;
}

function hangUp(): void {
  session?.disconnect();
  session = null;
}

/**
 * It does not even answer: it waits in the host's own code, where it cannot be interrupted. Where
 * that is follows when it can be.
 */
function reportBlind(step: number): void {
  if (shared.step[0] !== step || shared.reported[0] === step || blind === step) return;
  blind = step;
  const age = Math.round(performance.now() - since);
  const task = `task ${shared.pid[0]}`;
  const where = "it is in a call of the host's that has not returned";
  try {
    writeSync(2, `genix: ${task} has not yielded for ${age} ms: ${where}\n`);
  } catch {
    // Nobody can be told.
  }
}

setInterval(poll, Math.max(1, budget / 2));
