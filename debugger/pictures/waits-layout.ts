// Where the tasks of a wait-for graph are drawn: those that wait for each other on a circle, who
// waits for them around it. Knows the graph and no drawing.

import type { Pid } from "../../kernel";
import { INIT } from "../story";
import type { WaitPicture } from "../world";

export interface Node {
  readonly pid: Pid;
  readonly x: number;
  readonly y: number;
  /** Is it in a circle of waits? */
  readonly stuck: boolean;
  /** It stands for so many others, that wait for the same. */
  readonly more: number;
}

export interface Edge {
  readonly from: Pid;
  readonly to: Pid;
  readonly what: string;
  /** Is it part of a circle? */
  readonly stuck: boolean;
}

export interface WaitLayout {
  readonly nodes: ReadonlyMap<Pid, Node>;
  readonly edges: readonly Edge[];
  readonly width: number;
  readonly height: number;
}

/** As the kernel and the groups call them. */
const ANY_CHILD = "a child to exit";
const GROUP = "the group to end";
/** What more than these hold is no arrow to each of them. */
const MOST = 12;
/** Of those that wait for the same and for whom nobody waits, so many are drawn one by one. */
const FEW = 8;
const RING = 95;
/** A node and the room around it. */
const ROOM = 150;
const MARGIN = 90;
const WIDEST = 1100;

/** The layout of all that wait, and of those they wait for. */
export function layoutOf(picture: WaitPicture): WaitLayout {
  const { waits, hidden } = gathered(sortOut(picture).waits);
  const circled = inCircles(picture.circles);
  const edges = waits.map((wait) => {
    return { ...wait, stuck: circled.get(wait.from)?.has(wait.to) === true };
  });
  const place = placer(waits, picture.circles);
  const nodes = new Map<Pid, Node>();
  let [left, top, low, width] = [0, 0, 0, 0];
  for (const part of parts(waits)) {
    const places = place(part);
    const box = boundsOf([...places.values()]);
    if (left > 0 && left + box.width > WIDEST) [left, top] = [0, low];
    for (const [pid, { x, y }] of places) {
      const stuck = circled.has(pid);
      const [dx, dy] = [left - box.left, top - box.top];
      nodes.set(pid, { pid, x: x + dx, y: y + dy, stuck, more: hidden.get(pid) ?? 0 });
    }
    left += box.width;
    [low, width] = [Math.max(low, top + box.height), Math.max(width, left)];
  }
  return { nodes, edges, width, height: low };
}

/** Of each task in a circle, for whom it waits there. */
function inCircles(circles: WaitPicture["circles"]): ReadonlyMap<Pid, ReadonlySet<Pid>> {
  const next = new Map<Pid, Set<Pid>>();
  for (const circle of circles) {
    for (const [i, pid] of circle.entries()) {
      const to = circle[(i + 1) % circle.length] ?? pid;
      next.set(pid, (next.get(pid) ?? new Set()).add(to));
    }
  }
  return next;
}

/** One task waits for another. */
interface Arrow {
  readonly from: Pid;
  readonly to: Pid;
  readonly what: string;
}

/** A task that waits for several others at once, by what it is to them and not by what it does. */
export interface Guardian {
  readonly pid: Pid;
  /** `waits for any of its 3 children`. */
  readonly words: string;
}

/**
 * The waits but those that say little and are many: for any of several children, for all others of
 * a group, for what very many hold. Those are told in words, unless they are in a circle. Init
 * always waits.
 */
export function sortOut({ waits, circles }: WaitPicture): {
  readonly waits: readonly Arrow[];
  readonly guardians: readonly Guardian[];
} {
  const circled = inCircles(circles);
  const counts = new Map<string, number>();
  for (const { from, to, what } of waits) {
    counts.set(`${from} ${what}`, (counts.get(`${from} ${what}`) ?? 0) + to.length);
  }
  const arrows: Arrow[] = [];
  const guardians = new Map<string, Guardian>();
  for (const { from, to, what } of waits) {
    const count = counts.get(`${from} ${what}`) ?? 0;
    const [noise, init] = [isNoise(what, from, count), from === INIT && what === ANY_CHILD];
    const shown = noise ? to.filter((pid) => circled.get(from)?.has(pid)) : to;
    for (const pid of shown) arrows.push({ from, to: pid, what });
    if (shown.length === to.length || init) continue;
    guardians.set(`${from} ${what}`, { pid: from, words: `waits for ${inWords(what, count)}` });
  }
  return { waits: arrows, guardians: [...guardians.values()] };
}

function isNoise(what: string, from: Pid, count: number): boolean {
  const [most, always] = what === ANY_CHILD || what === GROUP ? [1, from === INIT] : [MOST, false];
  return always || count > most;
}

