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
/** The first argument is a value of the program's, whatever its name. */
const onNothing: readonly string[] = ["exit", "spawn", "call", "become", "promise", "resource"];

/**
 * The things `call` works on: `jobs`, `fd 4`, `task 3`; those of each case for a select, none for a
 * call that works on nothing. Never throws.
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
  if (typeof first === "number") {
    if (onDescriptors.includes(call)) return `fd ${first}`;
    if (onTasks.includes(call)) return `task ${first}`;
    return call === "killGroup" ? `group ${first}` : "";
  }
  if (typeof first !== "object" || first === null || onNothing.includes(call)) return "";
  const { name, label, fd, pid } = first as Readonly<Record<string, unknown>>;
  if (typeof pid === "number") return `task ${pid}`;
  if (typeof name === "string") return name;
  if (typeof label === "string") return label;
  return typeof fd === "number" ? `fd ${fd}` : "";
}
