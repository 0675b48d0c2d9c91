// Lock orders that could deadlock, found on a run that did not: one task takes A and then B,
// another B and then A. As Linux's lockdep does; whether a third lock was held around both is
// checked as in Havelund, "Using Runtime Analysis to Guide Model Checking of Java Programs", 2000.

import { Lock, placeOf, type Probe, type Site, type SystemCall, type Task } from "../kernel";
import { hasLimit } from "./waits";

/** `second` was taken while `first` was held. */
interface Order {
  readonly first: Lock;
  readonly second: Lock;
  readonly task: string;
  readonly pid: number;
  readonly place: string;
  /** The locks that were held besides, each time. */
  readonly gates: Set<Lock>;
}

/** Longer circles than this are not looked for. */
const LONGEST = 8;

/** A probe that reports each circle of lock orders once. `siteOf` tells where a call was built. */
export function lockOrder(
  report: (text: string) => void,
  siteOf: (call: SystemCall<unknown>) => Site,
): Probe {
  const after = new WeakMap<Lock, Map<Lock, Order>>();
  const note = (task: Task, first: Lock, second: Lock, held: ReadonlySet<Lock>, place: string) => {
    const orders = after.get(first) ?? new Map<Lock, Order>();
    after.set(first, orders);
    const known = orders.get(second);
    if (known !== undefined) {
      for (const gate of known.gates) if (!held.has(gate)) known.gates.delete(gate);
      return;
    }
    const gates = new Set([...held].filter((lock) => lock !== first));
    const order = { first, second, task: String(task), pid: task.pid, place, gates };
    const back = pathBack(after, second, first, []);
    orders.set(second, order);
    if (back !== undefined && isDangerous([order, ...back])) report(describe([order, ...back]));
  };
  return {
    trap(task, call) {
      if (call.name !== "lock" || !(call.a instanceof Lock) || task.locks === null) return;
      // Who gives up after a while closes no circle.
      if (task.locks.has(call.a) || hasLimit(task)) return;
      const place = placeOf(siteOf(call));
      const held = new Set([...task.locks].filter((lock) => lock instanceof Lock));
      for (const first of held) note(task, first, call.a, held, place);
    },
  };
}

/** Orders that lead from `from` to `to`. */
function pathBack(
  after: WeakMap<Lock, Map<Lock, Order>>,
  from: Lock,
  to: Lock,
  path: readonly Order[],
): Order[] | undefined {
  if (from === to) return [...path];
  if (path.length >= LONGEST) return undefined;
  for (const order of after.get(from)?.values() ?? []) {
    if (path.includes(order)) continue;
    const found = pathBack(after, order.second, to, [...path, order]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One task alone cannot deadlock, nor can tasks that all hold another lock meanwhile. */
function isDangerous(circle: readonly Order[]): boolean {
  if (new Set(circle.map(({ pid }) => pid)).size < 2) return false;
  const [first, ...rest] = circle;
  return ![...(first?.gates ?? [])].some((gate) => rest.every(({ gates }) => gates.has(gate)));
}

function describe(circle: readonly Order[]): string {
  const lines = circle.map(({ task, first, second, place }) => {
    return `  ${task} takes ${second.name} while it holds ${first.name}${place && `, at ${place}`}`;
  });
  const heading = "lock order: these tasks can deadlock";
  return [heading, ...lines, "  fix: take locks in one order everywhere"].join("\n");
}
