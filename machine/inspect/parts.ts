// What is inside a value, one level deep, in the order in which a reader looks for it. Private
// fields are asked of the inspector; getters are named and not run.

import { types } from "node:util";
import type { Inspector } from "./inspector";
import { preview } from "./preview";
import { entriesOf, lengthOf, membersOf, ownParts, type Part } from "./properties";

/** So many are enough to read; the others can be evaluated, by index or key. */
const MOST = 1000;

/** Prototypes of what has no private fields: to ask takes 0.1 ms. */
const open = new WeakSet<object>([Object.prototype]);

export interface Parts {
  readonly first: readonly Part[];
  /** So many more there are. */
  readonly more: number;
}

/** The parts of `value`, `most` at most; none for what is no object. */
export function partsOf(inspector: Inspector, value: unknown, most = MOST): Parts {
  const length = listLength(value);
  const parts = length === null ? all(inspector, value) : itemsOf(value as object, length, most);
  return { first: parts.slice(0, most), more: Math.max(0, (length ?? parts.length) - most) };
}

/** Of what is a list. */
function listLength(value: unknown): number | null {
  if (types.isTypedArray(value)) return value.length;
  return Array.isArray(value) && !types.isProxy(value) ? lengthOf(value) : null;
}

function all(inspector: Inspector, value: unknown): Part[] {
  if (typeof value === "function") return types.isProxy(value) ? [] : ownParts(value);
  if (typeof value !== "object" || value === null || types.isProxy(value)) return [];
  if (types.isGeneratorObject(value)) return variablesOf(inspector, value);
  if (types.isNativeError(value)) return ownParts(value, ["message", "stack", "cause"]);
  return [...members(value), ...privateParts(inspector, value), ...ownParts(value)];
}

/** Is there anything in it? Cheaper than to look. */
export function hasParts(value: unknown): boolean {
  if (typeof value === "function") return !types.isProxy(value) && ownParts(value).length > 0;
  if (typeof value !== "object" || value === null || types.isProxy(value)) return false;
  if (types.isMap(value)) return entriesOf(value).length > 0;
  if (types.isSet(value)) return membersOf(value).length > 0;
  if (types.isTypedArray(value)) return value.length > 0;
  if (Array.isArray(value)) return lengthOf(value) > 0;
  // Of a class instance only the inspector knows whether it has private fields.
  return Reflect.getPrototypeOf(value) !== Object.prototype || ownParts(value).length > 0;
}

function itemsOf(list: object, length: number, most: number): Part[] {
  return Array.from({ length: Math.min(length, most) }, (_, index) => {
    const item = Reflect.getOwnPropertyDescriptor(list, index);
    return { name: String(index), value: item?.value as unknown, getter: item?.get !== undefined };
  });
}

/** The entries of a Map, named by their keys; a key with parts of its own is shown beside. */
function members(value: object): Part[] {
  if (types.isSet(value)) return membersOf(value).map((one, index) => hidden(String(index), one));
  if (!types.isMap(value)) return [];
  return entriesOf(value).map(([key, value], index) =>
    hasParts(key)
      ? hidden(String(index), { key, value })
      : { ...hidden(preview(key), value), access: accessBy(key) },
  );
}

/** What is in a value, but not as a property of it. */
function hidden(name: string, value: unknown): Part {
  return { name, value, getter: false, access: "" };
}

function accessBy(key: unknown): string {
  if (typeof key === "string") return `.get(${JSON.stringify(key)})`;
  if (typeof key === "bigint") return `.get(${key}n)`;
  const written = key === null || ["number", "boolean", "undefined"].includes(typeof key);
  return written ? `.get(${String(key)})` : "";
}

function privateParts(inspector: Inspector, value: object): Part[] {
  const prototype = Reflect.getPrototypeOf(value);
  if (prototype === null || open.has(prototype)) return [];
  const fields = inspector.privateFields(value);
  if (fields.length === 0) open.add(prototype);
  return fields.map(([name, value]) => hidden(name, value));
}

/** What a generator that is suspended holds. */
function variablesOf(inspector: Inspector, generator: object): Part[] {
  const scopes = inspector.look(generator)?.scopes ?? [];
  const own = scopes.filter(({ kind }) => kind === "block" || kind === "local");
  return own.flatMap(({ variables }) => ownParts(variables).map((one) => ({ ...one, access: "" })));
}
