// Is an input what the format says? A recording may have been damaged, or made by somebody else:
// whoever plays it shall find in each place what belongs there.

import { show, signals } from "../../kernel";
import { decode, type Coded } from "./values";

type Entry = Readonly<Record<string, unknown>>;
type Check = (value: unknown, entry: Entry) => boolean;

/** What is wrong with `entry` as an input; null for nothing. */
export function wrongInput(entry: Entry): string | null {
  const kinds = Object.keys(entry).filter((key) => Object.hasOwn(inputs, key));
  const [kind] = kinds;
  if (kind === undefined) return "nobody knows what it is";
  if (kinds.length > 1) return `it is both ${kinds.join(" and ")}`;
  return inputs[kind]?.(entry[kind], entry) === true ? null : `its ${kind} is not as it should be`;
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isObject(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isTrue: Check = (value) => value === true;
const isText: Check = (value) => typeof value === "string";
const isAbsolute: Check = (value) =>
  typeof value === "string" && /^([/\\]|[a-z]:[/\\])/i.test(value);
const isTextIfAny: Check = (value) => value === undefined || typeof value === "string";
const isTime: Check = (value) => Number.isFinite(value);
const isTimeIfAny: Check = (value) => value === undefined || Number.isFinite(value);
const isFlag: Check = (value) => typeof value === "boolean";
const isSignal: Check = (value) => signals.some((signal) => signal === value);

const isCoded: Check = (value) => {
  try {
    decode(value as Coded);
    return true;
  } catch {
    return false;
  }
};

const isBase64: Check = (value) =>
  typeof value === "string" && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);

const isDevice: Check = (value) =>
  isObject(value) &&
  has(value, { device: isCount, name: isText, external: isFlag }) &&
  (value["address"] === undefined || isObject(value["address"])) &&
  Array.isArray(value["can"]) &&
  value["can"].every((can) => ["read", "write", "accept", "status"].some((one) => one === can));

function has(entry: Entry, checks: Readonly<Record<string, Check>>): boolean {
  return Object.entries(checks).every(([key, check]) => check(entry[key], entry));
}

/** One of them is there, and what it should be. */
function oneOf(entry: Entry, checks: Readonly<Record<string, Check>>): boolean {
  const [found, ...more] = Object.keys(checks).filter((key) => entry[key] !== undefined);
  if (found === undefined || more.length > 0) return false;
  return checks[found]?.(entry[found], entry) === true;
}

const outcomes = { error: isCoded, value: isCoded, made: isDevice, done: isTrue, lost: isText };

/** By kind. */
const inputs: Readonly<Record<string, Check>> = {
  ...{ idle: isTrue, turn: isTrue, deadlock: isTrue, choose: isCount, interrupt: isCount },
  ...{ tick: isTime, now: isTime, random: isTime },
  time: (value, entry) => isTime(value, entry) && has(entry, { lasted: isTimeIfAny }),
  signal: (value, entry) => isSignal(value, entry) && has(entry, { to: isCount, reason: isText }),
  tell: (value, entry) => isCount(value) && has(entry, { value: isCoded }),
  answer: (value, entry) => isCount(value) && oneOf(entry, outcomes),
  host: (value, entry) =>
    isText(value, entry) && has(entry, { value: isCoded, times: isCount }) && entry["times"] !== 0,
  read: (value, entry) =>
    isCount(value) &&
    oneOf(entry, { nothing: isTrue, text: isText, base64: isBase64, error: isCoded }),
  write: (value, entry) =>
    isCount(value) &&
    (entry["error"] === undefined
      ? has(entry, { took: isCount, sum: isCount, text: isTextIfAny })
      : has(entry, { error: isCoded })),
  accept: (value, entry) => isCount(value) && oneOf(entry, { ...outcomes, nothing: isTrue }),
  readable: (value, entry) => isCount(value) && has(entry, { is: isFlag }),
  writable: (value, entry) => isCount(value) && has(entry, { is: isFlag }),
};

/** What is wrong with `header`; null for nothing. */
export function wrongHeader(header: Entry): string | null {
  const isTexts: Check = (value) => Array.isArray(value) && value.every((one) => isText(one, {}));
  const checks: Readonly<Record<string, Check>> = {
    ...{ program: isAbsolute, args: isTexts, name: isText, folder: isText, pid: isCount },
    ...{ seed: isTime, shuffle: isFlag, lint: isFlag },
    versions: (value) => isObject(value) && has(value, { genix: isText, node: isText }),
    machine: (value) => value === "node" || value === "virtual",
    sources: (value) => isObject(value) && isTexts(Object.values(value), {}),
  };
  const wrong = Object.keys(checks).find((key) => checks[key]?.(header[key], header) !== true);
  return wrong === undefined ? null : `its header is damaged: ${wrong} is ${show(header[wrong])}`;
}
