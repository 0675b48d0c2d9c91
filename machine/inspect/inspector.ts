// One conversation with the host's debugger interface, kept open, so that a question costs some 60
// us. It is asked from inside the process about generators that are suspended, and resumes none;
// what it tells of their variables are the live values, to look at and not to change.

import { Session, type Debugger, type Runtime } from "node:inspector";
import { runInThisContext } from "node:vm";
import { original, type Place } from "../place";
import { answerTo, asArgument, nameIn, PATIENCE, primitive } from "./answers";

export interface Position extends Place {
  /** The generator function's name; empty if it has none. */
  readonly name: string;
}

/** Where a generator stands in the script that runs: lines and columns count from 0. */
export interface Site {
  readonly name: string;
  readonly script: string;
  readonly line: number;
  readonly column: number;
}

/** Variables as they are now. A scope is a copy, but what its values point to is the program's. */
export interface LiveScope {
  readonly kind: "block" | "local" | "closure" | "module";
  readonly variables: Readonly<Record<string, unknown>>;
}

/** All that can be seen from where a generator stands; the innermost scope first. */
export interface LiveFrame {
  readonly position: Position;
  /** What `this` is in it. */
  readonly self: unknown;
  readonly scopes: readonly LiveScope[];
}

/** Values pass through here in both directions: the interface can only name what it has seen. */
interface Box {
  value: unknown;
  scopes: ArrayLike<{ readonly description: string; readonly object: object }>;
}

/** Under which the box is shown to the interface, for a moment. */
const SHOWCASE = "genix.inspected";
const SHOWN = `globalThis["${SHOWCASE}"]`;
/** The interface's handles of one question, let go of together. */
const GROUP = "genix";

/** What the types do not know yet. */
interface Private {
  readonly privateProperties?: Pick<Runtime.PropertyDescriptor, "name" | "value">[];
}

type Internals = ReadonlyMap<string, Runtime.RemoteObject | undefined>;

export class Inspector {
  readonly #session = new Session();
  readonly #scripts = new Map<string, string>();
  readonly #places = new Map<string, Place>();
  readonly #box: Box = { value: undefined, scopes: [] };
  readonly #boxId: string;

