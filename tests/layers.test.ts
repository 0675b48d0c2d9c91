// The layers of ARCHITECTURE.md are kept by lint rules: an import that skips one is refused, however
// deep in its folder a file lies.

import { Linter } from "eslint";

const config = jest.requireActual<readonly Linter.Config[]>("../eslint.config.js");
const gates = config.filter(({ rules = {} }) => "no-restricted-imports" in rules);

function refusals(file: string, imported: string): string[] {
  const found = new Linter().verify(`import "${imported}";`, gates, file);
  return found.map(({ message }) => message.replace(/.* pattern\. /, ""));
}

test.each([
  ["kernel/kernel.ts", "../syscalls", "kernel/ may not import syscalls/"],
  ["debugger/look.ts", "../machine/place", "debugger/ may not import machine/"],
  ["debugger/recording/player.ts", "../../machine/place", "debugger/ may not import machine/"],
  ["debugger/top/order.ts", "../../cli/load", "debugger/ may not import cli/"],
  ["debugger/top/order.ts", "node:fs", "debugger/ may not see Node"],
  ["machine/inspect/viewer.ts", "../../debugger", "machine/ may not import debugger/"],
  ["cli/debug/session.ts", "../../tasks", "cli/ may not import tasks/"],
])("%s may not import %s", (file, imported, refusal) => {
  expect(refusals(file, imported)).toEqual([expect.stringContaining(refusal)]);
});

test.each([
  ["debugger/look.ts", "../kernel"],
  ["debugger/recording/player.ts", "../../kernel"],
  // A folder of its own, though a layer has that name, too.
  ["debugger/commands/shell.ts", "../page/style"],
  ["machine/inspect/viewer.ts", "node:inspector"],
  ["cli/debug/session.ts", "../../debugger"],
])("%s may import %s", (file, imported) => {
  expect(refusals(file, imported)).toEqual([]);
});
