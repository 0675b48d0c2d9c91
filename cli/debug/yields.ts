// The lines of a source that have a yield: a task can stand there and nowhere else.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as TypeScript from "typescript";
import { isFile } from "../load";
import { Misuse, shown } from "../misuse";

/** In order. Throws a Misuse when `file` cannot be read. */
export function yieldLines(file: string): readonly number[] {
  const ts = createRequire(__filename)("typescript") as typeof TypeScript;
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest);
  const lines = new Set<number>();
  const visit = (node: TypeScript.Node): void => {
    if (ts.isYieldExpression(node)) {
      lines.add(source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...lines].sort((a, b) => a - b);
}

function textOf(file: string): string {
  try {
    // A device or a pipe might never end.
    if (isFile(file)) return readFileSync(file, "utf8");
  } catch {
    // As below.
  }
  throw new Misuse(`${shown(file)} cannot be read`);
}
