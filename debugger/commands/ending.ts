// What is said of a task that has ended: how, and from where; of one that has crashed, its stack.

import { oneLine } from "../pictures/text";
import type { Ending } from "../world";
import type { Paint } from "./paint";
import type { Shell } from "./shell";

/** The task that is meant by a pid or a name, or is selected, if it has ended; or null. */
export async function endedTask(
  shell: Shell,
  text: string,
): Promise<{ readonly pid: number; readonly ending: Ending } | null> {
  const pid = await shell.pidOf(text);
  const ending = pid === undefined ? null : await shell.session.world.ending(pid);
  return ending === null || pid === undefined ? null : { pid, ending };
}

/** `task 3 "clerk" exited in step 9, from acct.ts:9`, and of a crash its stack below. */
export function endingLines(
  who: string,
  { kind, text, step, from, stack }: Ending,
  shown: (file: string) => string,
  paint: Paint,
): string[] {
  const [, file, line] = /^(.+):(\d+)$/.exec(from) ?? [];
  const at = kind === "crashed" ? "at" : "from";
  const place = file === undefined ? "" : `, ${at} ${paint("place", `${shown(file)}:${line}`)}`;
  const how = paint(kind === "exited" ? "faint" : "bad", oneLine(text, 200));
  return [
    `${paint("task", who)} ${how}, in step ${step}${place}`,
    ...stack.map((l) => near(l, shown)),
  ];
}

/** A line of a stack, its file as the user would write it. */
function near(line: string, shown: (file: string) => string): string {
  return line.replace(/(?:file:\/\/)?(\/[^():]+)(?=:\d+:\d+\)?$)/, (_all, file: string) =>
    shown(file),
  );
}
