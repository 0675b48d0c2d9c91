// A machine as a system and a debugger see it: what they drive it by.

import type { Kernel, Machine } from "../kernel";

/** What stands between a machine and its kernel: a recorder, that writes down what passes. */
export type MachineWrapper<M extends Machine = Machine> = (machine: M) => Machine;

export interface Host {
  readonly kernel: Kernel;
  /** Tell the operator. */
  report(message: string): void;
  /** Called when nothing can happen any more; after that the tasks are told to stop. */
  onDeadlock: () => void;
  /** Tell all tasks to stop: TERM the first time, KILL the second. `reason` says why. */
  shutDown(reason: string): void;
  /** Has init ended? Then there are no more steps. */
  readonly halted: boolean;
  /**
   * Deliver what is due and run one task to its next trap; false when nobody is ready. From the
   * first call on the machine makes no steps by itself.
   */
  step(): boolean;
  /** Nobody is ready: resolves when somebody may be, or when the system has halted. */
  wait(): Promise<void>;
}
