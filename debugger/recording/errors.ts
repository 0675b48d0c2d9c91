// Errors in a recording: their built-in class, name, message, stack and fields, so that a program
// which prints or asks for them does the same again. A class of the program's own comes to the
// built-in one that it extends.

import { SystemError, type Errno } from "../../kernel";
import type { Coded, CodedObject } from "./values";

type Inner = (value: unknown) => Coded;
type Made = new (message: string, name: string) => object;

const host: Readonly<Record<string, unknown>> = globalThis;

export function encodeError(error: Error, inner: Inner): Coded {
  const { name, message, stack } = error;
  if (SystemError.is(error)) {
    return { $error: { name, message, errno: error.errno, detail: error.detail } };
  }
  const type = builtinOf(error);
  return {
    $error: {
      ...(type !== name && { type }),
      ...{ name: inner(name), message: inner(message), own: inner({ ...error }) },
      ...fieldsNotListed(error, inner),
      ...(typeof stack === "string" && { stack }),
    },
  };
}

/** `cause`, the `errors` of an AggregateError: no loop over its fields sees them. */
function fieldsNotListed(error: Error, inner: Inner): { hidden?: Coded } {
  const names = Object.getOwnPropertyNames(error).filter(
    (name) => !["name", "message", "stack"].includes(name) && !isListed(error, name),
  );
  if (names.length === 0) return {};
  return {
    hidden: inner(Object.fromEntries(names.map((name) => [name, Reflect.get(error, name)]))),
  };
}

function isListed(error: object, name: string): boolean {
  return Object.prototype.propertyIsEnumerable.call(error, name);
}

/** The name of the nearest class that every program has: `TypeError`, `DOMException`. */
function builtinOf(error: Error): string {
  let prototype = Reflect.getPrototypeOf(error);
  while (prototype !== null && prototypeOf(prototype.constructor.name) !== prototype) {
    prototype = Reflect.getPrototypeOf(prototype);
  }
  return prototype?.constructor.name ?? "Error";
}

/** Of the built-in class of errors that is called so; undefined if none is. */
function prototypeOf(name: string): object | undefined {
  const maker = Object.hasOwn(host, name) ? host[name] : undefined;
  if (typeof maker !== "function") return undefined;
  const prototype: unknown = maker.prototype;
  const isError = prototype === Error.prototype || prototype instanceof Error;
  return isError ? prototype : undefined;
}

/** What `encodeError` made `coded` of. */
export function decodeError(coded: CodedObject, inner: (coded: Coded) => unknown): unknown {
  const { errno, detail, type, own, hidden, stack } = coded;
  if (errno !== undefined) return new SystemError(errno as Errno, detail as string);
  const [name, message] = [inner(coded["name"] ?? ""), inner(coded["message"] ?? "")];
  const made = newError(String(type ?? name), String(message), String(name));
  const listed = inner(own ?? {}) as object;
  const unlisted = { ...(inner(hidden ?? {}) as object), stack, name, message, ...listed };
  for (const [key, value] of Object.entries(unlisted)) {
    if (value === undefined || Reflect.get(made, key) === value) continue;
    // Not by assignment: `__proto__` is a name like any other here.
    const enumerable = Object.hasOwn(listed, key);
    Object.defineProperty(made, key, { value, enumerable, configurable: true, writable: true });
  }
  return made;
}

function newError(type: string, message: string, name: string): object {
  // Its name is no property, but within it.
  if (type === "DOMException") return new (host["DOMException"] as Made)(message, name);
  const made = new Error(message);
  const prototype = prototypeOf(type);
  return prototype === undefined ? made : (Object.setPrototypeOf(made, prototype) as object);
}
