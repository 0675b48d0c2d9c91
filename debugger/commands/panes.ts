// What can be shown after each stop.

/** Their names, as they are typed. */
export const PANES = ["source", "tasks", "queues"] as const;
export type Pane = (typeof PANES)[number];
