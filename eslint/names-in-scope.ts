// What a name in a program means, without types: something imported from genix, or a function of
// the same file.

import type { Scope } from "eslint";
import { bare, isFunction, toNode, type Context, type Node } from "./nodes";

/** The name under which genix exports what `callee` is; undefined if it is not genix's. */
export function genixName(context: Context, callee: Node): string | undefined {
  if (callee.type === "Identifier") return exportOf(context, lookUp(context, callee.name, callee));
  if (callee.type !== "MemberExpression" || callee.computed) return undefined;
  const { object, property } = callee;
  if (object.type !== "Identifier" || property.type !== "Identifier") return undefined;
  const module = lookUp(context, object.name, callee);
  return exportOf(context, module) === "*" ? property.name : undefined;
}

/** The function of this file that `callee` names, if it is never anything else. */
export function localFunction(context: Context, callee: Node): Node | undefined {
  if (callee.type !== "Identifier") return undefined;
  const [definition, ...more] = lookUp(context, callee.name, callee)?.defs ?? [];
  if (definition === undefined || more.length > 0) return undefined;
  if (definition.type === "FunctionName") return toNode(definition.node);
  if (definition.type !== "Variable" || definition.parent?.kind !== "const") return undefined;
  const { init, id } = definition.node;
  if (!init || id.type !== "Identifier") return undefined;
  const value = bare(init);
  return isFunction(value) ? value : undefined;
}

/** What `name` means at `node`. */
export function lookUp(context: Context, name: string, node: Node): Scope.Variable | undefined {
  let scope: Scope.Scope | null = context.sourceCode.getScope(node);
  for (; scope !== null; scope = scope.upper) {
    const variable = scope.set.get(name);
    if (variable !== undefined) return variable;
  }
  return undefined;
}

/** What `variable` is called where genix exports it; "*" is the module as a whole. */
export function exportOf(context: Context, variable?: Scope.Variable): string | undefined {
  const definition = variable?.defs[0];
  if (definition?.type === "ImportBinding") {
    const from = definition.parent?.source.value;
    if (!isGenix(context, from)) return undefined;
    const { node } = definition;
    if (node.type !== "ImportSpecifier") return "*";
    return node.imported.type === "Identifier" ? node.imported.name : undefined;
  }
  if (definition?.type !== "Variable" || !isGenix(context, required(definition.node.init))) {
    return undefined;
  }
  const { id } = definition.node;
  return id.type === "ObjectPattern" ? keyOf(id, definition.name) : "*";
}

/** `"genix"` of `require("genix")`. */
function required(init: object | null | undefined): unknown {
  if (init === null || init === undefined) return undefined;
  const value = bare(init);
  if (value.type !== "CallExpression" || value.callee.type !== "Identifier") return undefined;
  const [module] = value.arguments;
  return value.callee.name === "require" && module?.type === "Literal" ? module.value : undefined;
}

interface ObjectPattern {
  readonly properties: readonly object[];
}

/** `sleep` of `{ sleep: pause }` for `pause`. */
function keyOf(pattern: ObjectPattern, name: object): string | undefined {
  for (const property of pattern.properties.map(toNode)) {
    if (property.type !== "Property" || property.value !== name) continue;
    return property.key.type === "Identifier" ? property.key.name : undefined;
  }
  return undefined;
}

function isGenix({ settings }: Context, module: unknown): boolean {
  if (typeof module !== "string") return false;
  if (module === "genix" || module.startsWith("genix/")) return true;
  const { modules } = (settings["genix"] ?? {}) as { readonly modules?: readonly string[] };
  return modules?.includes(module) === true;
}
