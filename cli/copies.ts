// The running copy of genix: the files loaded in this process, built or from the sources. Every
// program gets this very copy, whatever else of genix lies beside it: a system call made by one
// copy means nothing to the kernel of another.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** `.ts` while it runs from the sources, `.js` once it is built. */
export const extension = __filename.endsWith(".ts") ? ".ts" : ".js";

/** Where the running copy is: the package's root, or its dist/. */
export const home = dirname(__dirname);

/** The root of the package. */
export const root = existsSync(join(home, "package.json")) ? home : dirname(home);

/** What the user types in front of a command. */
export const command = extension === ".ts" ? "npm start --" : "genix";

/** What programs import by name, and which file of the running copy it is. */
export const named: ReadonlyMap<string, string> = new Map([
  ["genix", join(home, `index${extension}`)],
  ["genix/kernel", join(home, "kernel", `index${extension}`)],
]);

const TWINS =
  /^(?:dist[\\/])?((?:kernel|syscalls|tasks|machine|debugger)[\\/].*|index|boot)\.[jt]s$/;

/** `file`, or if it belongs to this package, built or not, the running copy's own in its place. */
export function ours(file: string): string {
  const inside = TWINS.exec(relative(root, file))?.[1];
  if (inside === undefined) return file;
  const twin = join(home, inside + extension);
  return existsSync(twin) ? twin : file;
}

/** Is `file` the user's own: neither this package's nor another's? */
export function theirs(file: string): boolean {
  return isProgramFile(file) && !/^(dist[\\/])?demos[\\/]/.test(relative(root, file));
}

/** Is `file` a program's: the user's own, or a demo's? */
export function isProgramFile(file: string): boolean {
  return !/[\\/]node_modules[\\/]/.test(file) && !isOwn(file);
}

/** Is `file` one of genix itself, of this copy or the one that it was built from? */
export function isOwn(file: string): boolean {
  const inside = relative(root, file).replace(/^dist[\\/]/, "");
  return /^((kernel|syscalls|tasks|machine|debugger|cli|scripts)[\\/]|[\w-]+\.[jt]s$)/.test(inside);
}

/** What node is given to run `module` of cli/ in this copy. */
export function nodeArgs(module: string): string[] {
  const fromSource = extension === ".ts" ? ["-r", join(root, "scripts", "from-source.js")] : [];
  return [...fromSource, join(home, "cli", module + extension)];
}

export function version(): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}
