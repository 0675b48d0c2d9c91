// What is a comment, a text, a keyword or a number in a source, for its colours. Good enough for
// reading; no parser: the inside of a template's `${}` is a part of the text.

export interface Token {
  readonly kind: "" | "comment" | "string" | "keyword" | "numeral";
  readonly text: string;
}

const KEYWORDS =
  "as async await break case catch class const continue debugger default delete do else export " +
  "extends false finally for from function if import in instanceof interface let new null of " +
  "readonly return static super switch this throw true try type typeof undefined var void while " +
  "yield";

const TOKEN = new RegExp(
  [
    String.raw`(?<comment>//[^\n]*|/\*[\s\S]*?(?:\*/|$))`,
    String.raw`(?<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|` + "`(?:\\\\[^]|[^`\\\\])*`)",
    String.raw`(?<keyword>\b(?:${KEYWORDS.split(" ").join("|")})\b\*?)`,
    String.raw`(?<numeral>\b\d[\w.]*)`,
  ].join("|"),
  "g",
);

/** Longer sources are shown without colours. */
const LONGEST = 400_000;

/** The lines of `source`, each in parts. */
export function tokens(source: string): readonly (readonly Token[])[] {
  const lines: Token[][] = [[]];
  const add = (kind: Token["kind"], text: string): void => {
    for (const [index, part] of text.split("\n").entries()) {
      if (index > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push({ kind, text: part });
    }
  };
  const text = source.replace(/\r\n?/g, "\n");
  let end = 0;
  for (const match of text.length > LONGEST ? [] : text.matchAll(TOKEN)) {
    add("", text.slice(end, match.index));
    add(kindOf(match.groups ?? {}), match[0]);
    end = match.index + match[0].length;
  }
  add("", text.slice(end));
  return lines;
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): Token["kind"] {
  for (const kind of ["comment", "string", "keyword", "numeral"] as const) {
    if (groups[kind] !== undefined) return kind;
  }
  return "";
}
