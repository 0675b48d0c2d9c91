// What a watched value is at one moment, in all its parts, so that the next moment can be held
// against it: a line that is cut to a readable length may be the same while the value is not.

import { types } from "node:util";
import { Kernel, SystemCall, WaitQueue } from "../../kernel";
import { Task } from "../../kernel/task";
import type { Inspector } from "./inspector";
import { partsOf } from "./parts";
import { preview, typeName } from "./preview";

/** So many parts are looked at. */
const MOST = 10_000;
/** What differs is cut out of texts that are longer. */
const LONGEST = 80;

export interface Snapshot {
  /** The value on one line. */
  readonly line: string;
  /** Its parts by how one comes to them, itself by "": what they are worth, or what they are. */
  readonly parts: ReadonlyMap<string, unknown>;
}

/** From one moment to another. */
export interface Change {
  /** Which part of the value it is, where the whole does not tell: `[15]`. */
  readonly part?: string;
  readonly before: string;
  readonly after: string;
}

/** In place of a value that cannot be had. */
export function missing(why: string): Snapshot {
  return { line: why, parts: new Map([["", new Words(why)]]) };
}

export function snapshotOf(inspector: Inspector, value: unknown): Snapshot {
  const parts = new Map<string, unknown>();
  const seen = new Set<unknown>();
  const waiting: (readonly [path: string, value: unknown])[] = [["", value]];
  // The outer parts first, so that those that are left out are the innermost.
  for (const [path, one] of waiting) {
    if (parts.size >= MOST) break;
    parts.set(path, worth(one));
    if (!isOpen(one) || seen.has(one)) continue;
    seen.add(one);
    for (const { name, value, getter, access } of partsOf(inspector, one, MOST).first) {
      if (!getter) waiting.push([path + (access || step(name)), value]);
    }
  }
  return { line: preview(value), parts };
}

/** Null if nothing has changed. */
export function changeOf(before: Snapshot, after: Snapshot): Change | null {
  const path = differing(before, after);
  if (path === undefined) return null;
  const lines = { before: before.line, after: after.line };
  const short = before.line.length <= LONGEST && after.line.length <= LONGEST;
  if (before.line !== after.line && short) return lines;
  const [old, now] = [before, after].map(({ parts }) => parts.get(path));
  if (typeof old === "string" && typeof now === "string") return changedText(path, old, now);
  if (path === "") return lines;
  return { part: path, before: textAt(before, path), after: textAt(after, path) };
}

/** The first part that is not what it was. */
function differing(before: Snapshot, after: Snapshot): string | undefined {
  for (const [path, value] of after.parts) {
    const old = before.parts.get(path);
    const same = value instanceof Words ? value.isSame(old) : Object.is(value, old);
    if (!same || !before.parts.has(path)) return path;
  }
  if (before.parts.size === after.parts.size) return undefined;
  return [...before.parts.keys()].find((path) => !after.parts.has(path));
}

function changedText(path: string, old: string, now: string): Change {
  if (Math.max(old.length, now.length) <= LONGEST) {
    return { part: path, before: preview(old), after: preview(now) };
  }
  let at = 0;
  while (old[at] === now[at]) at += 1;
  const [before, after] = [old, now].map((text) => preview(text.slice(at, at + LONGEST / 2)));
  return { part: `${path}[${at}]`, before: before ?? "", after: after ?? "" };
}

function textAt({ parts }: Snapshot, path: string): string {
  const value = parts.get(path);
  if (!parts.has(path)) return "(not there)";
  return value instanceof Words ? value.text : preview(value);
}

/** What is no value of the program's, and so not the same as a string of those letters. */
class Words {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  isSame(other: unknown): boolean {
    return other instanceof Words && other.text === this.text;
  }
}

/** Of an object what it is; what is in it are parts of their own. */
function worth(value: unknown): unknown {
  if (typeof value !== "object" && typeof value !== "function") return value;
  return isOpen(value) && !types.isDate(value)
    ? new Words(typeName(value))
    : new Words(preview(value));
}

/** Is it one to look into? Not where the system's own state begins. */
function isOpen(value: unknown): boolean {
  if (typeof value !== "object" || value === null || types.isGeneratorObject(value)) return false;
  return ![Task, WaitQueue, SystemCall, Kernel].some((kind) => value instanceof kind);
}

function step(name: string): string {
  if (/^\d+$/.test(name)) return `[${name}]`;
  return name.startsWith("[") ? name : `.${name}`;
}
