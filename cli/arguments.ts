// What several commands take on their command lines.

import { existsSync, realpathSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { command } from "./copies";
import { findDemo } from "./demos";
import { isFile } from "./load";
import { Misuse } from "./misuse";

/** The file that `name` means: a path, or where there is no such file, a demo. */
export function programFile(name: string): string {
  if (isFile(name)) return realpathSync(name);
  const demo = findDemo(name);
  if (demo !== undefined) return demo.file;
  if (existsSync(name)) throw new Misuse(`${name} is not a file`);
  const near = [".ts", ".js", ".mts", ".mjs"].map((kind) => name + kind).find(isFile);
  const hint =
    near === undefined ? `; ${command} demos lists the demos` : `; did you mean ${near}?`;
  throw new Misuse(`there is no file ${name === "" ? '""' : name}${hint}`);
}

/** A parser of an option that is a whole number from `least` to `most`. */
export function wholeFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

export const seedNumber = wholeFrom(0, 2 ** 32 - 1);
