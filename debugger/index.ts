// What the command line shows of a system, and how it watches one.

export { ArmedBreakpoints, HitCounts, hitsOf } from "./breakpoints";
export { sections } from "./commands/all";
export { arrange, panelHeight, visible, type Area } from "./commands/arrange";
export { complete } from "./commands/complete";
export type { Paint, Role } from "./commands/paint";
export type { PaneView } from "./commands/panes";
export { Shell, type ShellHost } from "./commands/shell";
export { deadlockReport } from "./deadlock";
export { historyOf } from "./history";
export { look, lookAtWaits } from "./look";
export {
  BadRecording,
  chooseNext,
  describeStop,
  encode,
  parseRecording,
  Player,
  Recorder,
  VERSION,
} from "./recording";
export type { IntervalState } from "./pictures/intervals";
export type { MessageKind } from "./pictures/messages";
export type { Coded, Header, PlayerOptions, Recording } from "./recording";
export { INIT, type Story } from "./story";
export { recentOf, type Recent } from "./pictures/recent";
export { sequenceSvg } from "./pictures/sequence-svg";
export { sequenceText } from "./pictures/sequence-text";
export { StoryTeller, type StepTime } from "./story-teller";
export type { PointContext } from "./points";
export { strace } from "./strace";
export { timelineSvg } from "./pictures/timeline-svg";
export { columnsOf } from "./pictures/text";
export { timelineText } from "./pictures/timeline-text";
export { traceLines } from "./pictures/trace-events";
export { describeEnding, psTable } from "./views";
export { WaitMoment } from "./pictures/wait-moment";
export { waitsSvg } from "./pictures/waits-svg";
export { waitsText } from "./pictures/waits-text";
export type { Breakpoint, BreakpointChange, BreakpointHit, Frame, Goal } from "./world";
export type { FrameExpression, KeptBreakpoint, Look } from "./world";
export type { Ending, Point, Scope, Session, Stop, Variable, WaitPicture, World } from "./world";
export { Observer } from "./top/observe";
export type { Viewer } from "./top/observe";
export { columns, parseQuery, parseReport } from "./top/report";
export type { Column, Query, Report } from "./top/report";
export { heading, line, plain, plainTable, queueTable, taskTable, title } from "./top/table";
export type { Line } from "./top/table";
export { firstView, helpLines, press } from "./top/keys";
export type { View } from "./top/keys";
