// Stacks of a recorded run and of its replay: they end where the kernel resumed the task. Below it
// is what drives the kernel, which in a replay is another, and programs print their stacks.

import { findSourceMap } from "node:module";
import { join } from "node:path";
import { original } from "../machine/place";
import { extension, home } from "./copies";

const kernel = join(home, "kernel", `kernel${extension}`);

/** From here on, unless a program makes something of its own of them. */
export function cutStacks(): void {
  Error.prepareStackTrace = (error, sites) => {
    const end = sites.findIndex((site) => site.getFileName() === kernel);
    const own = end < 0 ? sites : sites.slice(0, end);
    return [nameOf(error), ...own.map((site) => `    at ${lineOf(site)}`)].join("\n");
  };
}

function nameOf(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** As Node writes it: in the source, and not in what was compiled. */
function lineOf(site: NodeJS.CallSite & { toString(): string }): string {
  const text = String(site);
  const [file, line, column] = [site.getFileName(), site.getLineNumber(), site.getColumnNumber()];
  if (typeof file !== "string" || line === null || column === null) return text;
  if (findSourceMap(file) === undefined) return text;
  const at = original(file, line - 1, column - 1);
  const place = `${at.file}:${at.line}:${at.column}`;
  return text.replace(`${file}:${line}:${column}`, () => place);
}
