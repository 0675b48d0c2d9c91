// The ESLint plugin: what is forgotten around generators, found before the program runs. Its rules
// know genix's calls by name, and everything else by its type, where the parser offers types.
// Imports nothing of genix: it has to load where only ESLint runs.

import type { Linter, Rule } from "eslint";
import { asyncTask } from "./rules/async-task";
import { dropped } from "./rules/dropped";
import { foreignYield } from "./rules/foreign-yield";
import { returned } from "./rules/returned";
import { yieldStar } from "./rules/yield-star";

export const meta: { readonly name: string } = { name: "genix" };

/** Each rule's name, without the `genix/` that configurations put before it. */
export const rules: Record<string, Rule.RuleModule> = {
  "no-dropped-call": dropped,
  "no-returned-call": returned,
  "no-async-task": asyncTask,
  "no-foreign-yield": foreignYield,
  "use-yield-star": yieldStar,
};

/**
 * All rules, as an element of a flat configuration: `export default [genix.recommended]`. Add
 * `settings: { genix: { modules: ["./my-calls"] } }` to have more modules count as genix itself.
 */
export const recommended: Linter.Config = {
  name: "genix/recommended",
  plugins: { genix: { meta, rules } },
  rules: {
    "genix/no-dropped-call": "error",
    "genix/no-returned-call": "error",
    "genix/no-async-task": "error",
    "genix/no-foreign-yield": "error",
    "genix/use-yield-star": "error",
  },
};
