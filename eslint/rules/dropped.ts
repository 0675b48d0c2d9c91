// no-dropped-call: `sleep(10);` builds a call and throws it away; `worker();` makes a generator
// that never runs.

import type { Rule } from "eslint";
import { kindOf } from "../kinds";
import { bare, shortened, toNode } from "../nodes";
import { starSuggestion, wrapSuggestion } from "../suggest";

export const dropped: Rule.RuleModule = {
  meta: {
    type: "problem",
    docs: { description: "disallow system calls and generators that are made and never yielded" },
    hasSuggestions: true,
    schema: [],
    messages: {
      call: "{{what}} is built here and never made; write yield* {{what}}",
      program:
        "{{what}} is made here and never runs; write yield* {{what}}, or yield* spawn({{what}})",
      star: "Run it here: yield* {{what}}",
      spawn: "Run it as a task of its own: yield* spawn({{what}})",
    },
  },
  create: (context) => ({
    ExpressionStatement({ expression }) {
      const whole = toNode(expression);
      const isVoid = whole.type === "UnaryExpression" && whole.operator === "void";
      const node = bare(isVoid ? whole.argument : whole);
      const kind = kindOf(context, node);
      if (kind === undefined) return;
      const suggest = starSuggestion(context, node, whole);
      if (kind === "program") suggest.push(...wrapSuggestion(context, node, whole, "spawn"));
      context.report({ node, messageId: kind, data: { what: shortened(context, node) }, suggest });
    },
  }),
};
