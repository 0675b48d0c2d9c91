// The names that can be used where a task stands, as whoever wrote the program knows them: without
// the compiler's own, with imports, and told apart by whether they have a value yet.

import { types } from "node:util";
import {
  exportsOf,
  importOf,
  importsOf,
  isConstant,
  isOwn,
  mentions,
  notYetAssigned,
} from "../sources";
import type { LiveFrame, LiveScope } from "./inspector";
import { dataOf } from "./properties";
import { readerOf } from "./readers";

export interface Binding {
  readonly name: string;
  readonly value: unknown;
  /** It is declared further down, so it has no value yet. */
  readonly pending: boolean;
  /** Its value at any later time, for as long as the frame lasts; null if it has to be asked. */
  readonly read: (() => unknown) | null;
  /** Can it get another value only while its frame runs? */
  readonly own: boolean;
}

export interface Bindings {
  readonly kind: LiveScope["kind"];
  readonly bindings: readonly Binding[];
}

/** What Node puts around a CommonJS module, and nobody declared. */
const WRAPPER = new Set(["exports", "require", "module", "__filename", "__dirname"]);

/**
 * The scopes of `frame`, the innermost first, but for those without a name of the program's that
 * is `wanted`.
 */
export function bindingsOf(
  { position, scopes }: LiveFrame,
  wanted: (name: string) => boolean = () => true,
): Bindings[] {
  const pending = notYetAssigned(position);
  const all = scopes.map(({ kind, variables }) => {
    const local = kind === "block" || kind === "local";
    const names = Object.keys(variables).filter((name) => {
      return wanted(name) && isTheirs(position.file, name);
    });
    const bindings = names.map((name): Binding => {
      const isPending = local && pending.has(name);
      const value = variables[name];
      const own = local && isOwn(position.file, name);
      // A block in a loop has another variable of that name in each round.
      const constant = kind !== "block" && !isPending && isConstant(position.file, name);
      const read = constant && value !== undefined ? () => value : null;
      const other = kind === "module" ? readerOf(position.file, name) : null;
      return { name, value, pending: isPending, read: read ?? other, own };
    });
    const imported = kind === "module" ? importsIn(position.file, variables, wanted) : [];
    return { kind, bindings: [...bindings, ...imported] };
  });
  return all.filter(({ bindings }) => bindings.length > 0);
}

function isTheirs(file: string, name: string): boolean {
  return !WRAPPER.has(name) && mentions(file, name);
}

/** What is `genix_1.sleep` to the compiler is `sleep` again, and `exports.total` is `total`. */
function importsIn(
  file: string,
  variables: LiveScope["variables"],
  wanted: (name: string) => boolean,
): Binding[] {
  const names = [...importsOf(file), ...exportsOf(file)];
  const hidden = names.filter((name) => wanted(name) && !Object.hasOwn(variables, name));
  return hidden.flatMap((name) => {
    const { from, name: there } = importOf(file, name) ?? { name };
    const module = variables[from === undefined ? "exports" : moduleVariable(from, variables)];
    if (typeof module !== "object" || module === null || !hasExport(module, there)) return [];
    // The module may change what it exports.
    const read = (): unknown => exportOf(module, there);
    return [{ name, value: read(), pending: false, read, own: false }];
  });
}

/** TypeScript calls what it imports from "./lib/bank.js" `bank_js_1`. */
function moduleVariable(from: string, variables: LiveScope["variables"]): string {
  const base = from.replace(/^.*[\\/]/, "").replace(/\W/g, "_");
  return Object.keys(variables).find((name) => name.replace(/_\d+$/, "") === base) ?? "";
}

/** A type has nothing there. */
function hasExport(module: object, name: string): boolean {
  return !types.isProxy(module) && name in module;
}

/** An index exports by getters that TypeScript wrote: those may be run. */
function exportOf(module: object, name: string): unknown {
  if (dataOf(module, "__esModule") !== true) return dataOf(module, name);
  return Reflect.get(module, name) as unknown;
}
