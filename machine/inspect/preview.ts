// A value on one line, as whoever wrote the program would write it down. Runs no code of the
// program's; knows nothing of frames and scopes.

import { types } from "node:util";
import { show } from "../../kernel";
import { classOf, dataOf, entriesOf, lengthOf, membersOf, nameOf, ownParts } from "./properties";

const LONGEST_LINE = 200;
const LONGEST_STRING = 80;
/** Of a list so many items are shown, inside another list fewer. */
const MOST = [8, 4, 2];

/** `value` on one line, cut to a readable length. Never throws. */
export function preview(value: unknown): string {
  let line: string;
  try {
    line = describe(value, 0);
  } catch {
    line = "[object]";
  }
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}

/** `number`, `Map`, `Account`: what kind of value it is. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  return types.isGeneratorObject(value) ? "generator" : classOf(value) || "object";
}

function describe(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return describeFunction(value);
    case "object":
      return value === null ? "null" : describeObject(value, depth);
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function quoted(text: string): string {
  const cut = text.length > LONGEST_STRING;
  return cut
    ? `${JSON.stringify(text.slice(0, LONGEST_STRING))}… (${text.length})`
    : JSON.stringify(text);
}

function describeFunction(value: object): string {
  if (types.isProxy(value)) return "Proxy";
  const text = Function.prototype.toString.call(value);
  const kind = /^class\b/.test(text) ? "class" : /^[^(]*\*/.test(text) ? "function*" : "function";
  return `${kind} ${nameOf(value) || "(anonymous)"}`;
}

function describeObject(value: object, depth: number): string {
  if (types.isProxy(value)) return "Proxy";
  if (types.isNativeError(value)) return describeError(value);
  if (types.isUint8Array(value)) return show(value);
  if (types.isDate(value)) return describeDate(value);
  if (types.isRegExp(value)) return RegExp.prototype.toString.call(value);
  if (types.isPromise(value)) return "Promise";
  if (types.isGeneratorObject(value)) return "generator";
  if (types.isAnyArrayBuffer(value)) return `${classOf(value)}(${value.byteLength})`;
  if (Array.isArray(value) || types.isTypedArray(value)) return describeArray(value, depth);
  if (types.isMap(value)) return describeMap(value, depth);
  if (types.isSet(value)) return describeSet(value, depth);
  return describeInstance(value, depth);
}

function describeDate(date: Date): string {
  const valid = !Number.isNaN(Date.prototype.getTime.call(date));
  return valid ? Date.prototype.toISOString.call(date) : "Invalid Date";
}

function describeError(error: object): string {
  const [name, message] = [dataOf(error, "name"), dataOf(error, "message")];
  const kind = typeof name === "string" ? name : classOf(error);
  const [first = ""] = typeof message === "string" ? message.split("\n", 1) : [];
  return first === "" ? kind : `${kind}: ${first}`;
}

function describeArray(array: object, depth: number): string {
  const length = lengthOf(array) || (types.isTypedArray(array) ? array.length : 0);
  const most = MOST[depth] ?? 0;
  const parts = Array.from({ length: Math.min(length, most) }, (_, index) => {
    const item = Reflect.getOwnPropertyDescriptor(array, index);
    if (item === undefined) return "(empty)";
    return item.get === undefined ? describe(item.value, depth + 1) : "(getter)";
  });
  const kind = types.isTypedArray(array) ? `${classOf(array)}(${length}) ` : "";
  return kind + list("[", parts, length, "]");
}

function describeMap(map: ReadonlyMap<unknown, unknown>, depth: number): string {
  const entries = entriesOf(map);
  const parts = entries
    .slice(0, MOST[depth] ?? 0)
    .map(([key, value]) => `${describe(key, depth + 1)} => ${describe(value, depth + 1)}`);
  return `${classOf(map)}(${entries.length}) ${list("{", parts, entries.length, "}")}`;
}

function describeSet(set: ReadonlySet<unknown>, depth: number): string {
  const members = membersOf(set);
  const parts = members.slice(0, MOST[depth] ?? 0).map((member) => describe(member, depth + 1));
  return `${classOf(set)}(${members.length}) ${list("{", parts, members.length, "}")}`;
}

function describeInstance(value: object, depth: number): string {
  const kind = classOf(value);
  const known = kind === "" || kind === "Object" ? "" : describeKnown(value, kind);
  if (known !== "") return known;
  const all = ownParts(value);
  const parts = all
    .slice(0, MOST[depth] ?? 0)
    .map(
      ({ name, value, getter }) => `${name}: ${getter ? "(getter)" : describe(value, depth + 1)}`,
    );
  const text = list("{", parts, all.length, "}");
  return kind === "" || kind === "Object" ? text : `${kind} ${text}`;
}

/** What has a name of its own is called by it: `Channel "jobs"`. */
function describeKnown(value: object, kind: string): string {
  const [name, label] = [dataOf(value, "name"), dataOf(value, "label")];
  const pid = dataOf(value, "pid");
  const called = typeof name === "string" ? name : label;
  if (kind === "Task" && typeof pid === "number") return `task ${pid} ${JSON.stringify(called)}`;
  if (kind === "SystemCall") return describeCall(value);
  if (typeof called !== "string") return "";
  return `${kind} ${JSON.stringify(called)}${holding(value)}${heldBy(value)}`;
}

/** `sleep(10)` */
function describeCall(call: object): string {
  const definition = dataOf(call, "definition");
  const args = ["a", "b", "c", "d"].map((key) => dataOf(call, key));
  while (args.length > 0 && args.at(-1) === undefined) args.pop();
  const name = typeof definition === "object" && definition !== null ? nameOf(definition) : "";
  return `${name}(${args.map((arg) => describe(arg, 1)).join(", ")})`;
}

/** Of a channel. */
function holding(value: object): string {
  const buffer = dataOf(value, "buffer");
  const length = typeof buffer === "object" && buffer !== null ? lengthOf(buffer) : 0;
  return length === 0 ? "" : `, holds ${length}`;
}

/** Of a lock. */
function heldBy(value: object): string {
  const inner = dataOf(value, "inner");
  const holders = dataOf(typeof inner === "object" && inner !== null ? inner : value, "holders");
  const who = types.isSet(holders) ? membersOf(holders) : [];
  return who.length === 0 ? "" : `, held by ${who.map((one) => describe(one, 2)).join(", ")}`;
}

function list(open: string, parts: readonly string[], length: number, close: string): string {
  const all = length > parts.length ? [...parts, `… ${length - parts.length} more`] : parts;
  if (all.length === 0) return open + close;
  return open === "[" ? `[${all.join(", ")}]` : `{ ${all.join(", ")} }`;
}
