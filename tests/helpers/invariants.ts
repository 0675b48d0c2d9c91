// What must hold between any two steps of a kernel, whatever the tasks did.

import type { Kernel, Task } from "../../kernel";

/** Throws, naming the task and the law it breaks. */
export function checkInvariants(kernel: Kernel): void {
  const ready = [...kernel.ready];
  for (const task of kernel.tasks) {
    const law = (holds: boolean, text: string) => {
      if (!holds) throw new Error(`invariant broken: ${String(task)} (${task.state}): ${text}`);
    };
    const places = ready.filter((other) => other === task).length;
    const isReady = task.state === "ready" || task.state === "yielded";
    if (task.alive) law(places === (isReady ? 1 : 0), `in the ready queue ${places} times`);
    law((task.queue !== null) === (task.state === "blocked" || isOnZombieList(task)), "queue");
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
    const living = childrenOf(task).filter((child) => !child.daemon).length;
    law(living === task.livingChildren, "the count of its living children");
    for (const { owner } of task.descriptors ?? [])
      law(owner === task, "holds what it does not own");
  }
  for (const { owner, fd } of kernel.descriptors) {
    if (!owner.alive) throw new Error(`invariant broken: fd ${fd} outlived ${String(owner)}`);
  }
  const sleeping = [...kernel.timers].filter(({ task }) => task.timer === null);
  if (sleeping.length > 0) throw new Error("invariant broken: a timer its task does not know");
  if (kernel.current !== null) throw new Error("invariant broken: a task runs between steps");
}

function isOnZombieList(task: Task): boolean {
  return task.state === "zombie" && task.parent !== null;
}

function childrenOf(task: Task): Task[] {
  const children: Task[] = [];
  for (let child = task.youngestChild; child !== null; child = child.olderSibling)
    children.push(child);
  return children;
}
