// A transformer for the compiler: in a program's own tasks, notes that a generator was made, and
// that it runs. The language lets nobody see a generator being made, but a parameter's initialiser
// runs then, and the body not before it is first resumed. What changes nothing else is changed:
// see `leavesTraces`.

import type * as TypeScript from "typescript";

/** The global symbol under which the notes are taken; `Notes` in never-run.ts. */
export const NOTES = "genix.notes";

type Ts = typeof TypeScript;
type Task =
  TypeScript.FunctionDeclaration | TypeScript.FunctionExpression | TypeScript.MethodDeclaration;

/** The transformer, for files that `isTheirs`. */
export function instrument(
  ts: Ts,
  isTheirs: (file: string) => boolean,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return (context) => (source) => {
    const calls = isTheirs(source.fileName) ? namesFromGenix(ts, source) : new Set<string>();
    if (calls.size === 0) return source;
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      const visited = ts.visitEachChild(node, visit, context);
      if (!isTask(ts, node, calls) || leavesTraces(ts, node)) return visited;
      return withNotes(ts, visited as Task, node.name?.getText(source) ?? "a generator");
    };
    return ts.visitEachChild(source, visit, context);
  };
}

/** What the file imports from genix. */
function namesFromGenix(ts: Ts, source: TypeScript.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const { moduleSpecifier, importClause } = statement;
    if (!ts.isStringLiteral(moduleSpecifier) || moduleSpecifier.text !== "genix") continue;
    const bindings = importClause?.namedBindings;
    if (bindings === undefined) continue;
    if (ts.isNamespaceImport(bindings)) names.add(bindings.name.text);
    else for (const { name } of bindings.elements) names.add(name.text);
  }
  return names;
}

/** Is `node` a generator that says it is a Program, or makes a system call? */
function isTask(ts: Ts, node: TypeScript.Node, calls: ReadonlySet<string>): node is Task {
  if (!ts.isFunctionDeclaration(node) && !ts.isFunctionExpression(node)) {
    if (!ts.isMethodDeclaration(node)) return false;
  }
  const { asteriskToken, body, modifiers, type } = node;
  if (asteriskToken === undefined || body === undefined) return false;
  if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true) return false;
  if (type !== undefined && ts.isTypeReferenceNode(type)) {
    return ts.isIdentifier(type.typeName) && type.typeName.text === "Program";
  }
  return some(ts, body, (inner) => yieldsCall(ts, inner, calls));
}

/** `yield* sleep(1)`, `yield* genix.sleep(1)` */
function yieldsCall(ts: Ts, node: TypeScript.Node, calls: ReadonlySet<string>): boolean {
  if (!ts.isYieldExpression(node) || node.expression === undefined) return false;
  if (!ts.isCallExpression(node.expression)) return false;
  const { expression: callee } = node.expression;
  const first = ts.isPropertyAccessExpression(callee) ? callee.expression : callee;
  return ts.isIdentifier(first) && calls.has(first.text);
}

/**
 * Would one parameter more change what it does? After a rest parameter none can stand; the object
 * `arguments` and a "use strict" of its own do not go with an initialiser.
 */
function leavesTraces(ts: Ts, { parameters, body }: Task): boolean {
  if (body === undefined || parameters.some((one) => one.dotDotDotToken !== undefined)) return true;
  const [first] = body.statements;
  if (first && ts.isExpressionStatement(first) && ts.isStringLiteral(first.expression)) return true;
  const isArguments = (node: TypeScript.Node): boolean =>
    ts.isIdentifier(node) && node.text === "arguments";
  return [...parameters, body].some((part) => some(ts, part, isArguments));
}

/** Does any node in `root`, but for functions with a `this` of their own, satisfy `test`? */
function some(ts: Ts, root: TypeScript.Node, test: (node: TypeScript.Node) => boolean): boolean {
  const found = ts.forEachChild(root, (node) => {
    if (test(node)) return true;
    return ts.isFunctionLike(node) && !ts.isArrowFunction(node) ? false : some(ts, node, test);
  });
  return found === true;
}

/** `function* f(a, note = notes?.made("f")) { notes?.runs(note); … }` */
function withNotes(ts: Ts, task: Task, name: string): Task {
  const { factory } = ts;
  const note = factory.createUniqueName("note");
  const made = take(ts, "made", factory.createStringLiteral(name));
  const runs = factory.createExpressionStatement(take(ts, "runs", note));
  const last = factory.createParameterDeclaration([], undefined, note, undefined, undefined, made);
  const statements = [runs, ...(task.body?.statements ?? [])];
  return update(ts, task, [...task.parameters, last], factory.createBlock(statements, true));
}

/** `globalThis[Symbol.for("genix.notes")]?.made("worker")` */
function take({ factory, SyntaxKind }: Ts, method: string, argument: TypeScript.Expression) {
  const symbol = factory.createPropertyAccessExpression(factory.createIdentifier("Symbol"), "for");
  const notes = factory.createElementAccessExpression(
    factory.createIdentifier("globalThis"),
    factory.createCallExpression(symbol, undefined, [factory.createStringLiteral(NOTES)]),
  );
  const optional = factory.createToken(SyntaxKind.QuestionDotToken);
  const callee = factory.createPropertyAccessChain(notes, optional, method);
  return factory.createCallChain(callee, undefined, undefined, [argument]);
}

function update(
  ts: Ts,
  task: Task,
  parameters: readonly TypeScript.ParameterDeclaration[],
  body: TypeScript.Block,
): Task {
  const { factory } = ts;
  const { modifiers, asteriskToken: star, typeParameters, type } = task;
  if (ts.isMethodDeclaration(task)) {
    const { name, questionToken: optional } = task;
    // prettier-ignore
    return factory.updateMethodDeclaration(
      task, modifiers, star, name, optional, typeParameters, parameters, type, body);
  }
  const { name } = task;
  if (ts.isFunctionDeclaration(task)) {
    // prettier-ignore
    return factory.updateFunctionDeclaration(
      task, modifiers, star, name, typeParameters, parameters, type, body);
  }
  const only = task.modifiers;
  // prettier-ignore
  return factory.updateFunctionExpression(
    task, only, star, task.name, typeParameters, parameters, type, body);
}
