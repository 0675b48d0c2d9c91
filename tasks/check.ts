// The check of an argument that a program gives. Every refusal reads alike: where it was given, the
// value, what it should be, and what to give instead.

import { show, SystemError } from "../syscalls";

/** Throws EINVAL unless `holds`: `grace: -1 is no duration; give milliseconds from 0 up`. */
export function demand(holds: boolean, where: string, value: unknown, wanted: string): void {
  if (!holds) throw new SystemError("EINVAL", `${where}: ${show(value)} is no ${wanted}`);
}

/** Is it a whole number from `least` up? */
export function isWhole(value: unknown, least: number): boolean {
  return Number.isInteger(value) && (value as number) >= least;
}

/** Is it a number of milliseconds? Infinity is one. */
export function isDuration(value: unknown): boolean {
  return typeof value === "number" && value >= 0;
}

export const DURATION = "duration; give milliseconds from 0 up";
