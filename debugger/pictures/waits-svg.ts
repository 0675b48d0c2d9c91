// The wait-for graph as SVG: tasks, arrows to whom they wait for, circles of waits in red.

import type { Pid, TaskInfo } from "../../kernel";
import { element, picture, text, tooltip, widthOf } from "./svg";
import { oneLine } from "./text";
import { waitReason } from "../views";
import type { WaitPicture } from "../world";
import { layoutOf, sortOut, type Edge, type Node, type WaitLayout } from "./waits-layout";

const EDGE = 16;
const HEAD = 64;
const LONGEST_NAME = 18;
const BOX = 28;
const MOST_NOTES = 10;
const LONGEST_NOTE = 100;
/**
 * How far an arrow is bent, in parts of its length; where on it its label is, and how far off: of
 * two tasks that wait for each other, and of many that wait for one, the labels are apart near
 * those that wait.
 */
const BENT = {
  stuck: { bend: 0.16, off: 13, at: 0.5 },
  mutual: { bend: 0.16, off: 13, at: 0.3 },
  free: { bend: 0.06, off: 0, at: 0.3 },
};

/** Who waits for whom at one moment, as an SVG file. */
export function waitsSvg(graph: WaitPicture): string {
  const layout = layoutOf(graph);
  const tasks = new Map(graph.tasks.map((task) => [task.pid, task]));
  const { guardians } = sortOut(graph);
  const notes = guardians.slice(0, MOST_NOTES).map(({ pid, words }) => {
    return oneLine(`${nameOf(pid, tasks.get(pid))} ${words}`, LONGEST_NOTE);
  });
  const more = guardians.length - notes.length;
  if (more > 0) notes.push(`… and ${more} more wait for many`);
  const subtitle = subtitleOf(graph);
  const widest = Math.max(layout.width, ...[subtitle, ...notes].map((line) => widthOf(line)));
  const width = Math.max(420, widest + 2 * EDGE);
  const foot = HEAD + Math.max(20, layout.height);
  const height = foot + notes.length * 18 + EDGE;
  const title = layout.edges.length + notes.length === 0 ? NOBODY : titleOf(graph);
  const shift = `translate(${(width - layout.width) / 2} ${HEAD})`;
  const edges = layout.edges.map((edge) => drawEdge(edge, layout, tasks));
  const drawn = [
    ...edges.map(({ arrow }) => arrow),
    ...edges.map(({ label }) => label), // No arrow goes through the label of another.
    ...[...layout.nodes.values()].map((node) => drawNode(node, tasks.get(node.pid))),
  ];
  const body = [
    element("defs", {}, head("head", "#8c959f"), head("head-stuck", "#cf222e")),
    text(EDGE, 28, title, { class: "title" }),
    text(EDGE, 48, subtitle, { class: "dim" }),
    element("g", { transform: shift }, drawn.join("")),
    ...notes.map((note, i) => text(EDGE, foot + (i + 0.7) * 18, note, { class: "dim" })),
  ];
  return picture(width, height, STYLES, title, body);
}

const STYLES = `.box{fill:#f6f8fa;stroke:#8c959f}.stuck .box{fill:#ffebe9;stroke:#cf222e;stroke-width:1.6}
.wait{fill:none;stroke:#8c959f;stroke-width:1.3}.stuck.wait{stroke:#cf222e;stroke-width:2}
.what{font-size:11px;paint-order:stroke;stroke:#fff;stroke-width:4px;fill:#57606a}.what.stuck{fill:#a40e26}`;

const NOBODY = "Nobody waits for anybody";

function titleOf({ circles }: WaitPicture): string {
  if (circles.length === 0) return "Who waits for whom: no circle";
  return circles.length === 1 ? "A circle of waits" : `${circles.length} circles of waits`;
}

function subtitleOf({ step, time, circles }: WaitPicture): string {
  const stuck = circles.flat().length;
  const will = stuck === 0 ? "" : `; ${stuck} tasks wait for each other, and always will`;
  return `after step ${step}, at ${Number(time.toPrecision(6))} ms${will}`;
}

