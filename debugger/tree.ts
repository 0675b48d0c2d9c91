// The process tree, flat: who is shown in which line, and how far to the right.

/** A task, and how many ancestors are above it. */
export interface Branch<T> {
  readonly task: T;
  readonly depth: number;
}

/**
 * Children below their parents, siblings in the order of `tasks`; whose parent is not among them
 * stands at the top. Not by recursion: a chain of tasks may be deeper than the host's stack.
 */
export function treeOf<T extends { readonly pid: number }>(
  tasks: readonly T[],
  parentOf: (task: T) => number,
): readonly Branch<T>[] {
  const there = new Set(tasks.map(({ pid }) => pid));
  const children = new Map<number, T[]>();
  for (const task of tasks) {
    const parent = there.has(parentOf(task)) ? parentOf(task) : 0;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [task]);
    else siblings.push(task);
  }
  const branches: Branch<T>[] = [];
  const open: Branch<T>[] = [];
  const enter = (parent: number, depth: number): void => {
    for (const task of (children.get(parent) ?? []).reverse()) open.push({ task, depth });
  };
  enter(0, 0);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    branches.push(next);
    enter(next.task.pid, next.depth + 1);
  }
  return branches;
}
