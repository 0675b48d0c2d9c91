// The door: what a program may ask of the kernel. This is the system's <unistd.h>.

export { close, fstat, give, pipe, read, readWait } from "./descriptors";
export { stderr, stdin, stdout, write, writeWait } from "./descriptors";
export type { Fd } from "./descriptors";
export { accept, connect, getsockname, launch, listen, open, unlink } from "./open";
export { park, unpark, waitQueue } from "./park";
export { become, call, exit, getpid, getppid, kill, ps, spawn, wait, yieldCpu } from "./process";
export { promise } from "./promise";
export { now, random, sleep, sleepUntil } from "./time";
export { decode, decoder, encode } from "./utf8";

export { BLOCKED, blockingCall, Exit, Killed, syscall, SystemCall, SystemError } from "../kernel";
export type {
  Address,
  Blocked,
  Errno,
  ExitStatus,
  FileStatus,
  Handler,
  Kernel,
  OpenFlags,
  Pid,
} from "../kernel";
export type { Program, Signal, SpawnOptions, Task, TaskInfo, Trap, WaitQueue } from "../kernel";
export type { Guest, GuestHost, GuestMain, Launch } from "../kernel/machine";
