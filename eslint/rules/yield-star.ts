// use-yield-star: `const x = yield read(fd)` gets the reply, but typed unknown; `yield*` types it.
// A bare yield whose value nobody uses is as good, and stays; so does all JavaScript.

import type { Rule } from "eslint";
import { kindOf, taskAround } from "../kinds";
import { around, bare, shortened, type Context } from "../nodes";

export const yieldStar: Rule.RuleModule = {
  meta: {
    type: "problem",
    docs: { description: "require yield* where the value of a call or a subroutine is used" },
    fixable: "code",
    schema: [],
    messages: {
      star: "the value of yield {{what}} has no type; write yield* {{what}}",
    },
  },
  create: (context) => ({
    YieldExpression(expression) {
      if (expression.delegate || !expression.argument || !isTypeScript(context)) return;
      if (around(expression)?.type === "ExpressionStatement") return;
      const node = bare(expression.argument);
      if (kindOf(context, node) === undefined) return;
      if (taskAround(context, expression) === undefined) return;
      const keyword = context.sourceCode.getFirstToken(expression);
      context.report({
        node: expression,
        messageId: "star",
        data: { what: shortened(context, node) },
        // The same reply; only the type is another.
        fix: (fixer) => (keyword === null ? null : fixer.insertTextAfter(keyword, "*")),
      });
    },
  }),
};

function isTypeScript({ filename }: Context): boolean {
  return /\.[cm]?tsx?$/.test(filename);
}
