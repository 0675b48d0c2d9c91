// The facts that a syntax tree holds of a file. Pure functions of the tree; sources.ts has the
// files.

import type * as TypeScript from "typescript";

type Ts = typeof TypeScript;

export interface Facts {
  /** In the order in which they begin. */
  readonly yields: readonly TypeScript.YieldExpression[];
  /** Every name that is assigned to after its declaration, in any scope. */
  readonly assigned: ReadonlySet<string>;
  /** Those that a function assigns to which has not declared them itself. */
  readonly shared: ReadonlySet<string>;
  /** By the name they have here. */
  readonly imports: ReadonlyMap<string, { readonly from: string; readonly name: string }>;
  /** The variables that it exports where it declares them. */
  readonly exported: readonly string[];
  /** Every identifier. */
  readonly words: ReadonlySet<string>;
}

export function collect(ts: Ts, source: TypeScript.SourceFile): Facts {
  const yields: TypeScript.YieldExpression[] = [];
  const [assigned, shared, words] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const visit = (node: TypeScript.Node): void => {
    if (ts.isIdentifier(node)) words.add(node.text);
    if (ts.isYieldExpression(node)) yields.push(node);
    for (const target of targetsIn(ts, node)) {
      const names = new Set<string>();
      addNames(ts, target, names);
      for (const name of names) {
        assigned.add(name);
        if (!isDeclaredNear(ts, node, name)) shared.add(name);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const exported = exportedBy(ts, source);
  return { yields, assigned, shared, words, exported, imports: importsIn(ts, source) };
}

/** What `node` itself assigns to: `x = 1`, `x++`, `for (x of …)`, `var x = 1`. */
function targetsIn(ts: Ts, node: TypeScript.Node): TypeScript.Node[] {
  const { FirstAssignment, LastAssignment, PlusPlusToken, MinusMinusToken } = ts.SyntaxKind;
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    return kind >= FirstAssignment && kind <= LastAssignment ? [node.left] : [];
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const counts = node.operator === PlusPlusToken || node.operator === MinusMinusToken;
    return counts ? [node.operand] : [];
  }
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return [node.initializer];
  const isVar = ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0;
  return isVar ? node.declarations.map(({ name }) => name) : [];
}

/** Does the function that `node` is in declare `name`, so that it can be seen there? */
function isDeclaredNear(ts: Ts, node: TypeScript.Node, name: string): boolean {
  for (let at: TypeScript.Node | undefined = node; at !== undefined; at = at.parent) {
    const names = new Set<string>();
    const own = ts.isFunctionLike(at) ? [...at.parameters] : scopeOf(ts, at);
    for (const declaration of own) {
      const declared = ts.getNameOfDeclaration(declaration);
      if (declared !== undefined) addNames(ts, declared, names);
    }
    if (names.has(name)) return true;
    if (ts.isFunctionLike(at)) return false;
  }
  return false;
}

/** What `node` itself declares by let, const and class. */
function scopeOf(ts: Ts, node: TypeScript.Node): TypeScript.Declaration[] {
  const isLoop = ts.isForOfStatement(node) || ts.isForInStatement(node);
  return isLoop ? lexical(ts, node.initializer) : declarationsIn(ts, node);
}

/** The names in a declaration's pattern; of an assignment's a few too many, as its keys. */
function addNames(ts: Ts, target: TypeScript.Node, names: Set<string>): void {
  if (ts.isIdentifier(target)) names.add(target.text);
  else if (ts.isBindingElement(target)) addNames(ts, target.name, names);
  else if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target)) {
    ts.forEachChild(target, (child) => addNames(ts, child, names));
  }
}

function exportedBy(ts: Ts, { statements }: TypeScript.SourceFile): string[] {
  const names = new Set<string>();
  for (const statement of statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const isExported = statement.modifiers?.some(
      ({ kind }) => kind === ts.SyntaxKind.ExportKeyword,
    );
    if (isExported !== true) continue;
    for (const { name } of statement.declarationList.declarations) addNames(ts, name, names);
  }
  return [...names];
}

function importsIn(ts: Ts, source: TypeScript.SourceFile): Facts["imports"] {
  const imports = new Map<string, { from: string; name: string }>();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const { importClause: clause, moduleSpecifier } = statement;
    if (clause === undefined || !ts.isStringLiteral(moduleSpecifier)) continue;
    const from = moduleSpecifier.text;
    if (clause.name !== undefined) imports.set(clause.name.text, { from, name: "default" });
    const bindings = clause.namedBindings;
    if (bindings === undefined || ts.isNamespaceImport(bindings)) continue;
    for (const { name, propertyName } of bindings.elements) {
      imports.set(name.text, { from, name: (propertyName ?? name).text });
    }
  }
  return imports;
}

/** The names that the function around `at` has declared in scopes around `at`, but later. */
export function pendingAt(ts: Ts, source: TypeScript.SourceFile, at: number): Set<string> {
  const names = new Set<string>();
  let node: TypeScript.Node | undefined = innermost(ts, source, at);
  for (; node !== undefined && !ts.isFunctionLike(node); node = node.parent) {
    for (const declaration of laterIn(ts, node, at)) {
      const name = ts.getNameOfDeclaration(declaration);
      if (name !== undefined) addNames(ts, name, names);
    }
  }
  return names;
}

/** The smallest node around `at`; of a function that has not begun, its body. */
function innermost(ts: Ts, root: TypeScript.Node, at: number): TypeScript.Node {
  const child = ts.forEachChild(root, (node) =>
    node.pos <= at && at < node.end ? node : undefined,
  );
  if (child !== undefined) return innermost(ts, child, at);
  const { body } = root as TypeScript.FunctionLikeDeclaration;
  return ts.isFunctionLike(root) && body !== undefined ? body : root;
}

/** What `node` itself declares by let, const and class, and has not at the place `at` in it. */
function laterIn(ts: Ts, node: TypeScript.Node, at: number): TypeScript.Declaration[] {
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) {
    return at < node.expression.end ? lexical(ts, node.initializer) : [];
  }
  return declarationsIn(ts, node).filter(({ end }) => end > at);
}

function declarationsIn(ts: Ts, node: TypeScript.Node): TypeScript.Declaration[] {
  if (ts.isForStatement(node)) return lexical(ts, node.initializer);
  const block = ts.isBlock(node) || ts.isCaseClause(node) || ts.isDefaultClause(node);
  if (!block) return [];
  return node.statements.flatMap((statement): TypeScript.Declaration[] => {
    if (ts.isClassDeclaration(statement)) return [statement];
    return ts.isVariableStatement(statement) ? lexical(ts, statement.declarationList) : [];
  });
}

function lexical(ts: Ts, list: TypeScript.Node | undefined): TypeScript.Declaration[] {
  if (list === undefined || !ts.isVariableDeclarationList(list)) return [];
  return (list.flags & ts.NodeFlags.BlockScoped) === 0 ? [] : [...list.declarations];
}
