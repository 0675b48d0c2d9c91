// Where panes go on a screen: above the conversation, source beside the rest where that is wide
// enough. Pure: sizes go in, places come out.

import type { PaneView } from "./panes";

/** A part of the screen; rows and columns count from 0. */
export interface Area {
  readonly view: PaneView;
  readonly top: number;
  readonly left: number;
  /** With the line of its title. */
  readonly height: number;
}

/** The conversation keeps a third of the rows, and never less than this. */
const LEAST_CONVERSATION = 8;
/** With less than this above it there are no panes. */
const LEAST_PANES = 8;
/** From so many columns on two panes stand side by side. */
const WIDE = 100;

/** How many rows all panes have together; 0 on a screen that is too small for any. */
export function panelHeight(rows: number): number {
  const height = rows - Math.max(LEAST_CONVERSATION, Math.floor(rows / 3));
  return height < LEAST_PANES ? 0 : height;
}

export function arrange(views: readonly PaneView[], columns: number, height: number): Area[] {
  const below = views.filter(({ pane }) => pane === "timeline");
  const above = views.filter(({ pane }) => pane !== "timeline");
  const strip =
    above.length === 0 ? height : Math.min(wanted(below), Math.max(3, Math.floor(height / 3)));
  const room = height - (below.length === 0 ? 0 : strip);
  const source = above.filter(({ pane }) => pane === "source");
  const others = above.filter(({ pane }) => pane !== "source");
  const beside = source.length > 0 && others.length > 0 && columns >= WIDE;
  return [
    ...(beside
      ? [...stack(source, 0, 0, room), ...stack(others, 0, Math.ceil(columns / 2), room)]
      : stack(above, 0, 0, room)),
    ...stack(below, room, 0, strip),
  ];
}

/** The lines of an area, from its first to its last, with the focus in sight. */
export function visible({ view, height }: Area): readonly string[] {
  const { lines, focus } = view;
  const room = height - 1;
  const first = Math.max(0, Math.min(focus - Math.floor(room / 2), lines.length - room));
  return lines.slice(first, first + room);
}

function wanted(views: readonly PaneView[]): number {
  return views.reduce((sum, { lines }) => sum + lines.length + 1, 0);
}

/** One below the other; who wants least is served first, and what nobody wants the last one has. */
function stack(views: readonly PaneView[], top: number, left: number, height: number): Area[] {
  const heights = new Map<PaneView, number>();
  const modest = [...views].sort((a, b) => a.lines.length - b.lines.length);
  let rest = height;
  for (const [i, view] of modest.entries()) {
    const share = Math.floor(rest / (modest.length - i));
    const last = i === modest.length - 1;
    const own = last ? rest : Math.min(share, wanted([view]));
    heights.set(view, own);
    rest -= own;
  }
  let at = top;
  return views.map((view) => {
    const own = heights.get(view) ?? 0;
    at += own;
    return { view, top: at - own, left, height: own };
  });
}
