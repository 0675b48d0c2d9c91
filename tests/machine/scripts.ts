// Programs in JavaScript, each in a file of its own, with the lines as they are written: jest knows
// nothing of Node's source maps.

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileFunction } from "node:vm";

type Makers = Record<string, (...args: unknown[]) => Generator>;

export class Scripts {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "genix-scripts-")));

  file(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): string {
    writeFileSync(this.file(name), text);
    return this.file(name);
  }

  /** What the file `name`, which holds `text`, returns, given the `names`. */
  load(name: string, text: string, names: Readonly<Record<string, unknown>> = {}): Makers {
    const file = this.write(name, text);
    const run = compileFunction(text, Object.keys(names), { filename: file });
    return Reflect.apply(run, undefined, Object.values(names)) as Makers;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** `generator`, resumed so many times. */
export function started(generator: Generator | undefined, steps = 1): Generator {
  if (generator === undefined) throw new Error("there is no such generator");
  for (let i = 0; i < steps; i++) generator.next();
  return generator;
}
