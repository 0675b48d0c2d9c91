// The command line: argv to command to exit code.

import { Command, CommanderError, Option } from "commander";
import { programFile, seedNumber, wholeFrom } from "./arguments";
import { command, version } from "./copies";
import { crashText } from "./crash-text";
import { addDap } from "./dap";
import { addDebug, asOption } from "./debug";
import { about, demos, tour } from "./demos";
import { isFile } from "./load";
import { complain, Misuse } from "./misuse";
import { addPage } from "./page";
import { addPictures } from "./pictures";
import { checkDeterminism } from "./determinism";
import { addReplay } from "./replay";
import { run, type RunOptions } from "./run";
import { writeStarter } from "./starter";
import { styleFor } from "./style";
import { addTop } from "./top";

/** Do what `argv`, without the names of node and genix, asks for. Returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  const genix = commands((result) => (code = result));
  try {
    if (argv.length === 0) genix.outputHelp();
    else await genix.parseAsync(asOption(argv), { from: "user" });
    return code;
  } catch (error) {
    return failure(error, argv);
  }
}

function commands(finish: (code: number) => void): Command {
  const genix = new Command("genix")
    .description("A small operating system whose processes are generators.")
    .version(version(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print this help; after a command, that command's")
    .helpCommand("help [command]", "print the help of a command")
    .configureHelp({ styleTitle: (title) => styleFor(process.stdout).bold(title) })
    .configureOutput({ writeErr: () => {} })
    .enablePositionalOptions()
    .exitOverride();
  addRun(genix, finish);
  addReplay(genix, finish);
  addDebug(genix, finish);
  addTop(genix, finish);
  addPage(genix, finish);
  addDap(genix, finish);
  addPictures(genix, finish);
  genix
    .command("demos")
    .description("list the demos, one line each")
    .action(async () => listDemos());
  genix
    .command("new <name>")
    .description("write NAME.ts, a small program to start from, into this folder")
    .action((name: string) => {
      const file = writeStarter(name);
      console.log(`Wrote ${file}. Run it with: ${command} run ${file}`);
    });
  genix
    .command("tour")
    .description("show what the system can do, in less than 20 seconds")
    .action(async () => finish(await run(tour().file, [], {})));
  return genix.addHelpText("after", EXIT_CODES);
}

const EXIT_CODES = `
Exit codes:
  0 to 255  what the program returned, if it is such a number, else its process.exitCode, or 0
  1         the program or a task nobody waited for crashed, or all tasks waited for each other
  2         the command line is wrong, or the program cannot be loaded
  3         a replay was not, or not to its end, what was recorded
  130, 143  SIGINT (Ctrl-C) or SIGTERM ended it, after its clean-ups; a second one does not wait`;

const RUN_HELP = `
Ctrl-\\ (SIGQUIT) prints what each task waits for, and where in its source it stands.
Ctrl-C (SIGINT) asks the tasks to stop, and lets them clean up; once more ends them at once.
A task that makes no system calls holds up even that, and is reported by the watchdog; after a
second Ctrl-C ends the process at once. Where one waits in the host itself, "kill -9" does.`;

function addRun(genix: Command, finish: (code: number) => void): void {
  genix
    .command("run")
    .argument(
      "<program>",
      "a file: TypeScript or JavaScript, CommonJS or ES module; or a demo's name",
    )
    .argument("[args...]", "its arguments, handed over as they are")
    .usage("[options] <program> [args...]")
    .description("run a program: a module whose default export is function* main(argv) { … }")
    .option("--strace", "print each system call to stderr: time, pid, name, call, reply")
    .option("--virtual", "run it in a simulation: time jumps, files and sockets are in memory")
    .option("--seed <n>", "the seed of its random numbers", seedNumber)
    .option("--shuffle", "with --virtual: the seed also chooses which ready task runs next")
    .option("--record <file>", "write a recording, for replay, debug and pictures of the run")
    .option("--check-determinism", "run it, replay it, and name the first difference if any")
    .addOption(watchdogOption())
    .option("--no-lint", "do not look out for mistakes; each system call takes a little less time")
    .option("--observe", "let genix top --attach look at it")
    .option("--observe-at <socket>", "the same, on a Unix-domain socket at this path")
    .passThroughOptions()
    .addHelpText("after", RUN_HELP)
    .action(async (name: string, argv: string[], options: RunOptions & CheckOption) => {
      if (options.shuffle === true && options.virtual !== true) {
        throw new Misuse("--shuffle works on the virtual machine only; add --virtual");
      }
      if (options.virtual === true && (options.observe ?? options.observeAt) !== undefined) {
        throw new Misuse("--observe has nothing to see with --virtual, where no time passes");
      }
      const check = options.checkDeterminism === true;
      const recorded = check || options.record !== undefined;
      if (recorded && (options.observe ?? options.observeAt) !== undefined) {
        throw new Misuse("--observe keeps account of CPU time, a recording cannot; leave out one");
      }
      const file = programFile(name);
      finish(await (check ? checkDeterminism(file, argv, options) : run(file, argv, options)));
    });
}

interface CheckOption {
  readonly checkDeterminism?: boolean;
}

/** As an environment variable it is for tests, which want no report because their host was slow. */
function watchdogOption(): Option {
  return new Option("--watchdog <ms>", "report a task that runs so long without a yield; 0 = never")
    .env("GENIX_WATCHDOG")
    .default(50)
    .argParser(wholeFrom(0, 2 ** 31 - 1));
}

async function listDemos(): Promise<void> {
  const all = demos();
  if (all.length === 0) throw new Misuse("the demos are missing");
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const demo of all) console.log(`${demo.name.padEnd(width)}  ${await about(demo)}`);
}

/** Say what went wrong, and return the exit code for it. */
function failure(error: unknown, argv: readonly string[]): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    complain(usageMessage(error, argv));
    return 2;
  }
  if (error instanceof Misuse) {
    complain(error.message);
    return 2;
  }
  complain(crashText(error));
  return 1;
}

/** Commander's message as one line that ends with what to do. */
function usageMessage({ message }: CommanderError, argv: readonly string[]): string {
  const [first = ""] = argv;
  if (message.includes("unknown command") && isFile(first)) {
    return `${first} is no command; to run it: ${command} run ${first}`;
  }
  // All that commander says of `help nope`.
  const unknown = message === "(outputHelp)" ? `unknown command '${argv[1] ?? ""}'` : message;
  const text = unknown
    .replace(/^error: /, "")
    .replace(/\n\(Did you mean (.*)\?\)$/s, "; did you mean $1?");
  return /\?$/.test(text) ? text : `${text.replace(/\.$/, "")}; see ${command} --help`;
}
