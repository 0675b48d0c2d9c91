// The order of tasks in a table, and the page of it that is asked for. Compares what is cheap to
// read of a task; what is shown of the few on the page is read later. Pure.

import { stateOf, type Task } from "../../kernel";
import { treeOf, type Branch } from "../tree";
import { isUpwards, type Column, type Query } from "./report";

type Key = (task: Task) => number | string;

export class Order {
  /** How many there are on all pages. */
  readonly length: number;
  /** Of the first on the page. */
  readonly offset: number;
  readonly page: readonly Branch<Task>[];

  constructor(tasks: readonly Task[], query: Query, percent: Key, longest: Key) {
    const matching = query.filter === "" ? tasks : tasks.filter(matcher(query.filter));
    const key = keyOf(query.sort, percent, longest);
    const up = isUpwards(query.sort, query.reverse);
    const placed = query.tree
      ? treeOf(sorted(withAncestors(matching), key, up), ({ parent }) => parent?.pid ?? 0)
      : sorted(matching, key, up).map((task) => ({ task, depth: 0 }));
    this.length = placed.length;
    this.offset = Math.max(0, Math.min(query.offset, placed.length - query.limit));
    this.page = placed.slice(this.offset, this.offset + query.limit);
  }
}

/** Every word has to be in its name, its state, or the call it waits in. */
function matcher(filter: string): (task: Task) => boolean {
  const words = filter.toLowerCase().split(/\s+/);
  return (task) => {
    const call = task.state === "blocked" ? (task.call?.name ?? "") : "";
    const text = `${task.name} ${stateOf(task)} ${call}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

function keyOf(column: Column, percent: Key, longest: Key): Key {
  const keys: Readonly<Record<Column, Key>> = {
    pid: ({ pid }) => pid,
    name: ({ name }) => name,
    state: stateOf,
    steps: ({ steps }) => steps,
    cpu: ({ cpuTime }) => cpuTime,
    percent,
    longest,
    fds: ({ descriptors }) => descriptors?.size ?? 0,
    waits: ({ state, call }) => (state === "blocked" ? (call?.name ?? "") : ""),
  };
  return keys[column];
}

/** Equals are in the order of pids, which is that of `tasks`. */
function sorted(tasks: readonly Task[], key: Key, up: boolean): Task[] {
  const keyed = tasks.map((task) => ({ task, key: key(task) }));
  const sign = up ? 1 : -1;
  keyed.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : 0));
  return keyed.map(({ task }) => task);
}

function withAncestors(tasks: readonly Task[]): Task[] {
  const all = new Set<Task>();
  for (const task of tasks) {
    for (let at: Task | null = task; at !== null && !all.has(at); at = at.parent) all.add(at);
  }
  return [...all].sort((a, b) => a.pid - b.pid);
}
