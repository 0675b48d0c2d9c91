// How programs find modules: `genix` by name is the running copy, and TypeScript is as good as
// JavaScript. Node has two loaders. The one for CommonJS is changed here; the one for ES modules
// runs hooks, in a thread of its own, which are in esm-hooks.ts.

import Module, { createRequire, register } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MessageChannel, receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { compile, isModule } from "./compile";
import { extension, home, isProgramFile, named, ours, root } from "./copies";
import { keepReaders, withReader } from "../machine/inspect/readers";
import { builtName, type HookData } from "./esm-hooks";

/** Two things of Node's that have no public type, though half of the world builds on them. */
interface Resolver {
  _resolveFilename(request: string, ...rest: unknown[]): string;
}
interface Compiling {
  _compile(code: string, file: string, ...rest: unknown[]): void;
}

let prepared = false;
/** Can the variables of the modules that are loaded be read by a debugger? */
let readable = false;

/** Let a debugger read the variables of the programs that are loaded from here on. */
export function prepareReaders(): void {
  readable = true;
  keepReaders();
  const { prototype } = Module as unknown as { readonly prototype: Compiling };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its module
  const original = prototype._compile;
  prototype._compile = function (this: Compiling, code, file, ...rest) {
    return original.call(this, isProgramFile(file) ? withReader(code, file) : code, file, ...rest);
  };
}

/** Let `require` load programs from here on. */
export function prepareRequire(): void {
  if (prepared) return;
  prepared = true;
  resolveToTheRunningCopy(Module as unknown as Resolver);
  for (const kind of [".ts", ".cts", ".mts"]) {
    // In place of what may be there, not around it: what this returns is compiled already.
    require.extensions[kind] = (module, file) => {
      if (isModule(file)) throw cannotRequire(file);
      (module as unknown as Compiling)._compile(compile(file), file);
    };
  }
}

function resolveToTheRunningCopy(resolver: Resolver): void {
  const original = resolver._resolveFilename.bind(resolver);
  resolver._resolveFilename = (request, ...rest) => {
    const own = named.get(request);
    if (own !== undefined) return own;
    try {
      return ours(original(request, ...rest));
    } catch (error) {
      const source = builtName(request);
      if (source === undefined) throw error;
      try {
        return ours(original(source, ...rest));
      } catch {
        throw error;
      }
    }
  };
}

function cannotRequire(file: string): Error {
  const error = new Error(`${file} is an ES module: it can be imported, but not required`);
  return Object.assign(error, { code: "ERR_REQUIRE_ESM" });
}

/** Through which the hooks tell what they load; null until there are any. */
let news: MessagePort | null = null;

/** Let `import` load programs from here on. */
export function prepareImport(): void {
  if (news !== null) return;
  const { port1, port2 } = new MessageChannel();
  news = port1;
  const running = createRequire(__filename);
  const copies = [...named].map(([specifier, file]) => ({
    specifier,
    file,
    names: Object.keys(running(file) as object).filter((name) => name !== "default"),
  }));
  const data: HookData = { copies, news: port2, readable };
  register(hooks(), { parentURL: pathToFileURL(__filename).href, data, transferList: [port2] });
}

/** The files that were imported since this was last asked. */
export function loadedModules(): string[] {
  const files: string[] = [];
  while (news !== null) {
    const received = receiveMessageOnPort(news) as { message: string } | undefined;
    if (received === undefined) break;
    files.push(received.message);
  }
  return files;
}

/**
 * The hooks as a module that their thread can load by itself, where nothing knows TypeScript yet.
 */
function hooks(): string {
  const lines = [
    `import { createRequire } from "node:module";`,
    `const require = createRequire(${JSON.stringify(__filename)});`,
  ];
  if (extension === ".ts") {
    lines.push(`require(${JSON.stringify(join(root, "scripts", "from-source.js"))});`);
  }
  const file = join(home, "cli", `esm-hooks${extension}`);
  lines.push(`export const { initialize, resolve, load } = require(${JSON.stringify(file)});`);
  return `data:text/javascript,${encodeURIComponent(lines.join("\n"))}`;
}
