// The arguments of a request, which come from outside: each is looked at before it is used. Knows
// nothing of what they are for.

import { show } from "../../kernel";

/** A request that cannot be served; its message is the answer, and tells the user why. */
export class Refusal extends Error {}

/**
 * One that could be served at another time. Clients ask much by themselves, and about a program
 * that has moved on meanwhile: no user needs to be told.
 */
export class Untimely extends Refusal {}

export class Fields {
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(values: unknown) {
    const there = typeof values === "object" && values !== null;
    this.#values = new Map<string, unknown>(there ? Object.entries(values) : []);
  }

  has(name: string): boolean {
    return this.#values.get(name) !== undefined && this.#values.get(name) !== null;
  }

  text(name: string, absent?: string): string {
    return this.#get(name, "a string", absent, (value) => typeof value === "string");
  }

  flag(name: string, absent: boolean): boolean {
    return this.#get(name, "true or false", absent, (value) => typeof value === "boolean");
  }

  /** A whole number from 0. */
  count(name: string, absent?: number): number {
    return this.#get(name, "a whole number from 0", absent, isCount);
  }

  texts(name: string): readonly string[] {
    return this.#get(name, "a list of strings", [], isTexts);
  }

  counts(name: string): readonly number[] {
    return this.#get(name, "a list of whole numbers", [], isCounts);
  }

  /** A list of objects. */
  each(name: string): readonly Fields[] {
    return this.#get(name, "a list", [], isList).map((item) => new Fields(item));
  }

  inside(name: string): Fields {
    return new Fields(this.#values.get(name));
  }

  #get<T>(
    name: string,
    kind: string,
    absent: T | undefined,
    is: (value: unknown) => value is T,
  ): T {
    const value = this.#values.get(name);
    if (value === undefined || value === null) {
      if (absent !== undefined) return absent;
      throw new Refusal(`${name} is missing; it is ${kind}`);
    }
    if (is(value)) return value;
    throw new Refusal(`${name} is ${show(value)}; it has to be ${kind}`);
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isCounts(value: unknown): value is readonly number[] {
  return isList(value) && value.every(isCount);
}

function isTexts(value: unknown): value is readonly string[] {
  return isList(value) && value.every((item) => typeof item === "string");
}
