// What a system call works on, by name: for breakpoints, recordings and pictures. Reads the call's
// arguments and nothing else, so it says the same before and after the call.

import { SystemCall } from "../kernel";

/** The first argument is a descriptor. */
const onDescriptors: readonly string[] = [
  ...["read", "write", "close", "fstat", "readWait", "writeWait", "give"],
  ...["accept", "getsockname", "next"],
];
/** The first argument is a pid, or something that has one. */
const onTasks: readonly string[] = ["wait", "kill", "tell", "join"];
/** The first argument is a path. */
const onPaths: readonly string[] = ["open", "unlink"];
/** The first argument is an address: a port, or an object. */
const onAddresses: readonly string[] = ["connect", "listen"];
/** The first argument is a value of the program's, whatever its name. */
const onNothing: readonly string[] = ["exit", "spawn", "call", "become", "promise", "resource"];

/**
 * The things `call` works on: `jobs`, `fd 4`, `task 3`, `data/a.txt`, `tcp 127.0.0.1:80`; those of
 * each case for a select, none for a call that works on nothing. Never throws.
 */
export function objectsOf(call: SystemCall<unknown>): readonly string[] {
  return partsOf(call).flatMap(({ name, a }) => {
    try {
      const object = nameOf(name, a);
      return object === "" ? [] : [object];
    } catch {
      // A proxy, or a getter that throws, has no name.
      return [];
    }
  });
}

/** The same, as objects and not by name, as far as they are any. Never throws. */
export function subjectsOf(call: SystemCall<unknown>): readonly object[] {
  return partsOf(call).flatMap(({ name, a }) => {
    return typeof a === "object" && a !== null && !onNothing.includes(name) ? [a] : [];
  });
}

/** The calls that are made with `call`: itself, or the cases of a select. */
function partsOf(call: SystemCall<unknown>): readonly SystemCall<unknown>[] {
  if (call.name !== "select") return [call];
  try {
    return casesOf(call.a).flatMap(partsOf);
  } catch {
    return [];
  }
}

/** The same in one string; "" for nothing. */
export function objectOf(call: SystemCall<unknown>): string {
  return objectsOf(call).join(", ");
}

function casesOf(cases: unknown): readonly SystemCall<unknown>[] {
  if (typeof cases !== "object" || cases === null) return [];
  return Object.values(cases).filter((one) => one instanceof SystemCall);
}

function nameOf(call: string, first: unknown): string {
  if (onNothing.includes(call)) return "";
  if (onPaths.includes(call)) return typeof first === "string" ? first : "";
  if (onAddresses.includes(call)) return addressOf(first);
  if (typeof first === "number") return numbered(call, first);
  if (typeof first !== "object" || first === null) return "";
  const { name, label, fd, pid } = first as Readonly<Record<string, unknown>>;
  if (typeof pid === "number") return `task ${pid}`;
  if (typeof name === "string") return name;
  if (typeof label === "string") return label;
  return typeof fd === "number" ? `fd ${fd}` : "";
}

function numbered(call: string, number: number): string {
  if (onDescriptors.includes(call)) return `fd ${number}`;
  if (onTasks.includes(call)) return `task ${number}`;
  return call === "killGroup" ? `group ${number}` : "";
}

/** As the devices at such addresses are called. */
function addressOf(address: unknown): string {
  const where = typeof address === "object" && address !== null ? address : { port: address };
  const { path, port, host = "127.0.0.1" } = where as Readonly<Record<string, unknown>>;
  if (typeof path === "string") return path;
  return typeof port === "number" ? `tcp ${String(host)}:${port}` : "";
}
