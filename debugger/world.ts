// The debugger's two halves, and what they say to each other. A world is one execution of a
// program, live or replayed, that can only go forwards; it may live in another process, so all that
// passes is plain data. A session has a past: it goes back by opening another world and running it
// to where it wants to be. Types alone.

import type { Pid, Signal, TaskInfo } from "../kernel";
import type { Breakpoint, Change, FrameExpression, Point } from "./point";
import type { Recent } from "./pictures/recent";
import type { StepEvent } from "./story";
import type { Wait } from "./waits";

export type { Breakpoint, FrameExpression, Point } from "./point";

/** How far to run; at the first of these, or at a breakpoint. Nothing given: until something. */
export interface Goal {
  /** So many steps have been made since the beginning. */
  readonly step?: number;
  /** The clock has come to this, in milliseconds. */
  readonly time?: number;
  /** This task has made a step. */
  readonly task?: Pid;
  /** The frame that is so deep on this task's stack, the outermost being 1, is gone. */
  readonly returned?: { readonly pid: Pid; readonly depth: number };
  /** This expression is true, seen from the task that made the step. */
  readonly condition?: string;
}

/** That a breakpoint stops, by its number; 0 for what is none that somebody set. */
export type BreakpointHit =
  | { readonly kind: "breakpoint"; readonly id: number; readonly text: string }
  | ({ readonly kind: "change"; readonly id: number } & Change)
  /** An expression of a breakpoint or a goal threw. */
  | { readonly kind: "error"; readonly id: number; readonly text: string };

/** Where a world stands, and why it stopped there. */
export interface Stop {
  /** Steps made since the beginning. */
  readonly step: number;
  /** On the machine's clock, in milliseconds. */
  readonly time: number;
  readonly reason:
    | { readonly kind: "goal" | "interrupted" }
    | (BreakpointHit & {
        /** Other breakpoints that were hit in the same step. */
        readonly also?: readonly BreakpointHit[];
        /** It has come to its goal as well. */
        readonly reached?: boolean;
      })
    /** The system has halted, or the recording is at its end (`whole` says if it is all there). */
    | {
        readonly kind: "end";
        readonly text: string;
        readonly whole: boolean;
        /** The exit code that `genix run` would have, where the program has come to its end. */
        readonly code?: number;
      }
    /** A replay took another way than its recording: both sides. */
    | { readonly kind: "diverged"; readonly recorded: string; readonly replayed: string };
  /** The last step that was made. */
  readonly last: StepEvent | null;
  /** The name of the task that made it, which may have ended in it, if that is known. */
  readonly name?: string;
}

/** How a task has ended. */
export interface Ending {
  readonly name: string;
  readonly kind: "exited" | "crashed" | "killed";
  /** In words: `exited: 5`, `killed with TERM by 2`. */
  readonly text: string;
  /** In this step, or after it. */
  readonly step: number;
  /** Where it stood before; of a crash, where that was thrown; "" if it cannot be told. */
  readonly from: string;
  /** Of a crash: the lines of its stack. */
  readonly stack: readonly string[];
}

export interface Frame {
  /** The generator function's name; "" if it has none. */
  readonly name: string;
  /** Absolute path, line and column, from 1, in the source as it was written. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Of the program, and not of the toolbox that it calls. */
  readonly own: boolean;
}

export interface Variable {
  readonly name: string;
  /** On one line. */
  readonly value: string;
  readonly type: string;
  /** For `expand`; 0 when there is nothing inside. Good until the world runs on. */
  readonly ref: number;
  /** How an expression goes on to it, if not by its name: `.get("ann")`; "" if it cannot. */
  readonly access?: string;
}

export interface Scope {
  /** `block`, `local`, `closure`, `module`. */
  readonly kind: string;
  readonly variables: readonly Variable[];
}

export interface QueueInfo {
  readonly name: string;
  /** What waits on it, first come first: pids. */
  readonly waiters: readonly Pid[];
}

/** What there is to see of a kernel at one moment; who waits for whom is asked for apart. */
export interface Look {
  readonly step: number;
  readonly time: number;
  readonly tasks: readonly TaskInfo[];
  /** In the order in which they will run. */
  readonly ready: readonly Pid[];
  readonly timers: readonly { readonly time: number; readonly pid: Pid; readonly what: string }[];
  readonly descriptors: readonly {
    readonly fd: number;
    readonly device: string;
    readonly owner: Pid;
    readonly readers: readonly Pid[];
    readonly writers: readonly Pid[];
  }[];
  readonly queues: readonly QueueInfo[];
  readonly lints: readonly string[];
}

