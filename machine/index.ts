// The machines the kernel runs on.

export type { MachineWrapper, Host } from "./host";
export { onHostIdle } from "./host-idle";
export { standsAt } from "./inspect";
export { NodeMachine } from "./node";
export type { NodeOptions } from "./node";
export { VirtualMachine } from "./virtual";
export type { VirtualOptions } from "./virtual";
export { STUCK, Watchdog } from "./watchdog";
