// What programs ask the host past the machine, and what is not the same in the next process: the
// clock and the chance of the host's own, the environment, the terminal. A recording needs to have
// the answers, and a replay to give them again. In a step of a task, or while the program is
// loaded, and nowhere else.

import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import { format } from "node:util";
import type { Kernel } from "../kernel";
import { isOwn, isProgramFile } from "./copies";

type Called = (...args: never[]) => unknown;

/** What to make of `real`, which says what the host itself would answer. */
export type HostSource = (name: string, real: () => unknown) => unknown;

/** An object of the host's, what programs call it, and what they ask of it. */
type Asked = readonly [object: () => object, name: string, of: readonly string[]];

/** One after the other: those of a function are of that which stands in its place by then. */
const METHODS: readonly Asked[] = [
  [() => Math, "Math", ["random"]],
  [() => performance, "performance", ["now"]],
  [() => process, "process", ["hrtime", "uptime", "cpuUsage", "resourceUsage"]],
  [() => process, "process", ["memoryUsage", "availableMemory", "constrainedMemory"]],
  [() => process.hrtime, "process.hrtime", ["bigint"]],
  [() => process.memoryUsage, "process.memoryUsage", ["rss"]],
  [() => os, "os", ["arch", "machine", "platform", "release", "type", "version"]],
  [() => os, "os", ["availableParallelism", "cpus", "freemem", "loadavg", "totalmem", "uptime"]],
  [() => os, "os", ["homedir", "hostname", "networkInterfaces", "tmpdir", "userInfo"]],
  [() => crypto, "crypto", ["randomUUID", "randomBytes", "randomInt"]],
  [() => crypto.webcrypto, "crypto", ["randomUUID"]],
];

/** These put their answer into the array that they are given. */
const FILLERS: readonly Asked[] = [
  [() => crypto, "crypto", ["randomFillSync"]],
  [() => crypto.webcrypto, "crypto", ["getRandomValues"]],
];

const TERMINAL = ["isTTY", "columns", "rows"];

const PROPERTIES: readonly Asked[] = [
  [() => performance, "performance", ["timeOrigin"]],
  [() => process, "process", ["ppid"]],
  [() => process.stdout, "process.stdout", TERMINAL],
  [() => process.stderr, "process.stderr", TERMINAL],
];

/** Is it of the terminal, which whoever runs the program again may not have? */
export function isOfTerminal(name: string): boolean {
  return name.startsWith("process.std");
}

/**
 * Let `source` answer when the program asks: in a step of a task of `kernel`'s, and before there is
 * one, from a file of its own, since it is being loaded then.
 */
export function interceptHost(kernel: () => Kernel | null, source: HostSource): void {
  const answer: HostSource = (name, real) => {
    const running = kernel();
    const isProgram = running === null ? loadsProgram(answer) : inTask(running, answer);
    return isProgram ? source(name, real) : real();
  };
  forEach(METHODS, (object, of, name) => replaceMethod(object, of, askFor(name, answer)));
  forEach(FILLERS, (object, of, name) => replaceMethod(object, of, askToFill(name, answer)));
  forEach(PROPERTIES, (object, of, name) => replaceProperty(object, of, name, answer));
  replaceStdin(answer);
  replaceDate((real) => answer("Date.now", real) as number);
  process.env = environment(process.env, answer);
  syncBuiltinESMExports();
}

function forEach(
  all: readonly Asked[],
  work: (object: object, of: string, name: string) => void,
): void {
  for (const [object, name, names] of all) {
    // An older Node does not have them all.
    for (const of of names) if (of in object()) work(object(), of, `${name}.${of}`);
  }
}

/** How a call is answered that `real` would answer. */
type Stand = (real: () => unknown, args: readonly unknown[]) => unknown;

function askFor(name: string, answer: HostSource): Stand {
  return (real) => answer(name, real);
}

function askToFill(name: string, answer: HostSource): Stand {
  return (real, [target]) => {
    const bytes = bytesOf(target);
    const filled = answer(name, () => {
      real();
      return bytes.slice();
    });
    bytes.set(filled as Uint8Array);
    return target;
  };
}

function bytesOf(target: unknown): Uint8Array {
  return ArrayBuffer.isView(target)
    ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
    : new Uint8Array(target as ArrayBuffer);
}

function replaceMethod(object: object, name: string, stand: Stand): void {
  const method = Reflect.get(object, name) as Called;
  const replaced = (...args: never[]): unknown => {
    const real = (): unknown => Reflect.apply(method, object, args);
    // Whoever gives a callback is not answered in this step.
    return args.some((arg) => typeof arg === "function") ? real() : stand(real, args);
  };
  // With what it has itself. A program may put a clock of its own there, and this one back.
  Reflect.set(object, name, Object.assign(replaced, method));
}