/** Who waits for whom at one moment. */
export interface WaitPicture extends Pick<Look, "step" | "time" | "tasks"> {
  readonly waits: readonly Wait[];
  /** Tasks that wait for each other, each circle once. */
  readonly circles: readonly (readonly Pid[])[];
}

/** One execution, which can only go forwards. All methods reject when the world is gone. */
export interface World {
  /** Runs at least one step, unless the goal's step or the end is reached already. */
  run(goal: Goal, breakpoints: readonly Breakpoint[]): Promise<Stop>;
  /** Stop the run under way after its step; a task that never yields is stopped with the world. */
  interrupt(): void;
  /** Run to `step`; the last stop before it that `breakpoints` would have made, or null. */
  lastHit(step: number, breakpoints: readonly Breakpoint[]): Promise<Stop | null>;
  look(): Promise<Look>;
  waits(): Promise<WaitPicture>;
  /** How a task has ended; null if it has not, or that is long ago. */
  ending(pid: Pid): Promise<Ending | null>;
  /** The stack of a task that does not run, the innermost frame first. */
  frames(pid: Pid): Promise<readonly Frame[]>;
  /** The variables that a frame sees, the innermost scope first. Rejects for a dead task. */
  scopes(pid: Pid, frame: number): Promise<readonly Scope[]>;
  /** What is inside the variable with this `ref`. Rejects when the world has run on since. */
  expand(ref: number): Promise<readonly Variable[]>;
  /**
   * The value of an expression over the variables that a frame sees; of a task that has ended, over
   * those of the module where it did. Rejects with what it throws.
   */
  evaluate(expression: string, pid: Pid, frame: number): Promise<Variable>;
  /** The file of the module whose variables alone it is about; null if a frame's own are, too. */
  moduleOf(expression: FrameExpression): Promise<string | null>;
  /** The last steps of a task and what happened to it, oldest first, one line each. */
  history(pid: Pid, most: number): Promise<readonly string[]>;
  /** What the tasks did in the last steps, at most so many. */
  recent(most: number): Promise<Recent>;
  signal(pid: Pid, signal: Signal): Promise<void>;
  /** Put the value of an expression into a task's mailbox. */
  tell(pid: Pid, expression: string): Promise<void>;
  /** This ready task runs next. */
  choose(pid: Pid): Promise<void>;
  end(): Promise<void>;
}

/** A breakpoint as a session keeps it. */
export interface KeptBreakpoint extends Breakpoint {
  readonly enabled: boolean;
  /** How often it has stopped a run forwards. */
  readonly hits: number;
}

export interface BreakpointChange {
  readonly enabled?: boolean;
  readonly ignore?: number;
  /** "": none. */
  readonly condition?: string;
}

/** A world that can also go back. What DAP and the command line drive. */
export interface Session {
  /** Where it stands. */
  readonly at: Stop;
  /** Steps known so far: made by the program, or, when only a recording is there, seen of it. */
  readonly known: number;
  /** Is this the present, where the program goes on by itself, and not its past? */
  readonly live: boolean;
  /** Where it stands, to be looked at. Throws while the program could not be started. */
  readonly world: World;
  run(goal: Goal): Promise<Stop>;
  /**
   * Back to the last stop that `goal.task` or a breakpoint, but for those numbered in `passing`,
   * would have made; else to the start.
   */
  runBack(goal: Pick<Goal, "task">, passing?: readonly number[]): Promise<Stop>;
  /** Back to where `point` alone would have stopped last; null, and nothing moves, if nowhere. */
  lastOf(point: Point): Promise<Stop | null>;
  /** To any step, back or forth. */
  goTo(step: number): Promise<Stop>;
  /** The program anew, from its beginning; a recording from its start. */
  restart(): Promise<Stop>;
  interrupt(): void;
  /** The breakpoints there are, in the order of their numbers; change them with the next two. */
  readonly breakpoints: readonly KeptBreakpoint[];
  /**
   * A line in which no yield begins stands for the one it is in, or the next: then `moved`. What is
   * about the variables of a module alone is seen from there, whoever runs.
   */
  addBreakpoint(
    point: Point,
    condition?: string,
    ignore?: number,
  ): Promise<{ readonly breakpoint: Breakpoint; readonly moved: boolean }>;
  /** False when there is no such breakpoint. */
  deleteBreakpoint(id: number): boolean;
  /** False when there is no such breakpoint. */
  changeBreakpoint(id: number, to: BreakpointChange): boolean;
  /** What the program printed; `replayed` was printed before, by an earlier world. */
  onOutput: (text: string, stream: "stdout" | "stderr", replayed: boolean) => void;
  end(): Promise<void>;
}
