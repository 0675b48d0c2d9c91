// `genix top`: a live table of the tasks of a program that runs, started here or long ago.

import { InvalidArgumentError, Option, type Command } from "commander";
import { columns, firstView, type Column, type View } from "../debugger";
import { wholeFrom } from "./arguments";
import { command } from "./copies";
import { complain, Misuse } from "./misuse";
import { observed, socketOf } from "./top/sockets";
import { batch } from "./top/batch";
import { TopClient } from "./top/client";
import { Live } from "./top/live";
import { TopProgram } from "./top/program";
import { SILENCE, type Target } from "./top/target";

interface TopOptions {
  /** A pid or a path; true for the only program there is. */
  readonly attach?: string | true;
  readonly batch?: boolean;
  readonly once?: boolean;
  readonly count?: number;
  /** In seconds. */
  readonly interval: number;
  readonly sort: Column;
  readonly reverse?: boolean;
  readonly tree?: boolean;
  readonly filter: string;
  readonly rows: number;
}

const positive = wholeFrom(1, 2 ** 31);

const HELP = `
With a program, that is started, and ends when you quit; what it printed comes then. The exit code
is the program's, 0 if you ended it. Without, --attach looks at one that runs already:
  genix run --observe PROGRAM      and in another terminal:      genix top --attach
It takes the process id, or the socket of --observe-at. Only the same user can attach.
Without a terminal, as with --batch, tables are printed as plain text, and what the program prints
goes to stderr.`;

/** Add the command to `genix`; `finish` gets its exit code. */
export function addTop(genix: Command, finish: (code: number) => void): void {
  genix
    .command("top")
    .argument("[program]", "a program to start, as for run")
    .argument("[args...]", "its arguments, handed over as they are")
    .usage("[options] <program> [args...] | --attach [pid or socket]")
    .description("show the tasks of a program live: state, wait, steps, CPU time, queues")
    .option("-a, --attach [which]", "look at a program that runs with --observe")
    .option("-i, --interval <seconds>", "between two looks", seconds, 1)
    .addOption(sortOption())
    .option("-r, --reverse", "sort the other way round")
    .option("-t, --tree", "children below their parents")
    .option("-f, --filter <words>", "only tasks with these in name, state or call", "")
    .option("-b, --batch", "print plain tables")
    .option(
      "-n, --count <n>",
      "with --batch: so many tables; default: to the program's end",
      positive,
    )
    .option("--once", "the same as --batch -n 1")
    .option("--rows <n>", "with --batch: at most so many tasks a table", positive, firstView.limit)
    .passThroughOptions()
    .addHelpText("after", HELP.replaceAll("genix ", `${command} `))
    .action(async (program: string | undefined, args: string[], options: TopOptions) => {
      finish(await top(program, args, options));
    });
}

function sortOption(): Option {
  return new Option("-s, --sort <column>", "by this").choices(columns).default(firstView.sort);
}

async function top(
  program: string | undefined,
  args: readonly string[],
  options: TopOptions,
): Promise<number> {
  const { once = false, batch: plain = once, count = once ? 1 : Infinity } = options;
  const live = !plain && process.stdout.isTTY;
  const { sort, filter, tree = false, reverse = false, rows: limit } = options;
  const interval = options.interval * 1000;
  const view: View = { ...firstView, sort, filter, tree, reverse, limit, interval };
  if ((program === undefined) === (options.attach === undefined)) {
    throw new Misuse(`give either a program or --attach; see ${command} top --help`);
  }
  const target = await (program === undefined
    ? attach(options.attach)
    : start(program, args, live));
  if (typeof target === "number") return target;
  return live ? new Live(target, view).run() : batch(target, view, count);
}

/** The program's exit code if it ended before it could be looked at. */
async function start(
  file: string,
  args: readonly string[],
  live: boolean,
): Promise<Target | number> {
  const program = new TopProgram(file, args, live);
  const stop = (signal: NodeJS.Signals): void => {
    // From a terminal Ctrl-C has reached the program as well.
    if (signal !== "SIGINT" || !process.stdin.isTTY) program.kill(signal);
  };
  const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of endings) process.on(signal, stop);
  const late = setTimeout(() => complain(notYet(program.pid)), SILENCE);
  const client = await TopClient.await(program.socket, program.ended);
  clearTimeout(late);
  if (client === undefined) {
    program.replay();
    return program.ended;
  }
  // On a screen they are keys, or have Live to hear them.
  if (live) for (const signal of endings) process.off(signal, stop);
  return { client, who: `process ${program.pid}`, program };
}

function notYet(pid: number): string {
  const since = `for ${SILENCE / 1000} s`;
  return `process ${pid} loads its program ${since}; does a module not come to its end?`;
}

async function attach(which: string | true = true): Promise<Target> {
  const path = which === true ? socketOf(onlyOne()) : pathOf(which);
  const pid = /(\d+)\.sock$/.exec(path)?.[1];
  const client = await TopClient.connect(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ECONNREFUSED") {
      throw new Misuse(`cannot attach to ${path}: ${error.message}`);
    }
    const fix = `start it with ${command} run --observe`;
    throw new Misuse(`no program is observed at ${path}; ${fix}`);
  });
  return { client, who: pid === undefined ? path : `process ${pid}` };
}

function pathOf(which: string): string {
  return /^\d+$/.test(which) ? socketOf(Number(which)) : which;
}

function onlyOne(): number {
  const [pid, ...others] = observed();
  if (pid === undefined) {
    throw new Misuse(`no program is observed; start one with ${command} run --observe`);
  }
  if (others.length === 0) return pid;
  throw new Misuse(`several are observed: give one of --attach ${[pid, ...others].join(", ")}`);
}

function seconds(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= 0.05 && number <= 3600) return number;
  throw new InvalidArgumentError("Give a number of seconds from 0.05 to 3600.");
}
