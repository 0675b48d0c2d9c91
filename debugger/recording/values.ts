// Values in a recording: JSON as it is where that will do, and what JSON does not know as an object
// with one key that begins with a dollar. Functions and objects of the program's own classes are
// not data, and cannot be recorded.

import { show } from "../../kernel";
import { fromBase64, toBase64 } from "./bytes";
import { decodeError, encodeError } from "./errors";

/** A value as JSON. */
export type Coded = null | boolean | number | string | readonly Coded[] | CodedObject;
export interface CodedObject {
  readonly [key: string]: Coded;
}

/** What is nested deeper is no data that anybody wants to see, and would overflow the stack. */
const DEEPEST = 500;

/**
 * One that is referred to from two places is written twice, so a value whose parts share parts may
 * double with each level.
 */
const MOST = 1_000_000;

/** What cannot be recorded, as an error says it. */
export class Unrecordable extends Error {}

/** `value` as JSON. Throws an Unrecordable that names the part that is no data. */
export function encode(value: unknown): Coded {
  const above: object[] = [];
  let count = 0;
  const inner = (item: unknown): Coded => {
    if (typeof item !== "object" || item === null) return encodePrimitive(item);
    if (above.includes(item)) throw new Unrecordable(`${show(item)}, which contains itself`);
    if (above.length === DEEPEST)
      throw new Unrecordable(`more than ${DEEPEST} objects in each other`);
    count += 1;
    if (count > MOST) throw new Unrecordable(`more than ${MOST} objects in one value`);
    above.push(item);
    const coded = encodeObject(item, inner);
    above.pop();
    return coded;
  };
  return inner(value);
}

function encodePrimitive(value: unknown): Coded {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return encodeNumber(value);
  if (value === undefined) return { $undefined: true };
  if (typeof value === "bigint") return { $bigint: String(value) };
  throw new Unrecordable(show(value));
}

function encodeNumber(value: number): Coded {
  const plain = Number.isFinite(value) && !Object.is(value, -0);
  return plain ? value : { $number: Object.is(value, -0) ? "-0" : String(value) };
}

function encodeObject(value: object, inner: (item: unknown) => Coded): Coded {
  if (Array.isArray(value)) return encodeArray(value, inner);
  if (value instanceof Error) return encodeError(value, inner);
  if (value instanceof Date) return { $date: value.getTime() };
  if (value instanceof Map)
    return { $map: [...value].map(([key, item]) => [inner(key), inner(item)]) };
  if (value instanceof Set) return { $set: [...value].map(inner) };
  if (ArrayBuffer.isView(value)) return encodeView(value);
  if (value instanceof ArrayBuffer) return { $arrayBuffer: toBase64(new Uint8Array(value)) };
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) throw new Unrecordable(show(value));
  const entries = Object.entries(value).map(([key, item]) => [key, inner(item)] as const);
  const coded = Object.fromEntries(entries);
  if (prototype === null) return { $bare: coded };
  // An object of the program's that looks like one of ours.
  const [only = ""] = Object.keys(coded);
  return only.startsWith("$") ? { $object: coded } : coded;
}

/** With its holes, and with what else is in it: the match of a regular expression has an index. */
function encodeArray(array: readonly unknown[], inner: (item: unknown) => Coded): Coded {
  const { length } = array;
  const keys = Object.keys(array);
  if (keys.length === length && (keys.at(-1) ?? "-1") === String(length - 1))
    return array.map(inner);
  const items = Object.fromEntries(Object.entries(array).map(([key, item]) => [key, inner(item)]));
  return { $array: { length, items } };
}

function encodeView(view: ArrayBufferView): Coded {
  const bytes = toBase64(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  if (view instanceof Uint8Array) {
    return view.constructor === Uint8Array ? { $bytes: bytes } : { $buffer: bytes };
  }
  const type = Object.prototype.toString.call(view).slice("[object ".length, -1);
  if (!TYPED.test(type)) throw new Unrecordable(show(view));
  return { $typed: [type, bytes] };
}

/** Arrays of numbers of one size. */
const TYPED = /^(Big)?(Int|Uint|Float)\d+(Clamped)?Array$/;
type Typed = new (bytes: ArrayBufferLike) => unknown;

function decodeTyped([type, text]: readonly string[]): unknown {
  if (type === undefined || !TYPED.test(type)) throw new TypeError("no kind of array");
  return new (host[type] as Typed)(fromBase64(text as string).buffer);
}

/** What `encode` made `coded` of. Throws a TypeError for what it did not make. */
export function decode(coded: Coded): unknown {
  if (coded === null || typeof coded !== "object") return coded;
  if (Array.isArray(coded)) return (coded as readonly Coded[]).map(decode);
  const entries = Object.entries(coded);
  const [first] = entries;
  if (first === undefined || !first[0].startsWith("$")) return decodeObject(entries);
  const maker = Object.hasOwn(makers, first[0]) ? makers[first[0]] : undefined;
  if (maker === undefined) throw new TypeError(`a value of an unknown kind: ${first[0]}`);
  return maker(first[1]);
}

function bare(object: object): object {
  Object.setPrototypeOf(object, null);
  return object;
}

function decodeObject(entries: readonly [string, Coded][]): object {
  return Object.fromEntries(entries.map(([key, item]) => [key, decode(item)]));
}

function decodeArray({ length, items }: CodedObject): unknown {
  return Object.assign(new Array(length as number), decodeObject(Object.entries(items as object)));
}

const makers: Readonly<Record<string, (coded: Coded) => unknown>> = {
  $undefined: () => undefined,
  $bigint: (text) => BigInt(text as string),
  $number: (text) => Number(text),
  $date: (time) => new Date((time ?? NaN) as number),
  $map: (pairs) => new Map(decode(pairs) as [unknown, unknown][]),
  $set: (items) => new Set(decode(items) as unknown[]),
  $array: (array) => decodeArray(array as CodedObject),
  $typed: (typed) => decodeTyped(typed as readonly string[]),
  $bytes: (text) => fromBase64(text as string),
  $buffer: (text) => toBuffer(fromBase64(text as string)),
  $object: (object) => decodeObject(Object.entries(object as CodedObject)),
  $bare: (object) => bare(decodeObject(Object.entries(object as CodedObject))),
  $arrayBuffer: (text) => fromBase64(text as string).buffer,
  $error: (coded) => decodeError(coded as CodedObject, decode),
};

const host: {
  readonly Buffer?: { from(bytes: ArrayBufferLike): Uint8Array };
} & Readonly<Record<string, unknown>> = globalThis;

function toBuffer(bytes: Uint8Array): Uint8Array {
  return host.Buffer?.from(bytes.buffer) ?? bytes;
}
