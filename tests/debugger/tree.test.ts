import { treeOf } from "../../debugger/tree";

const shown = (tasks: readonly (readonly [pid: number, parent: number])[]): string[] =>
  treeOf(
    tasks.map(([pid, parent]) => ({ pid, parent })),
    ({ parent }) => parent,
  ).map(({ task, depth }) => "  ".repeat(depth) + task.pid);

test("children stand below their parents in the order they are given in, orphans at the top", () => {
  const tasks = [
    [1, 0],
    [5, 1],
    [2, 1],
    [4, 2],
    [3, 2],
    [7, 6],
  ] as const;
  expect(shown(tasks)).toEqual(["1", "  5", "  2", "    4", "    3", "7"]);
  expect(shown([])).toEqual([]);
});

test("a tree may be as deep and as wide as there are tasks", () => {
  const pids = Array.from({ length: 200_000 }, (_, i) => i + 1);
  const depthOf = (parentOf: (task: { readonly pid: number }) => number): number | undefined =>
    treeOf(
      pids.map((pid) => ({ pid })),
      parentOf,
    ).at(-1)?.depth;
  expect(depthOf(({ pid }) => pid - 1)).toBe(199_999);
  expect(depthOf(({ pid }) => (pid === 1 ? 0 : 1))).toBe(1);
});
