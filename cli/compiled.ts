// Compiled files, kept for other processes of the same session: to load the compiler takes a third
// of a second, and a debugger starts the same program again and again.

import { createHash, randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./temporary-folder";

/** Names the folder, in the environment of those who share it. */
const VARIABLE = "GENIX_COMPILED";

let folder: string | undefined;

/** The environment of a process that shares what is compiled, until this process ends. */
export function sharingCompiled(): NodeJS.ProcessEnv {
  folder ??= temporaryFolder("compiled").path;
  return { ...process.env, [VARIABLE]: folder };
}

/** What `compile` makes of `text`, the text of `file`; or what it made of it before. */
export function compiledOnce(file: string, text: string, compile: () => string): string {
  const shared = process.env[VARIABLE];
  if (shared === undefined) return compile();
  const kept = join(shared, createHash("sha256").update(`${file}\n${text}`).digest("hex"));
  try {
    return readFileSync(kept, "utf8");
  } catch {
    const code = compile();
    keep(kept, code);
    return code;
  }
}

/** Whole or not at all, for others may be reading. */
function keep(kept: string, code: string): void {
  try {
    // Replays of one run all go by its pid.
    const part = `${kept}.${randomUUID()}`;
    writeFileSync(part, code);
    renameSync(part, kept);
  } catch {
    // Without it the next process takes longer.
  }
}
