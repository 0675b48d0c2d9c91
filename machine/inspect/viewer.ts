// What a debugger shows of a frame: scopes with variables on one line each, what is inside them,
// and the values of expressions. Plain data goes out; what it stands for is kept under a number
// until the program runs on. Runs no code of the program's but in expressions that may only look.

import { bindingsOf, type Binding, type Bindings } from "./bindings";
import { Expression, type Extra } from "./expression";
import type { Inspector, LiveScope } from "./inspector";
import { hasParts, partsOf } from "./parts";
import { preview, typeName } from "./preview";

export interface Variable {
  readonly name: string;
  /** On one line. */
  readonly value: string;
  readonly type: string;
  /** For `expand`; 0 when there is nothing inside. */
  readonly ref: number;
  /** How an expression goes on to it, if not by its name: `.get("ann")`; "" if it cannot. */
  readonly access?: string;
}

export interface Scope {
  readonly kind: LiveScope["kind"];
  readonly variables: readonly Variable[];
}

export class Viewer {
  readonly #inspector: Inspector;
  readonly #kept = new Map<number, unknown>();
  #last = 0;

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  /** The scopes seen from where `generator` is suspended, innermost first; none if it is not. */
  scopes(generator: unknown): Scope[] {
    const frame = this.#inspector.look(generator);
    if (frame === undefined) return [];
    const { self } = frame;
    const own: Binding = { name: "this", value: self, pending: false, read: null, own: true };
    const scopes = bindingsOf(frame);
    return (self === undefined || self === globalThis ? scopes : withThis(scopes, own)).map(
      ({ kind, bindings }) => ({ kind, variables: bindings.map((one) => this.#binding(one)) }),
    );
  }

  /** What is inside the variable with this `ref`. Throws when the program has run on since. */
  expand(ref: number): Variable[] {
    if (!this.#kept.has(ref)) {
      throw new Error(`nothing is kept under ${ref} any more: the program has run on; ask again`);
    }
    const { first, more } = partsOf(this.#inspector, this.#kept.get(ref));
    const variables = first.map(({ name, value, getter, access }) => ({
      ...(getter ? plain(name, "(getter, not run)") : this.variable(name, value)),
      ...(access !== undefined && { access }),
    }));
    return more === 0 ? variables : [...variables, { ...plain("…", `${more} more`), access: "" }];
  }

  /**
   * The value of `expression` where `generator` is suspended, or with null anywhere, and with the
   * names in `extra`. Throws an error of one line for what it throws, and what would change
   * anything.
   */
  evaluate(expression: string, generator: unknown, extra: Extra = {}): Variable {
    return this.variable(expression, this.reference(expression, generator, extra));
  }

  /** As `evaluate`; the value itself. */
  reference(expression: string, generator: unknown, extra: Extra = {}): unknown {
    return new Expression(this.#inspector, expression).value(generator, extra);
  }

  /** A value that somebody holds, to be shown and expanded. */
  variable(name: string, value: unknown): Variable {
    const ref = hasParts(value) ? (this.#last += 1) : 0;
    if (ref > 0) this.#kept.set(ref, value);
    return { name, value: preview(value), type: typeName(value), ref };
  }

  /** The program runs on: what was shown is no longer true. */
  forget(): void {
    this.#kept.clear();
  }

  #binding({ name, value, pending }: Binding): Variable {
    return pending ? plain(name, "(not yet assigned)") : this.variable(name, value);
  }
}

/** `this` is the function's, so it stands with its parameters. */
function withThis(scopes: Bindings[], own: Binding): Bindings[] {
  const local = scopes.findIndex(({ kind }) => kind === "local");
  if (local < 0) return [...scopes, { kind: "local", bindings: [own] }];
  return scopes.map((scope, index) =>
    index === local ? { ...scope, bindings: [own, ...scope.bindings] } : scope,
  );
}

function plain(name: string, value: string): Variable {
  return { name, value, type: "", ref: 0 };
}
