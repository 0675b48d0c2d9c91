// The package: what `import … from "genix"` offers.

export { asyncIterable } from "./async-iterable";
export type { Emit } from "./async-iterable";
export { boot, ProgramError, simulate, simulateAsync } from "./boot";
export type { BootOptions, Halt, SimulateOptions, Simulation } from "./boot";
export * from "./syscalls";
export * from "./tasks";
