// The wait-for graph for the terminal: a line a wait, then the circles.

import type { Pid } from "../../kernel";
import { columnsOf, oneLine, padded } from "./text";
import type { WaitPicture } from "../world";
import { sortOut } from "./waits-layout";

/** Who waits for whom at one moment, and in what circles. */
export function waitsText(graph: WaitPicture): string {
  const { step, time, tasks, circles } = graph;
  const { waits, guardians } = sortOut(graph);
  const names = new Map(tasks.map(({ pid, name }) => [pid, name]));
  const who = (pid: Pid): string => oneLine(`${pid} ${names.get(pid) ?? ""}`.trimEnd(), 30);
  const head = `after step ${step}, at ${Number(time.toPrecision(6))} ms`;
  if (waits.length + guardians.length === 0) return `${head}: nobody waits for anybody\n`;
  const lines = waits.map(({ from, to, what }) => [who(from), who(to), oneLine(what, 60)] as const);
  const [left, right] = [0, 1].map((i) =>
    lines.reduce((most, line) => Math.max(most, columnsOf(line[i] ?? "")), 0),
  );
  return [
    `${head}:`,
    ...lines.map(([from, to, what]) => {
      return `  ${padded(from, left ?? 0)} -> ${padded(to, right ?? 0)}  ${what}`.trimEnd();
    }),
    ...guardians.map(({ pid, words }) => `  ${who(pid)} ${words}`),
    ...circles.map((circle) => {
      return `  circle: ${[...circle, circle[0] ?? 0].map(who).join(" -> ")}`;
    }),
    "",
  ].join("\n");
}
