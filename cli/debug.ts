// `genix debug`: a program step by step, forwards and backwards. What does it is loaded only then,
// so that no other command waits for it.

import { createRequire } from "node:module";
import { Option, type Command } from "commander";
import { programFile, seedNumber } from "./arguments";
import type * as Debugging from "./debug/debugging";
import type { RunOptions } from "./run";
import { complain, Misuse } from "./misuse";

export interface DebugOptions extends Pick<RunOptions, "virtual" | "seed" | "shuffle" | "lint"> {
  readonly recording?: string;
  readonly input?: string;
}

/** Where commands come from before, or instead of, the person at the terminal. */
export type Source = { readonly file: string } | { readonly command: string };

const HELP = `
At its prompt, help lists the commands; Ctrl-C stops the program, Ctrl-D ends the debugger.
With -x or -ex it does those commands, in the order given, and ends: with 1 at the first that fails.
The program's stdin is at its end, or what --input has. docs/debugging.md has all the rest.`;

export function addDebug(genix: Command, finish: (code: number) => void): void {
  const sources: Source[] = [];
  genix
    .command("debug")
    .argument("[program]", "a file, or a demo's name")
    .argument("[args...]", "its arguments")
    .usage("[options] <program> [args...]\n       genix debug [options] --recording <file>")
    .description("go through a program step by step, forwards and backwards")
    .option("--recording <file>", "a run that was recorded, in place of a program")
    .option("-x, --commands <file>", "do the commands in this file", (file) => {
      sources.push({ file });
      return "";
    })
    .option("--ex <command>", "do this command; also: -ex", (command) => {
      sources.push({ command });
      return "";
    })
    .option("--input <file>", "what the program reads from its stdin")
    .option("--virtual", "run it in a simulation: time jumps, files and sockets are in memory")
    .option("--seed <n>", "the seed of its random numbers", seedNumber)
    .option("--shuffle", "with --virtual: the seed also chooses which ready task runs next")
    .addOption(new Option("--no-lint", "do not look out for mistakes"))
    .passThroughOptions()
    .addHelpText("after", HELP)
    .action(async (name: string | undefined, argv: string[], options: DebugOptions) => {
      const program = name === undefined ? undefined : programFile(name);
      tellLate(argv);
      const { debug } = createRequire(__filename)("./debug/debugging") as typeof Debugging;
      finish(await debug(whatOf(program, argv, options), sources));
    });
}

function whatOf(
  file: string | undefined,
  argv: readonly string[],
  options: DebugOptions,
): Debugging.What {
  const { recording, input, virtual, seed, shuffle, lint } = options;
  if (shuffle === true && virtual !== true) {
    throw new Misuse("--shuffle works on the virtual machine only; add --virtual");
  }
  if (recording !== undefined) {
    if (file === undefined) return { recording };
    throw new Misuse("name a program or --recording, not both: the recording knows its program");
  }
  if (file === undefined) throw new Misuse("name a program to debug, or --recording FILE");
  return {
    ...{ file, argv },
    ...(input !== undefined && { input }),
    options: {
      ...(virtual !== undefined && { virtual }),
      ...(seed !== undefined && { seed }),
      ...(shuffle !== undefined && { shuffle }),
      ...(lint !== undefined && { lint }),
    },
  };
}

/** Of the debugger's options, those with a value, and those without. */
const VALUED = ["-x", "--commands", "-ex", "--ex", "--recording", "--input", "--seed"];
const PLAIN = ["--virtual", "--shuffle", "--no-lint"];

/** Whoever writes an option too late is told why nothing came of it. */
function tellLate(argv: readonly string[]): void {
  const own = [...VALUED, ...PLAIN];
  const late = argv.find((word) => own.includes(word.replace(/=.*/s, "")));
  if (late === undefined) return;
  complain(`${late} is after the program, so it is the program's; the debugger's own go before it`);
}

/** gdb's spelling `-ex COMMAND`, before the program, as an option that the parser knows. */
export function asOption(argv: readonly string[]): readonly string[] {
  if (argv[0] !== "debug") return argv;
  let end = 1;
  for (let word = argv[end]; word?.startsWith("-") === true; word = argv[end]) {
    end += VALUED.includes(word) ? 2 : 1;
  }
  return argv.map((word, i) => (i < end && word === "-ex" ? "--ex" : word));
}