function replaceProperty(object: object, property: string, name: string, answer: HostSource): void {
  let value: unknown = Reflect.get(object, property);
  Object.defineProperty(object, property, {
    get: () => answer(name, () => value),
    // The host does, when the terminal's size changes.
    set: (now: unknown) => void (value = now),
    configurable: true,
    enumerable: true,
  });
}

/** Only once somebody wants it: the host opens it then. */
function replaceStdin(answer: HostSource): void {
  let stdin: NodeJS.ReadStream | null = null;
  const host = Object.getOwnPropertyDescriptor(process, "stdin");
  const get = (): NodeJS.ReadStream => {
    if (stdin === null) {
      stdin = host?.get?.call(process) as NodeJS.ReadStream;
      replaceProperty(stdin, "isTTY", "process.stdin.isTTY", answer);
    }
    return stdin;
  };
  Object.defineProperty(process, "stdin", { get, configurable: true, enumerable: true });
}

function replaceDate(answer: (real: () => number) => number): void {
  const HostDate = Date;
  const hostTime = Date.now;
  const date = (): number => answer(hostTime);
  globalThis.Date = new Proxy(HostDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [date()] : args, newTarget) as object,
    apply: () => new HostDate(date()).toString(),
  });
  HostDate.now = date;
  HostDate.prototype.constructor = Date;
  replaceDateFormat(date);
}

/** Without a date they format the present. */
function replaceDateFormat(date: () => number): void {
  const { prototype } = Intl.DateTimeFormat;
  const parts = Reflect.get(prototype, "formatToParts") as Called;
  const format = Object.getOwnPropertyDescriptor(prototype, "format");
  Object.defineProperty(prototype, "format", {
    get() {
      const text = format?.get?.call(this) as (when: Date | number) => string;
      return (when: Date | number = date()) => text(when);
    },
    configurable: true,
  });
  prototype.formatToParts = function (when = date()) {
    return Reflect.apply(parts, this, [when] as never) as Intl.DateTimeFormatPart[];
  };
}

/** `env`, of which each variable that the program looks at is asked for. */
function environment(env: NodeJS.ProcessEnv, answer: HostSource): NodeJS.ProcessEnv {
  const get = (target: NodeJS.ProcessEnv, key: string | symbol): unknown => {
    const value: unknown = Reflect.get(target, key);
    // What every object has is no variable.
    const isVariable = typeof key === "string" && typeof value !== "function";
    return isVariable ? answer(`process.env.${key}`, () => value) : value;
  };
  return new Proxy(env, {
    get,
    has: (target, key) => get(target, key) !== undefined,
    ownKeys: (target) => {
      const is = Object.keys(target);
      const names = answer("process.env", () => is) as string[];
      for (const name of is) if (!names.includes(name)) delete target[name];
      // Each of them has to be there; its value is asked for when it is looked at.
      for (const name of names) target[name] ??= "";
      return names;
    },
  });
}

/** Let `hear` hear what the program says to the console in a step of a task, as plain text. */
export function interceptConsole(
  kernel: () => Kernel | null,
  hear: (name: string, text: string) => void,
): void {
  for (const method of ["debug", "error", "info", "log", "warn"] as const) {
    const say = console[method].bind(console);
    console[method] = (...args: unknown[]) => {
      if (kernel()?.current) hear(`console.${method}`, format(...args));
      say(...args);
    };
  }
}

/** Is `above` called, through functions of this file, by a task, and not by the host for one? */
function inTask({ current }: Kernel, above: Called): boolean {
  if (current === null) return false;
  const caller = callerOf(above);
  return !caller.includes("node:") && !isOwn(fileIn(caller) ?? "");
}

/** Is `above` called, through functions of this file, by the program's own code? */
function loadsProgram(above: Called): boolean {
  const file = fileIn(callerOf(above));
  return file !== undefined && isProgramFile(file);
}

/** The file that a line of a stack names. */
function fileIn(line: string): string | undefined {
  return /[( ](?:file:\/\/)?(\/[^()]*?):\d+:\d+\)?$/.exec(line)?.[1];
}

/** The line of the stack, below those of this file and of what is built into the language. */
function callerOf(above: Called): string {
  const site: { stack?: string } = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 8;
  Error.captureStackTrace(site, above);
  Error.stackTraceLimit = stackTraceLimit;
  const lines = (site.stack ?? "").split("\n").slice(1);
  return lines.find((line) => !/[\\/]host-values\.[jt]s:|<anonymous>\)?$/.test(line)) ?? "";
}
