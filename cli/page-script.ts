// The script of the HTML page as one text: the modules of page/, each in a function, as they are
// when built, or from their sources where nothing is built. A build step less, and the same in a
// clone, in dist/ and in the package.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type Typescript from "typescript";
import type { PageScript } from "../debugger/page/page";

/** What runs in the page. About 70 KB. Throws if the package is not whole. */
export function pageScript(): PageScript {
  const modules = new Map<string, string>();
  const main = add(require.resolve("../page/main"), modules);
  const text = [
    `"use strict";(() => {`,
    "const modules = {",
    ...[...modules.values()],
    "};",
    "const made = {};",
    "const load = (id) => {",
    "  if (!(id in made)) modules[id]((made[id] = {}), load);",
    "  return made[id];",
    "};",
    `load(${main});`,
    "})();",
  ]
    .join("\n")
    // What would end the script, or begin a comment in it, to a parser of HTML.
    .replace(/<(?=\/script|!--)/gi, "\\x3c");
  return { text, hash: createHash("sha256").update(text).digest("base64") };
}

/** Add the module in `file`, and what it imports; returns its number. */
function add(file: string, modules: Map<string, string>): number {
  const known = [...modules.keys()].indexOf(file);
  if (known >= 0) return known;
  const number = modules.size;
  modules.set(file, "");
  const resolve = createRequire(file).resolve;
  const body = codeOf(file).replace(/\brequire\("(\.[^"]*)"\)/g, (_, path: string) => {
    const found = file.endsWith(".ts") ? resolve(`${path}.ts`) : resolve(path);
    return `load(${add(found, modules)})`;
  });
  modules.set(file, `${number}(exports, load) {\n${body}\n},`);
  return number;
}

function codeOf(file: string): string {
  const text = readFileSync(file, "utf8");
  if (!file.endsWith(".ts")) return text.replace(/^\/\/# sourceMappingURL=.*$/m, "");
  // Loaded only here: it takes a third of a second.
  const ts = createRequire(__filename)("typescript") as typeof Typescript;
  const { ModuleKind, ScriptTarget } = ts;
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  return ts.transpileModule(text, { compilerOptions, fileName: file }).outputText;
}
