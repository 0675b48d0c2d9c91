// What the command line shows of a system, and how it watches one.

export { deadlockReport } from "./deadlock";
export type { Where } from "./deadlock";
export { Development } from "./development";
export { strace } from "./strace";
export { psTable } from "./views";
