// TypeScript to JavaScript, one file at a time and without a look at the types: the editor and tsc
// do that. Used by both of Node's module loaders, each in its own thread; loads the compiler when
// the first file needs it.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { compileFunction } from "node:vm";
import type * as TsNode from "ts-node";
import type * as TypeScript from "typescript";
import { compiledOnce } from "./compiled";
import { theirs } from "./copies";
import { instrument } from "./instrument";

/** At the moment it is needed, and not before: the compiler takes a third of a second to load. */
const load = createRequire(__filename);

let service: TsNode.Service | undefined;

/**
 * The JavaScript of `file`, with its source map inside. The options are those of the project that
 * `file` is in, if it is the first, but for what Node must be able to run. Throws a SyntaxError
 * that names the line.
 */
export function compile(file: string): string {
  try {
    const text = readFileSync(file, "utf8");
    return compiledOnce(file, text, () => {
      service ??= createService(dirname(file));
      return service.compile(text, file);
    });
  } catch (error) {
    throw isTsError(error) ? syntaxError(error, file) : error;
  }
}

function createService(directory: string): TsNode.Service {
  const tsNode = load("ts-node") as typeof TsNode;
  // It maps stacks in a way of its own; Node's does it for all modules alike, and knows those
  // compiled elsewhere.
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  try {
    return tsNode.create({
      cwd: directory,
      transpileOnly: true,
      swc: false,
      pretty: false,
      // Nothing is written, so it does not matter that a project leaves open where to.
      ignoreDiagnostics: [5011],
      // Ours, not the project's: it may have one that ts-node does not know yet.
      compiler: require.resolve("typescript"),
      transformers: { before: [instrument(load("typescript") as typeof TypeScript, theirs)] },
      compilerOptions: {
        module: "NodeNext",
        moduleResolution: "NodeNext",
        target: "ES2022",
        ignoreDeprecations: "6.0",
      },
    });
  } finally {
    Reflect.deleteProperty(Error, "prepareStackTrace");
    if (before !== undefined) Object.defineProperty(Error, "prepareStackTrace", before);
  }
}

function isTsError(error: unknown): error is TsNode.TSError {
  return error instanceof Error && error.name === "TSError";
}

/** As V8 makes them: the stack opens with a line that says where. */
function syntaxError({ diagnostics }: TsNode.TSError, compiling: string): SyntaxError {
  const [{ file, start = 0, messageText } = { messageText: "it does not compile" }] = diagnostics;
  const text = typeof messageText === "string" ? messageText : messageText.messageText;
  const error = new SyntaxError(text);
  const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
  error.stack = `${file?.fileName ?? compiling}${line > 0 ? `:${line}` : ""}\n${error.stack}`;
  return error;
}

/**
 * Is `file` an ES module, by Node's rules: by its extension, else by the `type` of the nearest
 * package.json, else, for JavaScript, by what is in it?
 */
export function isModule(file: string): boolean {
  const kind = extname(file);
  if (/^\.m[jt]s$/.test(kind)) return true;
  if (/^\.c[jt]s$/.test(kind)) return false;
  const type = packageType(dirname(file));
  return type === undefined ? kind === ".js" && usesModuleSyntax(file) : type === "module";
}

function packageType(folder: string): unknown {
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) {
    return folder === dirname(folder) ? undefined : packageType(dirname(folder));
  }
  try {
    return (JSON.parse(readFileSync(manifest, "utf8")) as { type?: unknown }).type;
  } catch {
    return undefined; // Node itself complains about it, and better.
  }
}

/** Does it only make sense as an ES module? */
function usesModuleSyntax(file: string): boolean {
  try {
    compileFunction(readFileSync(file, "utf8"));
    return false;
  } catch (error) {
    return /import statement|import\.meta|token 'export'/.test(String(error));
  }
}
