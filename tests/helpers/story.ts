// Runs a program on the virtual machine and returns its story.

import type { Story } from "../../debugger/story";
import { StoryTeller, type TellerOptions } from "../../debugger/story-teller";
import type { Program } from "../../syscalls";
import { run, type Log, type RunOptions } from "./run";

export function storyOf(
  main: (log: Log) => Program<unknown>,
  options: RunOptions & { readonly teller?: TellerOptions } = {},
): Story {
  let teller: StoryTeller | undefined;
  run(main, {
    ...options,
    prepare(kernel) {
      teller = new StoryTeller(kernel, options.teller);
      kernel.attach(teller);
      options.prepare?.(kernel);
    },
  });
  if (teller === undefined) throw new Error("the program did not begin");
  return teller.tell("main.ts", []);
}
