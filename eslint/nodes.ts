// Syntax trees, as far as the rules look at them: of JavaScript and of TypeScript alike.

import type { Rule } from "eslint";

export type Node = Rule.Node;
export type Context = Rule.RuleContext;

/** Nodes that ESLint's types do not know, because TypeScript's parser makes them. */
interface TypedNode {
  readonly type: string;
  readonly expression?: Node;
}

/** `node` without what changes nothing at run time: `node as T`, `node!`, `node?.()`. */
export function bare(node: object): Node {
  const { type, expression } = node as TypedNode;
  const wraps = /^(TS(As|Satisfies|NonNull)Expression|TSTypeAssertion|ChainExpression)$/.test(type);
  return wraps && expression !== undefined ? bare(expression) : (node as Node);
}

/** What stands around `node`, but for what `bare` leaves out. */
export function around(node: Node): Node | null {
  const { parent } = node;
  return parent === null || bare(parent) === parent ? parent : around(parent);
}

type FunctionNode = Extract<
  Node,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
>;

export function isFunction(node: Node): node is FunctionNode {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

/** The function whose body `node` is in; undefined at the top of a module. */
export function functionAround(node: Node): FunctionNode | undefined {
  for (let up: Node | null = node.parent; up !== null; up = up.parent) {
    if (isFunction(up)) return up;
  }
  return undefined;
}

/** Does any node in `root`, but in the functions within it, satisfy `test`? */
export function some(context: Context, root: Node, test: (node: Node) => boolean): boolean {
  const { visitorKeys } = context.sourceCode;
  return (visitorKeys[root.type] ?? []).some((key) => {
    const value: unknown = Reflect.get(root, key);
    return [value].flat().some((child) => {
      if (!isNode(child) || isFunction(child)) return false;
      return test(child) || some(context, child, test);
    });
  });
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

/** `worker(…)`, for messages. */
export function shortened(context: Context, node: Node): string {
  const text = context.sourceCode.getText(
    node.type === "CallExpression" ? toNode(node.callee) : node,
  );
  const name = text.replace(/\s+/g, " ");
  const short = name.length > 40 ? `${name.slice(0, 39)}…` : name;
  return node.type !== "CallExpression"
    ? short
    : `${short}(${node.arguments.length > 0 ? "…" : ""})`;
}

/** ESLint gives every node its parent; its types say so of few. */
export function toNode(node: object): Node {
  return node as Node;
}
