// `genix page`: a recording as one HTML page that opens from disk.

import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import type { Command } from "commander";
import type { Story } from "../debugger";
import { htmlPage } from "../debugger/page/page";
import { complain } from "./misuse";
import { checkOutput, isStdout, pageKind, writeOutput } from "./output-file";
import { pageScript } from "./page-script";
import { DIVERGED } from "./replay";
import { storyOf } from "./open-replay";

export function addPage(genix: Command, finish: (code: number) => void): void {
  genix
    .command("page")
    .argument("<recording>", "a file that genix run --record has written")
    .option("-o, --output <file>", "write it there; default: RECORDING.html, in this folder")
    .description("make one HTML page of a recording: every step, to go through with a slider")
    .action(async (recording: string, { output }: { output?: string }) => {
      const file = output ?? `${basename(recording, extname(recording))}.html`;
      checkOutput(file, pageKind);
      const { story, problem } = await storyOf(recording, { places: true });
      writeOutput(file, pageKind, [htmlPage(story, sourcesOf(story), pageScript())]);
      if (problem !== null) complain(`${file} shows a part of the run: ${problem}`);
      if (!isStdout(file)) {
        console.log(`Wrote ${file}: ${story.steps.length} steps. Open it in a browser.`);
      }
      finish(problem === null ? 0 : DIVERGED);
    });
}

/** The files that tasks stood in, as far as they can be read. */
function sourcesOf({ steps }: Story): Readonly<Record<string, string>> {
  const files = new Set(steps.map(({ place }) => place.replace(/:\d+$/, "")));
  files.delete("");
  const sources: Record<string, string> = {};
  for (const file of files) {
    try {
      sources[file] = readFileSync(file, "utf8");
    } catch {
      // The page says that it is not here.
    }
  }
  return sources;
}
