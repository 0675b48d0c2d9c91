// What the command line shows of a system, and how it watches one.

export { strace } from "./strace";
export { deadlockReport, psTable } from "./views";
