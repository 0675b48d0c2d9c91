// The answer to "what is it doing?": ps, and below each task its stack, the frame that runs first.

import { snapshot, type Kernel, type Task } from "../kernel";
import { psTable } from "../debugger";
import { inspect, type Position } from "../machine/inspect";
import { shown } from "./misuse";

/** More than these nobody reads; of a deep stack the middle is left out. */
const MOST_TASKS = 100;
const TOP_FRAMES = 12;
const BOTTOM_FRAMES = 4;

/**
 * Every task of `kernel` with what it waits for, and the line at which each of its frames stands.
 */
export function whereReport(kernel: Kernel): string {
  const tasks = [...kernel.tasks].slice(0, MOST_TASKS);
  const stacks = tasks.map(stackOf);
  const positions = inspect(stacks.flatMap(({ frames }) => frames)).values();
  const located = stacks.map(({ frames }) => frames.map(() => positions.next().value));
  const named = snapshot(kernel)
    .slice(0, tasks.length)
    .map((info, i) => ({ ...info, name: info.name || nameOf(located[i]?.at(-1)) }));
  const [heading = "", ...rows] = psTable(named).trimEnd().split("\n");
  const lines = rows.flatMap((row, i) => [
    row,
    ...stackLines(located[i] ?? [], stacks[i]?.omitted ?? 0),
  ]);
  const more = kernel.tasks.size - tasks.length;
  if (more > 0) lines.push(`… and ${more} more tasks`);
  return [heading, ...lines, ""].join("\n");
}

interface Stack {
  /** The top ones first; `omitted` of them are missing after the first TOP_FRAMES. */
  readonly frames: readonly unknown[];
  readonly omitted: number;
}

function stackOf({ frame, callers }: Task): Stack {
  if (frame === null) return { frames: [], omitted: 0 };
  const depth = 1 + (callers?.length ?? 0);
  const all = (from: number, to: number): unknown[] =>
    // From the top, without a copy of a stack that may be 100,000 deep.
    Array.from({ length: to - from }, (_, i) => (from + i === 0 ? frame : callers?.at(-from - i)));
  if (depth <= TOP_FRAMES + BOTTOM_FRAMES) return { frames: all(0, depth), omitted: 0 };
  return {
    frames: [...all(0, TOP_FRAMES), ...all(depth - BOTTOM_FRAMES, depth)],
    omitted: depth - TOP_FRAMES - BOTTOM_FRAMES,
  };
}

function stackLines(frames: readonly (Position | undefined)[], omitted: number): string[] {
  const lines = frames.map((at) =>
    at === undefined
      ? "       at a frame that cannot be seen"
      : `       at ${at.name || "(anonymous)"} (${shown(at.file)}:${at.line})`,
  );
  if (omitted > 0) lines.splice(TOP_FRAMES, 0, `       … ${omitted} more frames`);
  return lines;
}

function nameOf(bottom: Position | undefined): string {
  return bottom?.name ?? "";
}
