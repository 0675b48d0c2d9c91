// Says in one line, with the place, why a module could not be loaded. The host's own errors for
// that tell the story of its loaders; this keeps the part a user can act on.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { shown } from "../machine/place";
import { root } from "./copies";
import { Misuse } from "./misuse";
import { loadedModules } from "./modules";

/** What Node's loaders call their complaints: a package that does not export this, and the like. */
const REFUSED =
  /^ERR_(REQUIRE|PACKAGE|IMPORT|UNSUPPORTED|UNKNOWN_(FILE|MODULE)|INVALID_(PACKAGE|MODULE))_/;

/** `error`, which came of loading `file`: a Misuse if no code could run at all, else as it is. */
export function explain(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof Misuse) return error;
  const { code } = error as { code?: unknown };
  if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND") return notFound(error, file);
  if (error.name === "SyntaxError") return syntax(error, file);
  if (!REFUSED.test(String(code)) && ranTheirs(error)) return error;
  return new Misuse(`${shown(file)}: ${firstLine(error.message)}`);
}

/** `prog.ts:3: cannot find module "./worker"` */
function notFound(error: Error & { requireStack?: string[] }, file: string): Misuse {
  const missing = /Cannot find (?:module|package) '([^']*)'/.exec(error.message)?.[1] ?? "a module";
  const importer =
    error.requireStack?.[0] ?? / imported from (.*)$/m.exec(error.message)?.[1] ?? file;
  const path = toPath(importer);
  return new Misuse(
    `${shown(path)}${lineOf(missing, path)}: cannot find module "${isAbsolute(missing) ? shown(missing) : missing}"`,
  );
}

/** `:3` if line 3 of `file` is where it speaks of `module`; Node does not say. */
function lineOf(module: string, file: string): string {
  // A relative import has been made absolute by now: the last part of it is as it was written.
  const name =
    module
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\.[^.]*$/, "") ?? module;
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    const at = lines.findIndex(
      (line) => /\b(import|from|require)\b/.test(line) && line.includes(name),
    );
    return at < 0 ? "" : `:${at + 1}`;
  } catch {
    return "";
  }
}

/** `prog.ts:3: ',' expected.` */
function syntax(error: Error, file: string): unknown {
  const [first = ""] = (error.stack ?? "").split("\n", 1);
  const known = placeIn(first);
  if (known !== undefined) return new Misuse(`${known}: ${firstLine(error.message)}`);
  const [, json, problem] = /^(.+\.json): (.*)/.exec(error.message) ?? [];
  if (json !== undefined) return new Misuse(`${shown(json)}: ${problem}`);
  // Thrown by code that ran, by JSON.parse for instance: that is the program's own affair.
  if (ranTheirs(error)) return error;
  return new Misuse(`${searchPlace() ?? shown(file)}: ${firstLine(error.message)}`);
}

/**
 * Of an ES module Node keeps the line to itself. It was one of those that were loaded, the last
 * ones first.
 */
function searchPlace(): string | undefined {
  for (const file of loadedModules().filter(isJavaScript).reverse()) {
    const { stderr } = spawnSync(process.execPath, ["--check", file], { encoding: "utf8" });
    const place = placeIn(firstLine(stderr));
    if (place !== undefined) return place;
  }
  return undefined;
}

function isJavaScript(file: string): boolean {
  return !/\.[cm]?ts$/.test(file);
}

/** `line` if it is a place and nothing else: `/home/me/prog.js:3`. */
function placeIn(line: string): string | undefined {
  const [, file, number] = /^(.+?)(:\d+)?$/.exec(line) ?? [];
  if (file === undefined || !/^(\/|file:|[A-Za-z]:[\\/])/.test(file)) return undefined;
  return shown(toPath(file)) + (number ?? "");
}

/** Was code of a program's running when it was thrown, not the loaders' alone? */
function ranTheirs({ stack = "" }: Error): boolean {
  const frames = stack.split("\n").filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
  const ours = [join(root, "cli"), join(root, "dist", "cli")];
  return frames.some(
    (line) => !/[( ](node|data):/.test(line) && !ours.some((folder) => line.includes(folder)),
  );
}

function toPath(place: string): string {
  return place.startsWith("file:") ? fileURLToPath(place) : place;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] as string;
}
