// no-async-task: a task is a plain generator function. What is async runs beside the kernel, which
// can neither stop it nor see it; and `await` makes no system call.

import type { Rule } from "eslint";
import { isGivenToGenix, kindOf } from "../kinds";
import { genixName, localFunction } from "../names-in-scope";
import { runners } from "../names";
import { bare, functionAround, isFunction, shortened, type Context, type Node } from "../nodes";

export const asyncTask: Rule.RuleModule = {
  meta: {
    type: "problem",
    docs: { description: "disallow async functions as tasks, and await for system calls" },
    schema: [],
    messages: {
      given:
        "{{runner}} takes a generator function, not an async one; write function* and yield* promise(p)",
      awaited: "await makes no system call: only a task can, with yield* {{what}}",
      within: "a task is function*, not async function*; wait for promises with yield* promise(p)",
    },
  },
  create: (context) => ({
    CallExpression(call) {
      const runner = genixName(context, bare(call.callee));
      if (runner === undefined || !runners.has(runner)) return;
      const given = call.arguments.map(bare).find((argument) => isAsync(context, argument));
      if (given === undefined) return;
      context.report({ node: given, messageId: "given", data: { runner } });
    },
    AwaitExpression({ argument }) {
      const node = bare(argument);
      if (kindOf(context, node) === undefined) return;
      context.report({ node, messageId: "awaited", data: { what: shortened(context, node) } });
    },
    YieldExpression(expression) {
      const around = functionAround(expression);
      if (around?.async !== true || isGivenToGenix(context, around)) return;
      if (!expression.argument || kindOf(context, expression.argument) !== "call") return;
      context.report({ node: expression, messageId: "within" });
    },
  }),
};

function isAsync(context: Context, argument: Node): boolean {
  const value = argument.type === "Identifier" ? localFunction(context, argument) : argument;
  return value !== undefined && isFunction(value) && value.async === true;
}
