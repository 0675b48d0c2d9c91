// What must hold between any two steps of a kernel, whatever the tasks did.

import { Selection, type Kernel, type Task } from "../../kernel";

/** Throws, naming the task and the law it breaks. */
export function checkInvariants(kernel: Kernel): void {
  const ready = [...kernel.ready];
  for (const task of kernel.tasks) {
    const law = (holds: boolean, text: string) => {
      if (!holds) throw new Error(`invariant broken: ${String(task)} (${task.state}): ${text}`);
    };
    const places = ready.filter((other) => other === task).length;
    const isReady = ["ready", "granted", "yielded"].includes(task.state);
    const isHalted = task.queue === kernel.stopped;
    law(!isHalted || (isReady && task.stopped), "halted, but not told to");
    if (task.alive) {
      law(places === (isReady && !isHalted ? 1 : 0), `in the ready queue ${places} times`);
    }
    const waits = task.state === "blocked" || isOnZombieList(task) || isHalted;
    law((task.queue !== null) === waits, "queue");
    if (task.queue !== null) law([...task.queue].includes(task), "not on the queue it names");
    if (task.queue !== null) law([...task.queue].length === task.queue.length, "queue length");
    law(task.state === "blocked" || task.waiter === null, "a waiter without a wait");
    law(task.timer === null || task.state === "blocked", "a timer nobody waits for");
    law(task.alive || task.frame === null, "a dead task with a frame");
    law(task.alive || (task.descriptors?.size ?? 0) === 0, "a dead task holds descriptors");
    law(task.pid === 1 || task.parent !== null, "an orphan that nobody adopted");
    law(task.parent === null || task.parent.alive || !task.parent, "its parent is dead");
    law(
      childrenOf(task).every((child) => child.parent === task && child.alive),
      "children",
    );
    const living = childrenOf(task).filter((child) => !child.daemon || task.daemon).length;
    law(living === (task.family?.living ?? 0), "the count of its living children");
    law((task.queue === kernel.selectors) === task.waiter instanceof Selection, "its select");
    if (task.waiter instanceof Selection) {
      law(task.waiter.branches.length > 0, "a select without a branch");
      for (const branch of task.waiter.branches) {
        law(branch.queue !== null && [...branch.queue].includes(branch), "a branch that waits not");
      }
    }
    law(task.alive || task.locks === null, "a dead task holds locks");
    for (const lock of task.locks ?? []) law(lock.holders.has(task), "a lock it does not hold");
    law(task.alive || (task.signals?.alarms.size ?? 0) === 0, "a dead task has alarms");
    const due = task.signals?.due.some(({ depth }) => depth >= (task.signals?.shields ?? 0));
    law(task.pending === (due ?? false), "what is pending");
    law(!(task.pending && task.state === "blocked"), "blocked with something pending");
    for (const { owner } of task.descriptors ?? [])
      law(owner === task, "holds what it does not own");
  }
  for (const { owner, fd } of kernel.descriptors) {
    if (!owner.alive) throw new Error(`invariant broken: fd ${fd} outlived ${String(owner)}`);
  }
  const loose = [...kernel.timers].filter((timer) => timer.target.timer !== timer);
  if (loose.length > 0) throw new Error("invariant broken: a timer its target does not know");
  if (kernel.branch !== null) throw new Error("invariant broken: a select between steps");
  if (kernel.current !== null) throw new Error("invariant broken: a task runs between steps");
}

function isOnZombieList(task: Task): boolean {
  return task.state === "zombie" && task.parent !== null;
}

function childrenOf(task: Task): Task[] {
  const children: Task[] = [];
  for (let child = task.family?.youngest ?? null; child !== null; child = child.olderSibling)
    children.push(child);
  return children;
}
