// no-returned-call: `return sleep(10)` in a task returns the call, unmade, as its value.

import type { Rule } from "eslint";
import { kindOf, taskAround } from "../kinds";
import { bare, functionAround, shortened } from "../nodes";
import { starSuggestion } from "../suggest";

export const returned: Rule.RuleModule = {
  meta: {
    type: "problem",
    docs: { description: "disallow tasks that return a system call or a generator they never ran" },
    hasSuggestions: true,
    schema: [],
    messages: {
      call: "{{what}} is returned without having been made; write return yield* {{what}}",
      program: "{{what}} is returned without having run; write return yield* {{what}}",
      star: "Run it and return its value: return yield* {{what}}",
    },
  },
  create: (context) => ({
    ReturnStatement(statement) {
      if (!statement.argument) return;
      const node = bare(statement.argument);
      const kind = kindOf(context, node);
      if (kind === undefined || functionAround(node)?.generator !== true) return;
      // A generator that is no task may well make others.
      if (kind === "program" && taskAround(context, statement) === undefined) return;
      context.report({
        node,
        messageId: kind,
        data: { what: shortened(context, node) },
        suggest: starSuggestion(context, node, node),
      });
    },
  }),
};
