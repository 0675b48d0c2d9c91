// The native stack as V8 has it: which functions have called each other, and where they stand.

import { join, sep } from "node:path";

const kernelFolder = join(__dirname, "..", "kernel") + sep;

/**
 * The stack below the function `above`, at most so many frames, the innermost first. Whatever a
 * program has made of stacks (`Error.prepareStackTrace`) is neither asked nor changed by it.
 */
export function callSites(above: CallableFunction, most: number): readonly NodeJS.CallSite[] {
  const { stackTraceLimit } = Error;
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = most;
    Reflect.defineProperty(Error, "prepareStackTrace", asTheyAre);
    Error.captureStackTrace(holder, above);
    const { stack } = holder;
    // Text, where a program has made sure that nobody may change how stacks are written.
    return Array.isArray(stack) ? (stack as NodeJS.CallSite[]) : [];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    // To take it away and put it back takes longer than to write over it, 10 us.
    if (before === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", before);
  }
}

const asTheyAre: PropertyDescriptor = {
  value: (_error: unknown, sites: readonly NodeJS.CallSite[]) => sites,
  configurable: true,
  writable: true,
};

/** So many frames are looked at, until the kernel is among them: most stacks are short. */
const LOOKS = [6, 200, Infinity];

/** The part of the stack that is the running task's, below `above`; the innermost frame first. */
export function taskSites(above: CallableFunction): readonly NodeJS.CallSite[] {
  for (const most of LOOKS) {
    const sites = callSites(above, most);
    const kernel = sites.findIndex(isKernel);
    if (kernel >= 0) return sites.slice(0, kernel);
  }
  return [];
}

/** Is it a function of the kernel's? */
export function isKernel(site: NodeJS.CallSite): boolean {
  return site.getFileName()?.startsWith(kernelFolder) === true;
}
