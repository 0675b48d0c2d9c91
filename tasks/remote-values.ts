// Which values can be sent to another thread or process: those that JSON carries and gives back the
// same. Anything else is refused here, by name, because JSON would change it or drop it in silence.

import { SystemError } from "../syscalls";

/**
 * Check that `value` can cross: null, booleans, finite numbers, strings, and arrays and plain
 * objects of these. In an object, a property that is undefined is left out; -0 arrives as 0.
 * `path` names it in the message. Fails with EINVAL.
 */
export function checkCrossing(value: unknown, path: string): void {
  try {
    check(value, path, new Set());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SystemError("EINVAL", `${path} is nested too deep to be sent`);
  }
}

/** `above` holds the objects that `value` is inside of: meeting one again is a cycle. */
function check(value: unknown, path: string, above: Set<object>): void {
  if (typeof value === "object" && value !== null) return checkObject(value, path, above);
  if (typeof value === "number" && !Number.isFinite(value)) refuse(path, `is ${value}`);
  if (typeof value === "bigint") refuse(path, `is the bigint ${value}n`);
  if (typeof value === "function") refuse(path, `is the function ${value.name || "(anonymous)"}`);
  if (typeof value === "symbol") refuse(path, `is a symbol`);
  if (value === undefined) refuse(path, `is undefined`);
}

function checkObject(value: object, path: string, above: Set<object>): void {
  if (above.has(value)) refuse(path, "is an object that it is itself part of");
  if (!Array.isArray(value) && !isPlain(value)) refuse(path, `is of class ${classOf(value)}`);
  above.add(value);
  if (Array.isArray(value)) {
    // By index, so that a hole is met too.
    for (let i = 0; i < value.length; i++) check(value[i], `${path}[${i}]`, above);
  } else {
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) check(item, `${path}.${key}`, above);
    }
  }
  above.delete(value);
}

/** Written as `{…}` or made without a prototype, be it in another realm with its own Object. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function classOf(value: object): string {
  const name = (value.constructor as { name?: unknown } | undefined)?.name;
  return typeof name === "string" && name !== "" ? name : "(anonymous)";
}

function refuse(path: string, what: string): never {
  const fix = "only what JSON carries can be sent to another thread or process";
  throw new SystemError("EINVAL", `${path} ${what}; ${fix}`);
}
