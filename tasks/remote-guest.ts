// The far end of a remote target: runs in a thread or process of its own, builds the coroutine
// there, and does what the frames from the near end, in remote.ts, say. Answers every order with
// one reply. There is no kernel here; it imports little, so that it starts quickly.

import type { Guest, GuestHost, GuestMain } from "../syscalls";
import { coroutine, type Receiver, type Target } from "./coroutine";
import { frame, Unframer } from "./frames";
import { firstLine } from "./report";

export type Order =
  | Start
  | { readonly kind: "send"; readonly value: unknown }
  | {
      readonly kind: "throw";
      readonly error: Omit<ErrorText, "stack"> | { readonly value: unknown };
    }
  | { readonly kind: "close" };

interface Start {
  readonly kind: "start";
  readonly module: string;
  readonly entry: string;
  readonly args: readonly unknown[];
}

/** What became of an order; after anything but "took" the target has ended and takes no more. */
export type Reply =
  { readonly kind: "took" | "returned" } | { readonly kind: "threw"; readonly error: ErrorText };

/** An error as it crosses. */
export interface ErrorText {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Of an error that a system call of the near end shall fail with. */
  readonly errno?: string;
}

type Body = (...args: readonly unknown[]) => Receiver<unknown>;

/** Longer texts are cut: no error shall be too long for the stream. */
const LONGEST_TEXT = 4000;

class TargetGuest implements Guest {
  readonly #host: GuestHost;
  readonly #orders = new Unframer();
  #target: Target<unknown> | null = null;
  /** Its last reply: it has ended. It stays until the near end has heard that, or is gone. */
  #last: Reply | null = null;
  #done = false;

  constructor(host: GuestHost) {
    this.#host = host;
  }

  receive(bytes: Uint8Array): void {
    for (const order of this.#orders.push(bytes) as Order[]) this.#obey(order);
  }

  /** Whoever had it has died, or let go of it. */
  hangUp(): void {
    if (this.#done) return;
    this.#done = true;
    if (this.#last === null) this.#attempt(() => this.#target?.close());
    if (this.#last?.kind === "threw") {
      const { stack } = this.#last.error;
      this.#host.report(`a remote target threw, and nobody was left to hear it: ${stack}`);
    }
    this.#host.end();
  }

  #obey(order: Order): void {
    // After its end what is sent is lost; the near end knows how much that is.
    if (this.#last === null) this.#carryOut(order);
    if (order.kind === "close") {
      this.#done = true;
      this.#host.end();
    }
  }

  #carryOut(order: Order): void {
    switch (order.kind) {
      case "start":
        return this.#start(order);
      case "send":
        return this.#answer(() => this.#target?.send(order.value));
      case "throw":
        return this.#answer(() => this.#target?.throw(remake(order.error)));
      case "close":
        return this.#answer(() => this.#target?.close());
    }
  }

  #start({ module, entry, args }: Start): void {
    const build = (exports: unknown): void => {
      this.#target = coroutine(bodyOf(exports, module, entry))(...args);
    };
    this.#host.load(
      module,
      (exports) => this.#answer(() => build(exports)),
      (error) => this.#answer(() => fail(error)),
    );
  }

  #answer(work: () => void): void {
    if (this.#done) return;
    this.#host.send(frame(this.#attempt(work)));
  }

  #attempt(work: () => void): Reply {
    try {
      work();
    } catch (error) {
      return (this.#last = { kind: "threw", error: textOf(error) });
    }
    if (this.#target?.ended === false) return { kind: "took" };
    return (this.#last = { kind: "returned" });
  }
}

export const guest: GuestMain = (host) => new TargetGuest(host);

function fail(error: unknown): never {
  throw error;
}

function bodyOf(exports: unknown, module: string, entry: string): Body {
  const value = (exports as Record<string, unknown> | null | undefined)?.[entry];
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === "GeneratorFunction") return value as Body;
  const what = value === undefined ? "nothing" : `of type ${tag}`;
  const names = Object.keys(exports ?? {}).join(", ") || "nothing at all";
  const message = `the export "${entry}" of ${module} is ${what}, and no generator function`;
  throw Object.assign(new TypeError(), {
    errno: "EINVAL",
    message: `${message}; the module exports ${names}`,
  });
}

/** The error that was thrown into the near end, as far as it crossed. */
function remake(thrown: (Order & { kind: "throw" })["error"]): unknown {
  if ("value" in thrown) return thrown.value;
  const { name, message } = thrown;
  return Object.assign(new Error(message), { name });
}

/** Never throws, whatever was thrown. */
function textOf(thrown: unknown): ErrorText {
  try {
    return textIn(thrown);
  } catch {
    return { name: "", message: firstLine(thrown), stack: "" };
  }
}

function textIn(thrown: unknown): ErrorText {
  const error = (typeof thrown === "object" ? thrown : null) as Partial<Error> | null;
  const { name = "", message = String(thrown), stack = "" } = error ?? {};
  // A system error's message names its errno too, and a call that the near end never made.
  const { errno, detail = message } = (error ?? {}) as { errno?: unknown; detail?: string };
  const text = { name: cut(name), message: cut(detail), stack: cut(stack) };
  return typeof errno === "string" ? { ...text, errno } : text;
}

function cut(text: unknown): string {
  const whole = String(text);
  return whole.length > LONGEST_TEXT ? `${whole.slice(0, LONGEST_TEXT)}…` : whole;
}
