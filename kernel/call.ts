// A system call as a value: what a program yields to trap into the kernel.
// Knows the shape of a program and of a handler, not what any call does.

import { SystemError } from "./errno";
import type { Kernel } from "./kernel";
import { show } from "./show";
import type { Task } from "./task";
import { pass } from "./trace";

/** What a task runs: a generator that yields system calls and returns `T`. */
export type Program<T = unknown> = Generator<Trap, T, unknown>;

/** What a program may yield: a system call, or bare, a subroutine to call. */
export type Trap = SystemCall<unknown> | Program;

/** What a handler returns instead of a reply when the caller has to wait, or is no more. */
export const BLOCKED: unique symbol = Symbol("blocked");
export type Blocked = typeof BLOCKED;

/**
 * Services one system call for `task`: returns the reply, blocks the caller, or throws a
 * SystemError, which arrives in the task at its `yield`.
 */
export type Handler<A extends Arguments, R> = (
  kernel: Kernel,
  task: Task,
  ...args: A
) => R | Blocked;

/** At most four, so that a call holds them without an array of their own (8 ns a trap). */
type Arguments = [a?: unknown, b?: unknown, c?: unknown, d?: unknown];

type AnyHandler = (
  kernel: Kernel,
  task: Task,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
) => unknown;

type AnyLost = (
  kernel: Kernel,
  task: Task,
  reply: unknown,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
) => void;

/** What is special about a call that may block. */
export interface BlockingOptions<A extends Arguments = Arguments> {
  /**
   * The caller was given `reply`, but KILL came before it ran again: hand what it was given to
   * somebody else. Default: nothing is lost with a reply.
   */
  readonly lost?: (kernel: Kernel, task: Task, reply: unknown, ...args: A) => void;
  /**
   * May it be a case of `select`? Only if it does nothing that can be seen before it replies.
   * Default true.
   */
  readonly selectable?: boolean;
}

/** An argument for the handler's eyes alone: reports leave it out. */
export class Hidden<T> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }
}

/** What all calls of one name share. */
class Definition {
  readonly name: string;
  readonly handler: AnyHandler;
  readonly blocks: boolean;
  readonly selectable: boolean;
  readonly lost: AnyLost | null;

  constructor(name: string, handler: AnyHandler, options: BlockingOptions | null) {
    this.name = name;
    this.handler = handler;
    this.blocks = options !== null;
    this.selectable = options !== null && options.selectable !== false;
    this.lost = (options?.lost as AnyLost | undefined) ?? null;
  }
}

/**
 * Who wants to see every call as it is built, or null. For what the kernel cannot see: a call that
 * is built and never yielded, and where in the program it was built.
 */
export const workshop: { built: ((call: SystemCall<unknown>) => void) | null } = { built: null };

/**
 * One system call, made to be yielded once: `const reply = yield* call`.
 *
 * The object is also its own iterator and its own iterator result. `yield*` asks it twice: the
 * first `next()` hands the call itself to the kernel, the second is the kernel's reply on its way
 * in. A trap so allocates this object and nothing else; a generator as `[Symbol.iterator]` costs
 * twice as much.
 */
export class SystemCall<out R> {
  readonly definition: Definition;
  readonly a: unknown;
  readonly b: unknown;
  readonly c: unknown;
  readonly d: unknown;
  // The iterator result. `value` is the call itself on the way out and the reply on the way in.
  /** Has it been trapped? A second use is an error. */
  done = false;
  value: unknown = undefined;
  /** Phantom: carries R in the type only. */
  declare readonly reply?: R;

  constructor(definition: Definition, a: unknown, b: unknown, c: unknown, d: unknown) {
    this.definition = definition;
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  get name(): string {
    return this.definition.name;
  }

  /** The arguments it was made with; those left out at the end are left out here. */
  get args(): readonly unknown[] {
    const args = [this.a, this.b, this.c, this.d];
    if (this.d instanceof Hidden) args.pop();
    while (args.length > 0 && args[args.length - 1] === undefined) args.pop();
    return args;
  }

  [Symbol.iterator](): Iterator<SystemCall<unknown>, R, unknown> {
    if (this.done) throw this.reused();
    return this as unknown as Iterator<SystemCall<unknown>, R, unknown>;
  }

  next(reply: unknown): this {
    if (this.value === undefined && !this.done) {
      this.value = this;
    } else {
      this.done = true;
      this.value = reply;
    }
    return this;
  }

  // Without these two `yield*` would turn every error the kernel throws into a TypeError.

  throw(error: unknown): never {
    // Here, and only here, the line of the task that trapped is on the native stack.
    if (SystemError.is(error)) error.trace();
    if (this.definition.name === "call") pass(error);
    throw error;
  }

  return(value: unknown): { done: true; value: unknown } {
    return { done: true, value };
  }

  reused(): SystemError {
    const text = `${this.toString()} was already made once; build a new call each time`;
    return new SystemError("EINVAL", text);
  }

  toString(): string {
    return `${this.name}(${this.args.map(show).join(", ")})`;
  }
}

/** Declare a system call that replies at once. Returns its typed constructor. */
export function syscall<A extends Arguments, R>(
  name: string,
  handler: Handler<A, R>,
): (...args: A) => SystemCall<R> {
  return define(name, handler, null);
}

/**
 * Declare a system call that may block. A signal that is pending when the task makes it is
 * delivered in its place, before the handler runs, so nothing is half done.
 */
export function blockingCall<A extends Arguments, R>(
  name: string,
  handler: Handler<A, R>,
  // Not plain A: what the arguments are the handler alone says, `lost` may leave some out.
  options: BlockingOptions<A & {}> = {},
): (...args: A) => SystemCall<R> {
  return define(name, handler, options as BlockingOptions);
}

function define<A extends Arguments, R>(
  name: string,
  handler: Handler<A, R>,
  options: BlockingOptions | null,
) {
  const definition = new Definition(name, handler as unknown as AnyHandler, options);
  const build = (a?: unknown, b?: unknown, c?: unknown, d?: unknown): SystemCall<R> => {
    const call = new SystemCall<R>(definition, a, b, c, d);
    if (workshop.built !== null) workshop.built(call);
    return call;
  };
  return build as (...args: A) => SystemCall<R>;
}

/** What all generators inherit from; so they share one `next`. */
const generators = Object.getPrototypeOf(function* () {}.prototype) as {
  readonly next: (this: Program, reply: unknown) => IteratorResult<Trap>;
};
const { next } = generators;

/** `program.next(reply)`; looking that up costs 7 ns where programs of many kinds run. */
export function resume(program: Program, reply: unknown): IteratorResult<Trap> {
  return next.call(program, reply);
}

/** Is `value` something a task can run: a generator, not an async one, not a function? */
export function isProgram(value: unknown): value is Program {
  if (typeof value !== "object" || value === null) return false;
  // The tag takes 12 ns longer, but the prototype is another one in each of the host's realms.
  if (Object.prototype.isPrototypeOf.call(generators, value)) return true;
  return (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === "Generator";
}
