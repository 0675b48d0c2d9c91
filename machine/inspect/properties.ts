// What an object has, read without running any code of the program's: no getter, and no proxy's
// trap. Knows nothing of how it is shown.

import { types } from "node:util";

/** A part of a value: a property, an item, an entry of a Map. */
export interface Part {
  readonly name: string;
  readonly value: unknown;
  /** It is computed when it is asked for, so it was not. */
  readonly getter: boolean;
  /** How an expression goes on to it, if not by its name: `.get("ann")`; "" if it cannot. */
  readonly access?: string;
}

/** The object's own property, or that of its prototypes, if it simply holds a value. */
export function dataOf(object: object, key: PropertyKey): unknown {
  for (let at: object | null = object; at !== null; at = Reflect.getPrototypeOf(at)) {
    if (types.isProxy(at)) return undefined;
    const property = Reflect.getOwnPropertyDescriptor(at, key);
    if (property !== undefined) return property.value;
  }
  return undefined;
}

/** The name of its class: `Account`; "" for none. */
export function classOf(object: object): string {
  if (types.isProxy(object)) return "Proxy";
  const prototype = Reflect.getPrototypeOf(object);
  const maker = prototype === null ? undefined : dataOf(prototype, "constructor");
  return typeof maker === "function" ? nameOf(maker) : "";
}

/** The name of a function, as it is written or was set. */
export function nameOf(maker: object): string {
  const name = dataOf(maker, "name");
  return typeof name === "string" ? name : "";
}

/** Its own properties; those that are not enumerable only if they are `interesting`. */
export function ownParts(object: object, interesting: readonly string[] = []): Part[] {
  if (types.isProxy(object)) return [];
  return Reflect.ownKeys(object).flatMap((key) => {
    const property = Reflect.getOwnPropertyDescriptor(object, key);
    const shown = typeof key === "string" ? property?.enumerable === true : !isOurs(key);
    if (property === undefined || !(shown || interesting.includes(String(key)))) return [];
    const getter = property.get !== undefined || property.set !== undefined;
    const part = { value: property.value as unknown, getter };
    return typeof key === "string"
      ? [{ ...part, name: key }]
      : [{ ...part, name: `[${String(key)}]`, access: "" }];
  });
}

/** The kernel's mark on what a task runs. */
function isOurs(key: symbol): boolean {
  return key.description === "owner";
}

/** The entries of a Map; past its iterator, which may be the program's. */
export function entriesOf(map: ReadonlyMap<unknown, unknown>): [key: unknown, value: unknown][] {
  const entries: [unknown, unknown][] = [];
  Map.prototype.forEach.call(map, (value, key) => void entries.push([key, value]));
  return entries;
}

export function membersOf(set: ReadonlySet<unknown>): unknown[] {
  const members: unknown[] = [];
  Set.prototype.forEach.call(set, (member) => void members.push(member));
  return members;
}

/** How long an array is, by its own word. */
export function lengthOf(array: object): number {
  const length = dataOf(array, "length");
  return typeof length === "number" ? length : 0;
}
