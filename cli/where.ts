// The answer to "what is it doing?": ps, and below each task its stack, the frame that runs first.

import { snapshot, type Kernel, type Task, type TaskInfo } from "../kernel";
import { psTable } from "../debugger";
import { inspect, type Position } from "../machine/inspect";
import { shown } from "../machine/place";

/** More than these nobody reads; of a deep stack the middle is left out. */
const MOST_TASKS = 100;
const TOP_FRAMES = 12;
const BOTTOM_FRAMES = 4;

/** Every task of `kernel` with what it waits for, and the line where each of its frames stands. */
export function whereReport(kernel: Kernel): string {
  const tasks = [...kernel.tasks].slice(0, MOST_TASKS);
  const stacks = tasks.map(framesOf);
  const positions = locate(stacks.flat()).values();
  const located = stacks.map((frames) => frames.map(() => positions.next().value));
  const infos = snapshot(kernel)
    .slice(0, tasks.length)
    .map((info, i) => onOneLine(info, located[i]?.at(-1)));
  const [heading = "", ...rows] = psTable(infos).trimEnd().split("\n");
  const lines = rows.flatMap((row, i) => [
    row,
    ...stackLines(located[i] ?? [], infos[i]?.depth ?? 0),
  ]);
  const more = kernel.tasks.size - tasks.length;
  if (more > 0) lines.push(`… and ${more} more tasks`);
  return [heading, ...lines, ""].join("\n");
}

/** `prog.ts:12`, where `task` stands. */
export function where({ frame }: Task): string {
  const [at] = locate([frame]);
  return at === undefined ? "" : `${shown(at.file)}:${at.line}`;
}

/** The frames of a task, the top one first; of a deep stack the top and the bottom. */
function framesOf({ frame, callers }: Task): unknown[] {
  if (frame === null) return [];
  if (callers === null) return [frame];
  // Without a copy of what may be 100,000 frames: they are in order, the oldest first.
  const omit = callers.length + 1 > TOP_FRAMES + BOTTOM_FRAMES;
  const upper = omit ? callers.slice(1 - TOP_FRAMES) : callers;
  const lower = omit ? callers.slice(0, BOTTOM_FRAMES) : [];
  return [frame, ...[...lower, ...upper].reverse()];
}

function locate(frames: readonly unknown[]): (Position | undefined)[] {
  try {
    return inspect(frames);
  } catch {
    return []; // A host without a debugger interface: the program must not suffer for that.
  }
}

/** What `ps` needs to show it in one line; a task without a name is called what it runs. */
function onOneLine(info: TaskInfo, bottom: Position | undefined): TaskInfo {
  const flat = (text: string | undefined): string | undefined => text?.replace(/\s+/g, " ");
  return {
    ...info,
    name: flat(info.name || bottom?.name) ?? "",
    call: flat(info.call),
    waitsFor: flat(info.waitsFor),
  };
}

function stackLines(frames: readonly (Position | undefined)[], depth: number): string[] {
  const lines = frames.map((at) =>
    at === undefined
      ? "       at a frame that cannot be seen"
      : `       at ${at.name || "(anonymous)"} (${shown(at.file)}:${at.line})`,
  );
  const omitted = depth - frames.length;
  if (omitted > 0) lines.splice(TOP_FRAMES, 0, `       … ${omitted} more frames`);
  return lines;
}
