// The lists of names that the rules know are those of the package.

import { join } from "node:path";
import ts from "typescript";
import { calls, programs, runners } from "../../eslint/names";
import * as genix from "../../index";

/** The exports of the package by what they return: the name of its type. */
function exportsByReturnType(): Map<string, string[]> {
  const index = join(__dirname, "..", "..", "index.ts");
  const options = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: ["node"],
    noEmit: true,
  };
  const program = ts.createProgram([index], options);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(index)!)!;
  const byType = new Map<string, string[]>();
  for (const symbol of checker.getExportsOfModule(module)) {
    const signatures = checker.getTypeOfSymbol(symbol).getCallSignatures();
    const [type = ""] = signatures.map((one) => one.getReturnType().getSymbol()?.getName() ?? "");
    byType.set(type, [...(byType.get(type) ?? []), symbol.name]);
  }
  return byType;
}

test("they are all that returns a system call or a generator; add a new one to eslint/names.ts", () => {
  const byType = exportsByReturnType();
  expect([...calls].sort()).toEqual(byType.get("SystemCall")?.sort());
  expect([...programs].sort()).toEqual(byType.get("Generator")?.sort());
});

test.each([...runners])("%s, which runs what it is given, is exported", (name) => {
  expect(genix).toHaveProperty(name);
});