function head(id: string, fill: string): string {
  const size = { markerWidth: 10, markerHeight: 9, refX: 9, refY: 4.5, orient: "auto" };
  const shape = element("path", { d: "M0 0.5L10 4.5L0 8.5z", fill });
  return element("marker", { id, ...size, markerUnits: "userSpaceOnUse" }, shape);
}

function nameOf(pid: Pid, task: TaskInfo | undefined): string {
  return oneLine(`${pid} ${task?.name ?? ""}`, LONGEST_NAME);
}

function boxWidth(name: string): number {
  return Math.max(56, widthOf(name) + 26);
}

function drawNode({ pid, x, y, stuck, more }: Node, task: TaskInfo | undefined): string {
  const name = more > 0 ? `${more + 1} tasks` : nameOf(pid, task);
  const width = boxWidth(name);
  const box = { class: "box", x: x - width / 2, y: y - BOX / 2, width, height: BOX, rx: 7 };
  const state = task === undefined ? "" : `task ${pid} ${task.name}, ${task.state}`;
  const reason = task === undefined ? "" : waitReason(task);
  return element(
    "g",
    { class: stuck ? "stuck" : undefined },
    tooltip(`${state} ${reason}`),
    element("rect", box),
    text(x, y + 4, name, { "text-anchor": "middle" }),
  );
}

function bentOf({ from, to, stuck }: Edge, edges: readonly Edge[]) {
  if (!stuck) return BENT.free;
  const back = edges.some((edge) => edge.stuck && edge.from === to && edge.to === from);
  return back ? BENT.mutual : BENT.stuck;
}

function drawEdge(
  edge: Edge,
  { nodes, edges }: WaitLayout,
  tasks: ReadonlyMap<Pid, TaskInfo>,
): { readonly arrow: string; readonly label: string } {
  const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
  if (from === undefined || to === undefined) return { arrow: "", label: "" };
  const start = borderOf(from, to, boxWidth(nameOf(from.pid, tasks.get(from.pid))));
  const end = borderOf(to, from, boxWidth(nameOf(to.pid, tasks.get(to.pid))) + 4);
  const { bend, off, at } = bentOf(edge, edges);
  // Bent to the left, so that two who wait for each other have two arrows.
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const [bendX, bendY] = [(start.x + end.x) / 2 + dy * bend, (start.y + end.y) / 2 - dx * bend];
  const d = `M${start.x.toFixed(1)} ${start.y.toFixed(1)}Q${bendX.toFixed(1)} ${bendY.toFixed(1)} ${end.x.toFixed(1)} ${end.y.toFixed(1)}`;
  const stuck = edge.stuck ? " stuck" : "";
  const mark = `url(#${edge.stuck ? "head-stuck" : "head"})`;
  const length = Math.max(1, Math.hypot(dx, dy));
  const x = along(start.x, bendX, end.x, at) + (dy / length) * off * 1.6;
  const y = along(start.y, bendY, end.y, at) - (dx / length) * off + 4;
  const what = oneLine(edge.what.replace(/^the lock /, ""), 22);
  const tip = tooltip(`task ${edge.from} waits for task ${edge.to}: ${edge.what}`);
  const path = element("path", { class: `wait${stuck}`, d, "marker-end": mark });
  const words = text(x, y, what, { class: `what${stuck}`, "text-anchor": "middle" });
  return { arrow: element("g", {}, tip, path), label: element("g", {}, tip, words) };
}

/** A coordinate of the point at `t`, from 0 to 1, of a quadratic Bézier curve. */
function along(start: number, bend: number, end: number, t: number): number {
  return (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t ** 2 * end;
}

/** Where a line from the middle of `node` towards `other` leaves its box. */
function borderOf(node: Node, other: Node, width: number): { x: number; y: number } {
  const [dx, dy] = [other.x - node.x, other.y - node.y];
  const scale = Math.min(
    dx === 0 ? Infinity : width / 2 / Math.abs(dx),
    dy === 0 ? Infinity : (BOX / 2 + 3) / Math.abs(dy),
  );
  const share = Number.isFinite(scale) ? Math.min(scale, 0.45) : 0;
  return { x: node.x + dx * share, y: node.y + dy * share };
}
