// Text that comes from programs, made fit to be shown: on one line, not too long, no control codes.

/** What would move the cursor, change colours, turn the text around or break a document. */
const UNFIT = /\p{Cc}|[\ufffe\uffff]|\p{Surrogate}|[\u2028-\u202e\u2066-\u2069]/gu;

/** `text` with nothing in it that a terminal or a browser would obey. */
export function harmless(text: string): string {
  return text.replace(UNFIT, "\ufffd");
}

/** `text` on one line of at most `most` columns; what is cut off leaves an ellipsis. */
export function oneLine(text: string, most: number): string {
  // A name may be a novel; what cannot be shown is not looked at.
  const head = text.slice(0, 4 * most + 4);
  const line = harmless(head.replace(/[\s\u2028\u2029]+/g, " "));
  return head.length === text.length ? cut(line, most) : `${startOf(line, most - 1)}…`;
}

/** Two columns wide in a terminal: what is written in East Asia, and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** None wide: what is put on the character before. */
const NONE = /\p{M}|[\u200b-\u200f]/u;

/** How many columns of a terminal `text` takes, which is harmless. */
export function columnsOf(text: string): number {
  // Most names, and the only ones that many tasks have.
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const char of text) if (!NONE.test(char)) columns += WIDE.test(char) ? 2 : 1;
  return columns;
}

/** `text`, which is harmless, in at most `most` columns; what is cut off leaves an ellipsis. */
export function cut(text: string, most: number): string {
  return columnsOf(text) <= most ? text : `${startOf(text, most - 1)}…`;
}

/** As much of the beginning of `text` as fits in so many columns. */
function startOf(text: string, columns: number): string {
  let [start, used] = ["", 0];
  for (const char of text) {
    used += columnsOf(char);
    if (used > columns) break;
    start += char;
  }
  return start;
}

/** `text`, which is harmless, with blanks after it up to so many columns. */
export function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** The last part of a path, to be shown. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
