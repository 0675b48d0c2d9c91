// Panes: where they go on a screen of any size, and what of them is seen there.

import fc from "../helpers/chance";
import { arrange, panelHeight, visible } from "../../debugger";
import { PANES, type Pane, type PaneView } from "../../debugger/commands/panes";

const pane = (pane: Pane, lines: number, focus = 0): PaneView => ({
  pane,
  title: pane,
  lines: Array.from({ length: lines }, (_, i) => `${pane} ${i}`),
  focus,
});

const places = (views: readonly PaneView[], columns: number, height: number) =>
  arrange(views, columns, height).map(
    ({ view, top, left, height }) => `${view.pane} ${top},${left} +${height}`,
  );

const all = [pane("source", 200, 100), pane("tasks", 5), pane("queues", 3), pane("timeline", 6)];

test("source stands beside tasks and queues where that is wide enough, the last steps below", () => {
  expect(places(all, 120, 20)).toEqual([
    "source 0,0 +14",
    "tasks 0,60 +10",
    "queues 10,60 +4",
    "timeline 14,0 +6",
  ]);
});

test("else they stand below each other, and who wants little leaves the rest to the others", () => {
  expect(places(all, 80, 30)).toEqual([
    "source 0,0 +13",
    "tasks 13,0 +6",
    "queues 19,0 +4",
    "timeline 23,0 +7",
  ]);
  expect(places([pane("tasks", 50), pane("queues", 50)], 200, 21)).toEqual([
    "tasks 0,0 +10",
    "queues 10,0 +11",
  ]);
});

test("one pane has it all", () => {
  expect(places([pane("tasks", 2)], 120, 20)).toEqual(["tasks 0,0 +20"]);
  expect(places([pane("timeline", 2)], 120, 20)).toEqual(["timeline 0,0 +20"]);
});

test("a screen that is too small has none", () => {
  expect([15, 16, 24, 60].map(panelHeight)).toEqual([0, 8, 16, 40]);
});

test("what has to be seen is seen, at the edges too", () => {
  const at = (focus: number) => {
    return visible({ view: pane("source", 10, focus), top: 0, left: 0, height: 5 });
  };
  expect(at(0)).toEqual(["source 0", "source 1", "source 2", "source 3"]);
  expect(at(5)).toEqual(["source 3", "source 4", "source 5", "source 6"]);
  expect(at(9)).toEqual(["source 6", "source 7", "source 8", "source 9"]);
  expect(visible({ view: pane("tasks", 2), top: 0, left: 0, height: 9 })).toHaveLength(2);
});

test("whatever is shown, each row belongs to a pane of each column, and the focus is in sight", () => {
  const views = fc
    .uniqueArray(fc.constantFrom(...PANES), { minLength: 1 })
    .chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          fc
            .tuple(fc.nat(60), fc.nat(59))
            .map(([lines, focus]) => pane(name, lines, Math.min(focus, Math.max(0, lines - 1)))),
        ),
      ),
    );
  fc.assert(
    fc.property(
      views,
      fc.integer({ min: 20, max: 200 }),
      fc.integer({ min: 16, max: 80 }),
      (some, columns, rows) => {
        const height = panelHeight(rows);
        const areas = arrange(some, columns, height);
        expect(areas.map(({ view }) => view.pane).sort()).toEqual(
          some.map((view) => view.pane).sort(),
        );
        const owners = Array.from({ length: height }, (_, row) =>
          areas.filter(({ top, height }) => row >= top && row < top + height),
        );
        for (const [here, ...more] of owners) {
          expect(here?.left).toBe(0);
          expect(more.length).toBeLessThanOrEqual(1);
        }
        for (const area of areas) {
          expect(area.height).toBeGreaterThan(0);
          const { lines, focus } = area.view;
          if (area.height > 1 && lines.length > 0) expect(visible(area)).toContain(lines[focus]);
        }
      },
    ),
  );
});
