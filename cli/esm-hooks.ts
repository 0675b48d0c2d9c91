// The hooks of Node's loader for ES modules. They run in a thread of their own: nothing here may
// use the running kernel, or be told anything but HookData.

import { fileURLToPath, pathToFileURL } from "node:url";
import type { MessagePort } from "node:worker_threads";
import { withReader } from "../machine/inspect/readers";
import { compile, isModule } from "./compile";
import { isProgramFile } from "./copies";

export interface HookData {
  /** The modules of the running copy that programs import by name, with what each exports. */
  readonly copies: readonly {
    readonly specifier: string;
    readonly file: string;
    readonly names: readonly string[];
  }[];
  /** Where to post the path of every file that is loaded. */
  readonly news: MessagePort;
  /** Can a debugger read the variables of programs? */
  readonly readable: boolean;
}

interface Context {
  readonly parentURL?: string;
}
interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
  readonly shortCircuit?: boolean;
}
interface Loaded {
  readonly format: string;
  readonly source?: unknown;
  readonly shortCircuit?: boolean;
}

/** Of the addresses under which the hooks offer the running copy. */
const SCHEME = "genix:";

const sources = new Map<string, string>();

let news: MessagePort | undefined;
let readable = false;

export function initialize(data: HookData): void {
  ({ news, readable } = data);
  for (const { specifier, file, names } of data.copies) sources.set(specifier, bridge(file, names));
}

/**
 * An ES module that exports what the CommonJS module `file` does: not a copy of it, the same
 * things.
 */
function bridge(file: string, names: readonly string[]): string {
  return [
    `import { createRequire } from "node:module";`,
    `const copy = createRequire(${JSON.stringify(pathToFileURL(file).href)})(${JSON.stringify(file)});`,
    `export default copy;`,
    `export const { ${names.join(", ")} } = copy;`,
  ].join("\n");
}

export async function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Promise<Resolved>,
): Promise<Resolved> {
  if (sources.has(specifier))
    return { url: SCHEME + specifier, format: "module", shortCircuit: true };
  try {
    return await next(specifier, context);
  } catch (error) {
    const source = builtName(specifier);
    if (source === undefined) throw error;
    return await next(source, context).catch(() => {
      throw error;
    });
  }
}

export async function load(
  url: string,
  context: Context,
  next: (url: string, context: Context) => Promise<Loaded>,
): Promise<Loaded> {
  if (url.startsWith(SCHEME)) {
    return { format: "module", source: sources.get(url.slice(SCHEME.length)), shortCircuit: true };
  }
  if (!url.startsWith("file:")) return next(url, context);
  const file = fileURLToPath(url);
  news?.postMessage(file);
  if (!/\.[cm]?ts$/.test(file)) {
    const loaded = await next(url, context);
    if (!readable) return loaded;
    const { format, source } = loaded;
    if (format !== "module" || source === undefined || source === null) return loaded;
    const text = typeof source === "string" ? source : new TextDecoder().decode(source as Buffer);
    return { ...loaded, source: legible(text, file) };
  }
  // Without a source, Node requires it, in the thread of the program.
  if (!isModule(file)) return { format: "commonjs", shortCircuit: true };
  return { format: "module", source: legible(compile(file), file), shortCircuit: true };
}

function legible(code: string, file: string): string {
  return readable && isProgramFile(file) ? withReader(code, file) : code;
}

/**
 * TypeScript has an import name the file that will be: `./worker.js` for worker.ts. The file that
 * is, or undefined.
 */
export function builtName(request: string): string | undefined {
  return /^(\.|\/|file:).*\.[cm]?js$/.test(request) ? request.replace(/js$/, "ts") : undefined;
}
