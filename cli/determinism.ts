// `genix run --check-determinism`: a run and its replay.

import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { nodeArgs } from "./copies";
import { complain } from "./misuse";
import { DIVERGED } from "./replay";
import { run, type RunOptions } from "./run";
import { temporaryFolder } from "./temporary-folder";

/**
 * Run the program, and replay it in a process of its own: does it do the same again? The recording
 * is kept if `options` name a file for it. Returns the program's exit code, or DIVERGED.
 */
export async function checkDeterminism(
  file: string,
  argv: string[],
  options: RunOptions,
): Promise<number> {
  const folder = temporaryFolder("check");
  // Not by a return: the program called process.exit, or an error of the host's ended it.
  const notReplayed = (): void => {
    process.exitCode = DIVERGED;
    complain(
      "not run again: the program ended the whole process, so its run has no end to compare",
    );
  };
  try {
    // The program may stand elsewhere when it has run.
    const record = resolve(options.record ?? join(folder.path, "recording.jsonl"));
    process.on("exit", notReplayed);
    const code = await run(file, argv, { ...options, record, console: true });
    // On the virtual machine nothing is to come from outside, not even by the way.
    const strict = options.virtual === true ? ["--strict"] : [];
    const second = await again(["replay", "--quiet", ...strict, record]);
    if (second !== code) return DIVERGED;
    complain("deterministic: run again, it did the same step by step");
    return code;
  } finally {
    process.off("exit", notReplayed);
    folder.remove();
  }
}

/** Run genix again, with its stderr on ours. Resolves to the exit code. */
function again(args: readonly string[]): Promise<number | null> {
  const child = spawn(process.execPath, [...nodeArgs("bin"), ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
}
