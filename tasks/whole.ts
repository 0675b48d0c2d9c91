// The check of a count that a program gives.

import { show, SystemError } from "../syscalls";

/** `n`, which is to be a whole number from `least` up. Throws EINVAL, naming `what`. */
export function whole(what: string, n: number, least: number): number {
  if (Number.isInteger(n) && n >= least) return n;
  const fix = `give a whole number from ${least} up`;
  throw new SystemError("EINVAL", `${what}: n is ${show(n)}; ${fix}`);
}
