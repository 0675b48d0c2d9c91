// What a run wrote and a replay wrote otherwise, in words: both sides, from a little before the
// place where they part.

import { show } from "../../kernel";
import { fromBytes } from "./bytes";
import type { Difference } from "./trace-check";

/** So much of what goes to the terminal is in a recording, in bytes. */
const KEPT = 200;
/** So much is shown of what both sides have in common, in characters. */
const COMMON = 12;

/** The beginning of `bytes`, if that is text. */
export function beginning(bytes: Uint8Array): { readonly text?: string } {
  const coded = fromBytes(bytes.subarray(0, KEPT));
  return "text" in coded ? coded : {};
}

/** `bytes` were written to `device` in the place of `was`. */
export function otherBytes(
  device: string,
  was: { readonly took: number; readonly text?: string },
  bytes: Uint8Array,
): Difference {
  const { text } = beginning(bytes);
  if (was.text === undefined || text === undefined || was.text === text) {
    const recorded = `${was.took} other bytes were written to ${device}`;
    return { recorded, replayed: `${show(bytes)} was written` };
  }
  const { recorded, replayed } = bothSides(was.text, text);
  return { recorded: `${recorded} was written to ${device}`, replayed: `${replayed} was written` };
}

/** Two texts that differ. */
export function bothSides(recorded: string, replayed: string): Difference {
  let common = 0;
  while (common < recorded.length && recorded[common] === replayed[common]) common += 1;
  const from = Math.max(0, common - COMMON);
  const part = (text: string): string => show(`${from > 0 ? "…" : ""}${text.slice(from)}`);
  return { recorded: part(recorded), replayed: part(replayed) };
}
