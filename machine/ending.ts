// What goes on after a descriptor has closed: the rest of what was written leaves for the host, a
// guest cleans up. A system has halted only when all that has ended.

const ending = new Set<Promise<unknown>>();

/** `end` has to settle before a system that halts meanwhile has halted. */
export function waitForEnd(end: Promise<unknown>): void {
  const gone = (): void => void ending.delete(end);
  ending.add(end);
  end.then(gone, gone);
}

/** Resolves when all has ended that had begun to. */
export async function allEnded(): Promise<void> {
  await Promise.allSettled(ending);
}
