// Loads a program: a module whose default export is a generator function that takes argv. What can
// be wrong with a module that is not the program's own doing becomes a Misuse, in one line.

import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, extname } from "node:path";
import { pathToFileURL } from "node:url";
import { show, type Program } from "../kernel";
import { shown } from "../machine/place";
import { isModule } from "./compile";
import { explain } from "./explain";
import { Misuse } from "./misuse";
import { prepareImport, prepareRequire } from "./modules";

export interface Loaded {
  readonly main: (argv: string[]) => Program;
  /** What `ps` calls it: its function's name, or its file's. */
  readonly name: string;
}

/**
 * Load the program in `file`, an absolute path. Throws a Misuse, or what the module itself throws.
 */
export async function loadProgram(file: string): Promise<Loaded> {
  const main = defaultExport(await loadModule(file));
  if (!isGeneratorFunction(main))
    throw new Misuse(`${shown(file)}: ${describeExport(main)}; ${FIX}`);
  // An anonymous default export is called what the language or the compiler calls it.
  const named = main.name !== "" && !/^default(_\d+)?$/.test(main.name);
  return { main, name: named ? main.name : basename(file, extname(file)) };
}

/** Load the module in `file`, whichever kind it is: its exports. */
export async function loadModule(file: string): Promise<unknown> {
  prepareRequire();
  prepareImport();
  try {
    if (!isModule(file)) return createRequire(file)(file) as unknown;
    return await orNever(import(pathToFileURL(file).href), file);
  } catch (error) {
    throw explain(error, file);
  }
}

/** A module that waits for what never comes: Node would end the process then, and say nothing. */
function orNever(module: Promise<unknown>, file: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const never = (): void => reject(new Misuse(`${shown(file)}: its top-level await never ends`));
    process.once("beforeExit", never);
    void module.then(resolve, reject).finally(() => process.off("beforeExit", never));
  });
}

export function isFile(name: string): boolean {
  const stat = statSync(name, { throwIfNoEntry: false });
  return stat?.isFile() === true;
}

/** `module.exports = …` will do too, where `exports.default = …` is how TypeScript writes it. */
function defaultExport(exports: unknown): unknown {
  if (typeof exports !== "object" || exports === null) return exports;
  return (exports as { default?: unknown }).default;
}

const FIX = "a program is a module with: export default function* main(argv) { … }";

type GeneratorFunction = (argv: string[]) => Program;

function isGeneratorFunction(value: unknown): value is GeneratorFunction {
  return kindOf(value) === "GeneratorFunction";
}

function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function describeExport(value: unknown): string {
  if (value === undefined) return "it has no default export";
  switch (kindOf(value)) {
    case "AsyncFunction":
      return "its default export is an async function; to wait for a promise use yield* promise(p)";
    case "AsyncGeneratorFunction":
      return "its default export is an async generator function; leave out the async";
    case "Generator":
      return "its default export is a generator, made already; export its function";
    case "Function":
      return `its default export is a ${/^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "plain function"}`;
    default:
      return `its default export is ${show(value)}`;
  }
}
