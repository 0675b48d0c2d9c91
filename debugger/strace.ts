// strace: one line per system call, written when the call has its reply.

import { show, type Kernel, type Probe, type SystemCall, type Task } from "../kernel";
import { describeEnding } from "./views";

/** A probe that gives `print` a line a call: time, pid, name, call, arguments and reply. */
export function strace(kernel: Kernel, print: (line: string) => void): Probe {
  const line = (task: Task, text: string) => {
    const time = kernel.machine.clock().toFixed(1).padStart(8);
    print(`${time} ${String(task.pid).padStart(4)} ${(task.name || "-").padEnd(12)} ${text}\n`);
  };
  const made = new WeakMap<Task, SystemCall<unknown>>();
  return {
    trap(task, call) {
      made.set(task, call);
    },
    resume(task) {
      const call = made.get(task);
      if (call === undefined) return;
      made.delete(task);
      const reply = task.throws ? `! ${show(task.reply)}` : `= ${show(task.reply)}`;
      line(task, `${String(call)} ${reply}`);
    },
    exit(task, status) {
      line(task, `+++ ${describeEnding(status)} +++`);
    },
  };
}