function inWords(what: string, count: number): string {
  if (what === ANY_CHILD) return `any of its ${count} children`;
  return what === GROUP ? `the ${count} others of its group` : `${what}, held by ${count} tasks`;
}

/** Where many wait for the same, the last one that is drawn stands for the rest. */
function gathered(waits: readonly Arrow[]) {
  const awaited = new Set(waits.map(({ to }) => to));
  const count = new Map<Pid, number>();
  for (const { from } of waits) count.set(from, (count.get(from) ?? 0) + 1);
  const seen = new Map<string, Pid[]>();
  const hidden = new Map<Pid, number>();
  const kept = waits.filter(({ from, to, what }) => {
    if (awaited.has(from) || count.get(from) !== 1) return true;
    const others = seen.get(`${to} ${what}`) ?? [];
    seen.set(`${to} ${what}`, others);
    const last = others[FEW - 1];
    if (last === undefined) return others.push(from) > 0;
    hidden.set(last, (hidden.get(last) ?? 0) + 1);
    return false;
  });
  return { waits: kept, hidden };
}

/** The pids of each part of the graph that hangs together. */
function parts(waits: readonly Arrow[]): Pid[][] {
  const near = lists(waits.flatMap(({ from, to }) => [[from, to] as const, [to, from] as const]));
  const seen = new Set<Pid>();
  return [...near.keys()].flatMap((pid) => {
    if (seen.has(pid)) return [];
    const part = [pid];
    seen.add(pid);
    for (const at of part) {
      for (const other of near.get(at) ?? []) {
        if (seen.has(other)) continue;
        seen.add(other);
        part.push(other);
      }
    }
    return [part];
  });
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** For each key its values, in their order. */
function lists<T>(pairs: readonly (readonly [Pid, T])[]): ReadonlyMap<Pid, readonly T[]> {
  const all = new Map<Pid, T[]>();
  for (const [key, value] of pairs) {
    const list = all.get(key);
    if (list === undefined) all.set(key, [value]);
    else list.push(value);
  }
  return all;
}

/** Places a part around its centre: its circles of waits, or those who wait for nobody. */
function placer(waits: readonly Arrow[], circles: WaitPicture["circles"]) {
  const waiters = lists(waits.map(({ from, to }) => [to, from]));
  const waiting = new Set(waits.map(({ from }) => from));
  const rounds = lists(circles.flatMap((circle) => circle.map((pid) => [pid, circle] as const)));
  return (part: readonly Pid[]): ReadonlyMap<Pid, Place> => {
    const inside = new Set(part.flatMap((pid) => rounds.get(pid) ?? []));
    const centre = inside.size > 0 ? [...inside].flat() : part.filter((pid) => !waiting.has(pid));
    const radius = centre.length === 1 ? 0 : Math.max(RING, (centre.length * ROOM) / (2 * Math.PI));
    const sectors = centre.map((pid, i): Sector => {
      const [from, to] = [(i - 0.5) / centre.length, (i + 0.5) / centre.length];
      return { pid, from, to };
    });
    return rings(sectors, radius, waiters);
  };
}

/** A node and the part of the full turn that it and those who wait for it have. */
interface Sector {
  readonly pid: Pid;
  readonly from: number;
  readonly to: number;
}

function rings(
  centre: readonly Sector[],
  least: number,
  waiters: ReadonlyMap<Pid, readonly Pid[]>,
): ReadonlyMap<Pid, Place> {
  const places = new Map<Pid, Place>();
  let [ring, radius] = [centre, least];
  while (ring.length > 0) {
    for (const { pid, from, to } of ring) {
      const angle = (from + to) * Math.PI - Math.PI / 2;
      places.set(pid, { x: radius * Math.cos(angle) * 1.25, y: radius * Math.sin(angle) });
    }
    ring = ring.flatMap(({ pid, from, to }) => {
      const children = new Set(waiters.get(pid)?.filter((child) => !places.has(child)));
      // So that nobody is put twice, who waits for two of this ring.
      for (const child of children) places.set(child, { x: 0, y: 0 });
      const share = (to - from) / children.size;
      return [...children].map((child, i): Sector => {
        return { pid: child, from: from + i * share, to: from + (i + 1) * share };
      });
    });
    const narrow = ring.reduce((least, { from, to }) => Math.min(least, to - from), Infinity);
    const needed = ROOM / (2 * Math.PI * Math.max(narrow, 0.001));
    radius = Math.max(radius + RING, Math.min(needed, radius + 4 * RING));
  }
  return places;
}

function boundsOf(places: readonly Place[]) {
  let [left, top, right, low] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of places) {
    [left, right] = [Math.min(left, x - MARGIN), Math.max(right, x + MARGIN)];
    [top, low] = [Math.min(top, y - MARGIN / 2), Math.max(low, y + MARGIN / 2)];
  }
  return { left, top, width: right - left, height: low - top };
}
