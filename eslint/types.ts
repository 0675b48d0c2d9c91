// What TypeScript says of an expression, where the parser brought types along. Uses the parser's
// own answers: no compiler is loaded for this.

import type { Kind } from "./kinds";
import type { Context, Node } from "./nodes";

interface Type {
  getSymbol(): { getName(): string } | undefined;
  isUnion?(): boolean;
  readonly types?: readonly Type[];
}

interface Services {
  getTypeAtLocation?(node: Node): Type;
  readonly program?: object | null;
}

export function typeKind(context: Context, node: Node): Kind | undefined {
  const type = typeOf(context, node);
  const parts = type?.isUnion?.() === true ? (type.types ?? []) : type ? [type] : [];
  const kinds = parts.map((part) => kindByName(part.getSymbol()?.getName()));
  return kinds.length > 0 && kinds.every((kind) => kind === kinds[0]) ? kinds[0] : undefined;
}

/** Is `node` a promise, by its type? */
export function isPromiseTyped(context: Context, node: Node): boolean {
  return typeOf(context, node)?.getSymbol()?.getName() === "Promise";
}

function kindByName(name: string | undefined): Kind | undefined {
  if (name === "SystemCall") return "call";
  return name === "Generator" ? "program" : undefined;
}

function typeOf({ sourceCode }: Context, node: Node): Type | undefined {
  const services = sourceCode.parserServices as Services | undefined;
  // Without `program` the parser only offers to complain that there are no types.
  if (!services?.program || services.getTypeAtLocation === undefined) return undefined;
  return services.getTypeAtLocation(node);
}
