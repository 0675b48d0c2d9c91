// Text that comes from programs, made fit to be shown: on one line, not too long, no control codes.

/** What would move the cursor, change colours or break a document. */
const UNFIT = /\p{Cc}|[\ufffe\uffff]|\p{Surrogate}|[\u2028-\u202e\u2066-\u2069]/gu;

/** `text` on one line of at most `most` characters; what is cut off leaves an ellipsis. */
export function oneLine(text: string, most: number): string {
  // A name may be a novel; what cannot be shown is not looked at.
  const head = text.slice(0, 4 * most + 4);
  const chars = [...head.replace(/[\s\u2028\u2029]+/g, " ").replace(UNFIT, "\ufffd")];
  if (chars.length <= most && head.length === text.length) return chars.join("");
  return `${chars.slice(0, Math.max(0, most - 1)).join("")}…`;
}

/** The last part of a path, to be shown. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
