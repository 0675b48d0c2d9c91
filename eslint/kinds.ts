// What an expression makes: a system call, a generator, or neither. And which generators are tasks.

import { calls, programs, runners } from "./names";
import { genixName, localFunction } from "./names-in-scope";
import { bare, functionAround, isFunction, some, toNode, type Context, type Node } from "./nodes";
import { typeKind } from "./types";

/** Both do nothing until they are yielded. */
export type Kind = "call" | "program";

/** What `expression` makes, by name and, where there are types, by type. */
export function kindOf(context: Context, expression: object): Kind | undefined {
  const node = bare(expression);
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return undefined;
  const callee = bare(node.callee);
  const name = genixName(context, callee);
  if (name !== undefined && calls.has(name)) return "call";
  if (name !== undefined && programs.has(name)) return "program";
  const local = localFunction(context, callee);
  if (local !== undefined && isFunction(local) && local.generator && !local.async) return "program";
  return typeKind(context, node);
}

/** Is `node`, a function, given to genix to be run as a task? */
export function isGivenToGenix(context: Context, node: Node): boolean {
  const { parent } = node;
  if (parent?.type !== "CallExpression" || parent.callee === node) return false;
  const name = genixName(context, bare(parent.callee));
  return name !== undefined && runners.has(name);
}

/**
 * The generator function that `node` is directly in, if a task runs it: it says that it is a
 * Program, is given to genix, or makes a system call. Other generators may yield what they like.
 */
export function taskAround(context: Context, node: Node): Node | undefined {
  const around = functionAround(node);
  if (around === undefined || !around.generator || around.async === true) return undefined;
  return isTask(context, around) ? around : undefined;
}

const known = new WeakMap<Node, boolean>();

function isTask(context: Context, generator: Node): boolean {
  let answer = known.get(generator);
  if (answer === undefined) {
    const declared = returnTypeOf(generator);
    answer =
      declared === "Program" ||
      isGivenToGenix(context, generator) ||
      // A Receiver, or whatever else it says that it is, is something else.
      (/^(Generator)?$/.test(declared) &&
        some(context, generator, (node) => makesCall(context, node)));
    known.set(generator, answer);
  }
  return answer;
}

function makesCall(context: Context, node: Node): boolean {
  if (node.type !== "YieldExpression" || !node.argument) return false;
  return kindOf(context, toNode(node.argument)) === "call";
}

interface Annotated {
  readonly returnType?: {
    readonly typeAnnotation?: { readonly typeName?: { readonly name?: string } };
  };
}

/** `Program` of `function* main(): Program<void>`; empty if it does not say. */
function returnTypeOf(generator: Node): string {
  return (generator as Annotated).returnType?.typeAnnotation?.typeName?.name ?? "";
}
