// What is said of a program that cannot be loaded because it throws.

import { join } from "node:path";
import { show } from "../kernel";
import { root } from "./copies";

/**
 * What a module threw while it was loaded, with those lines of its stack that are not ours or
 * Node's.
 */
export function crashText(error: unknown): string {
  if (!(error instanceof Error))
    return `thrown: ${typeof error === "string" ? error : show(error)}`;
  const [first = "", ...frames] = String(error.stack).split("\n    at ");
  const depth = frames.findIndex((frame) => frame.includes(join(root, "cli")));
  const theirs = frames.slice(0, depth < 0 ? frames.length : depth);
  return [first, ...theirs.filter((frame) => !/\(?node:/.test(frame))].join("\n    at ");
}
