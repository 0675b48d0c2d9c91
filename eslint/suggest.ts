// The corrections that rules suggest. They change what a program does, so none is applied unasked.

import type { Rule } from "eslint";
import { exportOf, lookUp } from "./names-in-scope";
import { functionAround, shortened, type Context, type Node } from "./nodes";

type Suggestions = Rule.SuggestionReportDescriptor[];

/** `yield* node` in place of `whole`, where that can stand: directly in a generator. */
export function starSuggestion(context: Context, node: Node, whole: Node): Suggestions {
  return replace(context, node, whole, "star", `yield* ${context.sourceCode.getText(node)}`);
}

/** `yield* wrapper(node)` in place of `whole`, if the wrapper is there under its own name. */
export function wrapSuggestion(
  context: Context,
  node: Node,
  whole: Node,
  wrapper: "spawn" | "promise",
): Suggestions {
  if (exportOf(context, lookUp(context, wrapper, node)) !== wrapper) return [];
  const text = `yield* ${wrapper}(${context.sourceCode.getText(node)})`;
  return replace(context, node, whole, wrapper, text);
}

function replace(
  context: Context,
  node: Node,
  whole: Node,
  messageId: string,
  text: string,
): Suggestions {
  const around = functionAround(whole);
  if (around?.generator !== true || around.async === true) return [];
  const data = { what: shortened(context, node) };
  return [{ messageId, data, fix: (fixer) => fixer.replaceText(whole, text) }];
}
