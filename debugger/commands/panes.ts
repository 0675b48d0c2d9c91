// What can be shown after each stop.

/** Their names, as they are typed. */
export const PANES = ["source", "tasks", "queues", "timeline"] as const;
export type Pane = (typeof PANES)[number];
