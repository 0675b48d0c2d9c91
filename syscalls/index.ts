// The door: what a program may ask of the kernel. This is the system's <unistd.h>.

export { aborted } from "./abort";
export type { AbortSignalLike } from "./abort";
export { close, fstat, give, pipe, read, readWait } from "./descriptors";
export { stderr, stdin, stdout, write, writeWait } from "./descriptors";
export type { Fd } from "./descriptors";
export { iterate } from "./iterate";
export type { AsyncReader } from "./iterate";
export { accept, connect, getsockname, launch, listen, open, unlink } from "./open";
export { Broadcast, LaggedError } from "./broadcast";
export type { SubscribeOptions, Subscription } from "./broadcast";
export { Channel, END } from "./channel";
export type { ChannelOptions, End, Overflow } from "./channel";
export { notify, sleepOn } from "./condition";
export { interval } from "./interval";
export type { IntervalOptions, Missed, Ticker } from "./interval";
export { TaskLocal } from "./local";
export { lock, recover, unlock } from "./lock";
export { limitMailbox, receive, tell } from "./mailbox";
export { acquire, borrow, giveBack, release } from "./permits";
export { park, unpark, waitQueue } from "./park";
export { become, call, exit, getpid, getppid, ps, spawn, wait, yieldCpu } from "./process";
export { promise } from "./promise";
export type { HostAbortSignal } from "./promise";
export { resource } from "./resource";
export { select } from "./select";
export type { Cases, Choice } from "./select";
export { alarm, arm, disarm, kill, killGroup, lowerShield, raiseShield } from "./signals";
export { rearm, sigmask, sigwait } from "./signals";
export { now, random, sleep, sleepUntil } from "./time";
export { decode, decoder, encode } from "./utf8";

export { Alarm, Become, BLOCKED, blockingCall, Exit, Killed, Lock } from "../kernel";
export { Permits, show, syscall, SystemCall, SystemError } from "../kernel";
export type {
  BlockingOptions,
  LockMode,
  SignalInfo,
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
