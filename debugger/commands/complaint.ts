// What the person at the debugger has to put right, in one line; and guesses at what they meant.

/** Of what is longer the middle is left out: it repeats what was typed. */
const LONGEST = 400;

/** Thrown by a command that cannot be done: its message says why, and what to do instead. */
export class Complaint extends Error {
  constructor(message: string) {
    const most = LONGEST / 2;
    super(
      message.length > LONGEST ? `${message.slice(0, most)} … ${message.slice(-most)}` : message,
    );
  }
}

/** The one of `known` that `word` is most like, if it is like any. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3));
  const alike = known.filter((name) => Math.abs(name.length - word.length) <= most);
  const distances = alike.map((name) => [edits(word.toLowerCase(), name.toLowerCase()), name]);
  const [best] = distances.sort(([a], [b]) => Number(a) - Number(b));
  return best !== undefined && Number(best[0]) <= most ? String(best[1]) : undefined;
}

/** `; did you mean x?`, or nothing. */
export function guess(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? "" : `; did you mean ${near}?`;
}

/** How many letters to put in, take out, replace or swap. (Damerau, 1964.) */
function edits(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= to.length; j++) {
      const same = at(i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swap = swapped ? at(i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(same, swap, at(i - 1, j) + 1, at(i, j - 1) + 1));
    }
  }
  return at(from.length, to.length);
}
