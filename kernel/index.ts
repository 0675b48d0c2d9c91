// What the layers above may use of the kernel.

export { BLOCKED, blockingCall, isProgram, SystemCall, syscall } from "./call";
export type { Blocked, Handler, Program, Trap } from "./call";
export type { Descriptor } from "./descriptor";
export type { Device, FileStatus } from "./device";
export { meanings, SystemError } from "./errno";
export type { Errno } from "./errno";
export { pushFrame } from "./frame";
export { ask, attempt } from "./interrupt";
export { Kernel } from "./kernel";
export { become, close, exit, install, kill, spawn } from "./life";
export type { SpawnOptions } from "./life";
export type { Address, Answer, Cancel, Launch, Machine, OpenFlags } from "./machine";
export { makeConnection, makePipe } from "./pipe";
export type { Probe } from "./probe";
export { show } from "./show";
export { snapshot } from "./snapshot";
export type { TaskInfo } from "./snapshot";
export { Exit, Killed, signals } from "./status";
export type { ExitStatus, Pid, Signal } from "./status";
export type { State, Task } from "./task";
export { WaitQueue } from "./wait-queue";
