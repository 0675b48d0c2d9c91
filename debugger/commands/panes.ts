// What can be kept in sight while a program is stepped: panes, each a list of lines.

import type { Look } from "../world";
import type { Shell } from "./shell";
import { sourcePane, standing } from "./source";
import { psTree, queueLines, readyLine } from "./views";

/** Their names, as they are typed. */
export const PANES = ["source", "tasks", "queues", "timeline"] as const;
export type Pane = (typeof PANES)[number];

export interface PaneView {
  readonly pane: Pane;
  readonly title: string;
  readonly lines: readonly string[];
  /** The line, from 0, that is to be seen where not all can be. */
  readonly focus: number;
}

/** So many lines of source before and after the current one: for a tall screen, or printed. */
const PINNED = 100;
const PRINTED = 5;

export async function paneView(shell: Shell, pane: Pane, look: Look): Promise<PaneView> {
  if (pane === "source") return sourceView(shell);
  if (pane === "timeline") return still(pane, "last steps", await shell.timeline());
  if (pane === "queues") {
    const { taskText } = shell;
    return still(pane, pane, [readyLine(look, taskText), ...queueLines(look, taskText)]);
  }
  const lines = psTree(look.tasks, shell.pid);
  const selected = lines.findIndex((line) => line.startsWith("*"));
  return { pane, title: pane, lines, focus: Math.max(0, selected) };
}

function still(pane: Pane, title: string, lines: readonly string[]): PaneView {
  return { pane, title, lines, focus: 0 };
}

async function sourceView(shell: Shell): Promise<PaneView> {
  const { source, shown, paint, pin } = shell.host;
  // Of a task that has ended, or stands in a file that cannot be read, there is nothing to show.
  const at = await standing(shell);
  const text = at === undefined ? undefined : source(at.file);
  if (at === undefined || text === undefined) return still("source", "source", []);
  const reach = pin === undefined ? PRINTED : PINNED;
  const first = Math.max(1, at.line - reach);
  return {
    pane: "source",
    title: shown(at.file),
    lines: sourcePane(text, first, at.line + reach, at.line, paint),
    focus: Math.max(0, at.line - first),
  };
}
