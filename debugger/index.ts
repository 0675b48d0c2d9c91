// What the command line shows of a system, and how it watches one.

export { Breakpoints, Tally } from "./breakpoints";
export { sections } from "./commands/all";
export { Complaint } from "./commands/complaint";
export { complete } from "./commands/complete";
export type { Paint, Role } from "./commands/paint";
export { Shell, type ShellHost } from "./commands/shell";
export { deadlockReport } from "./deadlock";
export type { Where } from "./deadlock";
export { Development } from "./development";
export { historyOf } from "./history";
export { look } from "./look";
export {
  BadRecording,
  chooseNext,
  describeStop,
  Player,
  read,
  Recorder,
  VERSION,
} from "./recording";
export type { IntervalState } from "./intervals";
export type { MessageKind } from "./messages";
export type { Divergence, Header, PlayerOptions, Recording } from "./recording";
export type { Story } from "./story";
export { sequenceSvg } from "./sequence-svg";
export { sequenceText } from "./sequence-text";
export { StoryTeller } from "./story-teller";
export type { Senses } from "./points";
export { strace } from "./strace";
export { timelineSvg } from "./timeline-svg";
export { timelineText } from "./timeline-text";
export { traceLines } from "./trace-events";
export { psTable } from "./views";
export { WaitMoment } from "./wait-moment";
export { waitsSvg } from "./waits-svg";
export { waitsText } from "./waits-text";
export type { Breakpoint, BreakpointChange, Frame, Goal, KeptBreakpoint, Look } from "./world";
export type { Point, QueueInfo, Scope, Session, Stop, Variable, World } from "./world";
export { Observer } from "./observe";
export type { Viewer } from "./observe";
export { columns, parseQuery, parseReport } from "./report";
export type { Column, Query, Report } from "./report";
export { heading, line, plain, plainTable, queueTable, taskTable, title } from "./top";
export type { Line } from "./top";
export { firstView, helpLines, press } from "./top-keys";
export type { View } from "./top-keys";
