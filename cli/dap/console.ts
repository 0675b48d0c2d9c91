// The client's console: what is typed there is an expression or, after a colon, a command of
// `genix debug`.

import type { Fields } from "./fields";
import type { Target } from "./target";
import type { Threads } from "./threads";

/** The command that was typed; undefined if it is an expression. */
export function commandIn(fields: Fields): string | undefined {
  if (fields.text("context", "") !== "repl") return undefined;
  return /^\s*:(.*)$/s.exec(fields.text("expression"))?.[1];
}

/** Do it; to the client that is a move if it `moved` the program, also where it then failed. */
export async function execute(
  command: string,
  target: Target,
  threads: Threads,
): Promise<{ readonly moved: boolean; readonly result: Promise<string> }> {
  let moved = false;
  const result = target.execute(command, () => {
    if (!moved) threads.goOn();
    moved = true;
  });
  await result.catch(() => {});
  return { moved, result };
}
