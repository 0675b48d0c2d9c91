// What the command line shows of a system, and how it watches one.

export { deadlockReport } from "./deadlock";
export type { Where } from "./deadlock";
export { Development } from "./development";
export { historyOf } from "./history";
export { look } from "./look";
export { objectOf, objectsOf } from "./object";
export type { Happening, StepEvent, Story, TaskStory } from "./story";
export { StoryTeller } from "./story-teller";
export type { TellerOptions } from "./story-teller";
export { strace } from "./strace";
export { psTable } from "./views";
export type { Breakpoint, Frame, Goal, Look, Point, QueueInfo, Scope, Stop } from "./world";
export type { Variable, World } from "./world";
