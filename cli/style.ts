// Emphasis on the terminal.

import chalk from "chalk";

type Style = Pick<
  chalk.Chalk,
  "bold" | "inverse" | "red" | "cyan" | "yellow" | "green" | "magenta" | "dim"
>;

/** How to emphasise on `stream`: not at all where nobody reads along, or nobody wants it. */
export function styleFor(stream: { readonly isTTY?: boolean }): Style {
  const plain = stream.isTTY !== true || (process.env["NO_COLOR"] ?? "") !== "";
  return plain ? new chalk.Instance({ level: 0 }) : chalk;
}