  /** Opens the conversation: 20 ms, most of it for a list of the scripts. */
  constructor() {
    this.#session.connect();
    this.#session.on("Debugger.scriptParsed", ({ params }) => {
      this.#scripts.set(params.scriptId, params.url);
    });
    this.#readScripts();
    this.#boxId = this.#shown(this.#box, { expression: SHOWN }).result.objectId ?? "";
  }

  close(): void {
    this.#session.disconnect();
  }

  /**
   * Where each of `generators` is suspended: at the `yield` it last came to, or at its start.
   * Undefined for one that has ended, runs, or is no generator of the language's own.
   */
  positions(generators: readonly unknown[]): (Position | undefined)[] {
    return this.sites(generators).map((site) => site && this.#position(site));
  }

  /** As `positions`, in the scripts that run, and not in what they were made from. */
  sites(generators: readonly unknown[]): (Site | undefined)[] {
    try {
      const [only] = generators;
      const ids = generators.length === 1 ? [this.#idOf(only)] : this.#idsOf(generators);
      return ids.map((id) => (id === undefined ? id : this.#site(this.#internals(id))));
    } finally {
      this.#release();
    }
  }

  /** All that can be seen from where `generator` stands; undefined where `positions` is. */
  look(generator: unknown): LiveFrame | undefined {
    try {
      const id = this.#idOf(generator);
      const internals = id === undefined ? undefined : this.#internals(id);
      const site = internals && this.#site(internals);
      if (internals === undefined || site === undefined) return undefined;
      const [self, scopes] = [internals.get("[[GeneratorReceiver]]"), internals.get("[[Scopes]]")];
      const take = "function (self, scopes) { this.value = self; this.scopes = scopes; }";
      this.#call(take, [asArgument(self), asArgument(scopes)]);
      const seen = toScopes(this.#box.scopes);
      return { position: this.#position(site), self: this.#box.value, scopes: seen };
    } finally {
      this.#release();
    }
  }

  /**
   * The value of the function whose text this is, called with `argument`. It may look, but what
   * would change anything throws an EvalError, what does not end a TimeoutError.
   */
  evaluate(functionText: string, argument: unknown): unknown {
    this.#box.value = argument;
    try {
      const { result, exceptionDetails } = this.#guarded(functionText);
      if (exceptionDetails === undefined) return (this.#fetch(result) as [unknown])[0];
      throw this.#fetch(exceptionDetails.exception ?? { type: "undefined" });
    } finally {
      this.#release();
    }
  }

  /** The private fields of `value`, `#balance`, which the language lets nobody else see. */
  privateFields(value: object): [name: string, value: unknown][] {
    try {
      const id = this.#idOf(value);
      if (id === undefined) return [];
      const { privateProperties: fields = [] } = this.#propertiesOf(id);
      return fields.flatMap(({ name, value }) =>
        value === undefined ? [] : [[name, this.#fetch(value)]],
      );
    } finally {
      this.#release();
    }
  }

  #readScripts(): void {
    this.#session.post("Debugger.enable");
    // It makes the program slower, so it is not left on.
    this.#session.post("Debugger.disable");
  }

  /** Only in this way the interface stops what does not end. In an array no long text is sent. */
  #guarded(functionText: string): Runtime.EvaluateReturnType {
    const expression = `[(${functionText}).call(${SHOWN}.value.self, ${SHOWN}.value)]`;
    const limits = { objectGroup: GROUP, throwOnSideEffect: true, timeout: PATIENCE };
    return this.#shown(this.#box, { expression, ...limits });
  }

  #shown(box: Box, question: Runtime.EvaluateParameterType): Runtime.EvaluateReturnType {
    // The interface looks in the main context; under jest this is another.
    const host = runInThisContext("globalThis") as object;
    Reflect.set(host, SHOWCASE, box);
    try {
      return answerTo((done) => this.#session.post("Runtime.evaluate", question, done));
    } finally {
      Reflect.deleteProperty(host, SHOWCASE);
    }
  }

  #call(
    functionDeclaration: string,
    args: Runtime.CallArgument[] = [],
  ): Runtime.CallFunctionOnReturnType {
    const question = {
      functionDeclaration,
      objectId: this.#boxId,
      arguments: args,
      objectGroup: GROUP,
    };
    return answerTo((done) => this.#session.post("Runtime.callFunctionOn", question, done));
  }

  #propertiesOf(objectId: string): Runtime.GetPropertiesReturnType & Private {
    const question = { objectId, ownProperties: true };
    return answerTo((done) => this.#session.post("Runtime.getProperties", question, done));
  }

  /** The interface's handle for `value`; none for what is no object. */
  #idOf(value: unknown): string | undefined {
    this.#box.value = value;
    return this.#call("function () { return this.value }").result.objectId;
  }

  #idsOf(values: readonly unknown[]): (string | undefined)[] {
    const items = this.#propertiesOf(this.#idOf(values) ?? "").result;
    // An array's own properties come in their order, its length last.
    return values.map((_, index) => items[index]?.value?.objectId);
  }

  #internals(id: string): Internals {
    const { internalProperties = [] } = this.#propertiesOf(id);
    return new Map(internalProperties.map(({ name, value }) => [name, value]));
  }

  #site(internals: Internals): Site | undefined {
    if (internals.get("[[GeneratorState]]")?.value !== "suspended") return undefined;
    const at = internals.get("[[GeneratorLocation]]")?.value as Debugger.Location | undefined;
    if (at === undefined) return undefined;
    if (!this.#scripts.has(at.scriptId)) this.#readScripts();
    const script = this.#scripts.get(at.scriptId);
    if (script === undefined) return undefined;
    const name = nameIn(internals.get("[[GeneratorFunction]]")?.description ?? "");
    return { name, script, line: at.lineNumber, column: at.columnNumber ?? 0 };
  }

  #position({ name, script, line, column }: Site): Position {
    const key = `${line}:${column}:${script}`;
    let place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, (place = original(script, line, column)));
    return { name, ...place };
  }

  /** The value itself that the interface speaks of. */
  #fetch(remote: Runtime.RemoteObject): unknown {
    if (remote.objectId === undefined) return primitive(remote);
    this.#call("function (value) { this.value = value }", [asArgument(remote)]);
    return this.#box.value;
  }

  #release(): void {
    this.#box.value = undefined;
    this.#box.scopes = [];
    this.#session.post("Runtime.releaseObjectGroup", { objectGroup: GROUP });
  }
}

/** The interface calls them `Block (worker)`; what a CommonJS file declares is a closure to it. */
function toScopes(entries: Box["scopes"]): LiveScope[] {
  const seen = Array.from(entries).filter(({ description }) => !/^Global/.test(description));
  const outermost = seen.map(({ description }) => description).lastIndexOf("Closure");
  return seen.map(({ description, object }, index) => ({
    kind: index === outermost ? "module" : kindOf(description),
    variables: object as Record<string, unknown>,
  }));
}

function kindOf(description: string): LiveScope["kind"] {
  if (/^(Local|Eval)/.test(description)) return "local";
  if (/^Closure/.test(description)) return "closure";
  return /^(Module|Script)/.test(description) ? "module" : "block";
}
