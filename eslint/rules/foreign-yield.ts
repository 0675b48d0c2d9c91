// no-foreign-yield: a task may yield system calls and subroutines. Anything else is an error that
// the kernel throws at the yield; this says so before.

import type { Rule } from "eslint";
import { taskAround } from "../kinds";
import { localFunction } from "../names-in-scope";
import { bare, isFunction, shortened, toNode, type Context, type Node } from "../nodes";
import { wrapSuggestion } from "../suggest";
import { isPromiseTyped } from "../types";

export const foreignYield: Rule.RuleModule = {
  meta: {
    type: "problem",
    docs: { description: "disallow tasks to yield what is no system call" },
    hasSuggestions: true,
    schema: [],
    messages: {
      promised: "a task cannot yield a promise; write yield* promise({{what}})",
      list: "a task cannot yield an array; make its calls one by one, or in tasks of their own",
      code: "a task cannot yield a function; call it, or write yield* spawn(…)",
      value: "a task cannot yield {{what}}: it is no system call",
      nothing: "a task cannot yield nothing; to give up the CPU write yield* yieldCpu()",
      promise: "Wait for it: yield* promise({{what}})",
    },
  },
  create: (context) => ({
    YieldExpression(expression) {
      if (expression.delegate) return;
      const node = expression.argument ? bare(expression.argument) : undefined;
      const messageId = node === undefined ? "nothing" : problem(context, node);
      if (messageId === undefined || taskAround(context, expression) === undefined) return;
      const what = node === undefined ? "" : shortened(context, node);
      const suggest =
        node !== undefined && messageId === "promised"
          ? wrapSuggestion(context, node, expression, "promise")
          : [];
      context.report({ node: expression, messageId, data: { what }, suggest });
    },
  }),
};

function problem(context: Context, node: Node): string | undefined {
  if (isFunction(node)) return "code";
  if (node.type === "ArrayExpression") return "list";
  if (/^(Literal|TemplateLiteral|ObjectExpression)$/.test(node.type)) return "value";
  if (isPromise(context, node)) return "promised";
  return node.type === "Identifier" && localFunction(context, node) ? "code" : undefined;
}

function isPromise(context: Context, node: Node): boolean {
  if (node.type === "ImportExpression") return true;
  if (node.type !== "CallExpression" && node.type !== "NewExpression") {
    return isPromiseTyped(context, node);
  }
  const callee = bare(node.callee);
  if (callee.type === "Identifier" && callee.name === "Promise") return true;
  if (callee.type === "MemberExpression") {
    const object = toNode(callee.object);
    if (object.type === "Identifier" && object.name === "Promise") return true;
  }
  const local = localFunction(context, callee);
  if (local !== undefined && isFunction(local) && local.async && !local.generator) return true;
  return isPromiseTyped(context, node);
}
