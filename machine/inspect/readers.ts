// What a module's own variables are worth now, without asking the host's debugger interface: each
// module of a program that is debugged gets one line more, at its end, which leaves a function here
// that can see them. It changes nothing and is called by nobody but the debugger.

import { runInThisContext } from "node:vm";

/** The global symbol under which modules leave it. */
const READERS = "genix.readers";

/** Evaluates a text in the module's scope. */
type See = (text: string) => unknown;

interface Module {
  readonly see: See;
  /** A generator that stands in the module, and was never begun. */
  readonly stand: object;
}

const modules = new Map<string, Module>();
const readers = new Map<string, () => unknown>();

/** Take what the modules leave that are loaded from here on. */
export function keepReaders(): void {
  const keep = (file: string, see: See, stand: object): void =>
    void modules.set(file, { see, stand });
  // Programs run in the main context; under jest this is another.
  const host = runInThisContext("globalThis") as object;
  Object.defineProperty(host, Symbol.for(READERS), { value: keep, configurable: true });
}

/** `code`, the module in `file`, with that line. */
export function withReader(code: string, file: string): string {
  const keep = `globalThis[Symbol.for(${JSON.stringify(READERS)})]`;
  const see = "(text) => eval(text), (function* () {})()";
  return `${code}\n;${keep}?.(${JSON.stringify(file)}, ${see});`;
}

/** A generator from which all that the module in `file` declares can be seen; or null. */
export function standIn(file: string): object | null {
  return modules.get(file)?.stand ?? null;
}

/** Returns the value of the variable `name` of `file`, whenever it is called; null: ask. */
export function readerOf(file: string, name: string): (() => unknown) | null {
  const see = modules.get(file)?.see;
  if (see === undefined) return null;
  const key = `${file}\n${name}`;
  let reader = readers.get(key);
  if (reader === undefined) readers.set(key, (reader = see(`() => ${name}`) as () => unknown));
  return reader;
}
