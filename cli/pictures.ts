// Pictures of a recorded run: `genix timeline`, `sequence`, `waits` and `trace`. What they show is
// debugger/'s; here are their command lines, their files and their colours.

import type { Command } from "commander";
import { lookAtWaits, sequenceSvg, sequenceText, timelineSvg, timelineText } from "../debugger";
import { traceLines, WaitMoment, waitsSvg, waitsText } from "../debugger";
import type { IntervalState, MessageKind, WaitPicture } from "../debugger";
import { shown } from "../machine/place";
import { wholeFrom } from "./arguments";
import { complain, Misuse } from "./misuse";
import { checkOutput, isStdout, STDOUT, svgKind, traceKind } from "./output-file";
import { writeOutput, type Kind } from "./output-file";
import { DIVERGED } from "./replay";
import { replayQuietly, storyOf, type ReplayedStory } from "./open-replay";
import { styleFor } from "./style";

type Finish = (code: number) => void;

interface Options {
  readonly output?: string;
  readonly steps?: boolean;
  readonly width?: number;
  readonly most: number;
  readonly step?: number;
}

interface Picture {
  /** Of its files. */
  readonly kind: Kind;
  /** Does it show where tasks stand in their source? */
  readonly places: (options: Options) => boolean;
  /** Text for the terminal, or pieces of a file. */
  readonly draw: (story: ReplayedStory["story"], options: Options) => Iterable<string>;
}

export function addPictures(genix: Command, finish: Finish): void {
  picture(genix, "timeline", "what each task of a recorded run did over time", timeline, finish)
    .option("--steps", "over the scheduler's steps instead of time")
    .option("--width <n>", "so many columns; of an SVG, pixels", wholeFrom(20, 20_000));
  picture(genix, "sequence", "who told and woke whom in a recorded run", sequence, finish)
    .option("--most <n>", "stop after so many messages", wholeFrom(1, 100_000), 500)
    .option("--width <n>", "so many columns, of the text", wholeFrom(20, 20_000));
  command(genix, "waits", "who waited for whom: at a circle of waits, or after a step")
    .option("--step <n>", "after this step", wholeFrom(1, 2 ** 31))
    .action(async (file: string, options: Options) => finish(await waits(file, options)));
  const about = "a recorded run as a trace for ui.perfetto.dev and Chrome's DevTools";
  picture(genix, "trace", about, trace, finish).addHelpText(
    "after",
    "\nWithout -o the trace, which is JSON, goes to stdout.",
  );
}

function command(genix: Command, name: string, description: string): Command {
  return genix
    .command(name)
    .argument("<recording>", "a file that genix run --record has written")
    .description(description)
    .option("-o, --output <file>", name === "trace" ? "write it here" : "write it here, as SVG");
}

function picture(
  genix: Command,
  name: string,
  about: string,
  it: Picture,
  finish: Finish,
): Command {
  return command(genix, name, about).action(async (file: string, options: Options) => {
    finish(await draw(file, options, it));
  });
}

async function draw(file: string, options: Options, it: Picture): Promise<number> {
  const { output } = options;
  if (output !== undefined) checkOutput(output, it.kind);
  const { story, problem } = await storyOf(file, { places: it.places(options) });
  put(it.draw(story, options), output, it.kind);
  return ended(problem);
}

const timeline: Picture = {
  kind: svgKind,
  places: ({ output }) => output !== undefined,
  draw(story, { output, steps = false, width }) {
    if (output === undefined) return [timelineText(story, width ?? columns(), steps, paint())];
    return [timelineSvg(story, width === undefined ? { steps } : { steps, width })];
  },
};

const sequence: Picture = {
  kind: svgKind,
  places: () => false,
  draw(story, { output, most, width }) {
    if (output === undefined) return [sequenceText(story, width ?? columns(), most, paintArrow())];
    return [sequenceSvg(story, most)];
  },
};

const trace: Picture = {
  kind: traceKind,
  places: () => true,
  draw: (story) => traceLines(story),
};

async function waits(file: string, { output, step }: Options): Promise<number> {
  if (output !== undefined) checkOutput(output, svgKind);
  let seen: () => WaitPicture | null = () => null;
  const problem = await replayQuietly(file, ({ player }) => {
    const { kernel } = player;
    if (step === undefined) {
      const moment = new WaitMoment(kernel);
      kernel.attach(moment);
      seen = () => moment.picture;
      return () => moment.afterStep();
    }
    return () => {
      if (kernel.steps !== step) return;
      const picture = lookAtWaits(kernel, kernel.machine.clock());
      seen = () => picture;
    };
  });
  const picture = seen();
  if (picture === null) throw new Misuse(nothingToSee(file, step));
  put([output === undefined ? waitsText(picture) : waitsSvg(picture)], output, svgKind);
  return ended(problem);
}

function nothingToSee(file: string, step: number | undefined): string {
  if (step !== undefined) return `the recording ${shown(file)} has no step ${step}`;
  return `nobody waited for a lock or in a circle in ${shown(file)}; name a step with --step`;
}

/** A picture of a part is a picture; but nobody shall take it for the whole. */
function ended(problem: string | null): number {
  if (problem === null) return 0;
  complain(problem);
  return DIVERGED;
}

function put(pieces: Iterable<string>, output = STDOUT, kind: Kind): void {
  writeOutput(output, kind, pieces);
  if (!isStdout(output)) console.log(`Wrote ${output}.`);
}

function columns(): number {
  return process.stdout.columns || 100;
}

function paint(): (state: IntervalState, text: string) => string {
  const { green, yellow, dim, cyan, red, magenta, bold } = styleFor(process.stdout);
  const styles: Record<IntervalState, (text: string) => string> = {
    ...{ running: green, ready: yellow, time: dim, message: cyan, lock: red, child: magenta },
    ...{ outside: bold, several: cyan, other: bold, stopped: dim, zombie: dim },
  };
  return (state, text) => styles[state](text);
}

function paintArrow(): (kind: MessageKind, text: string) => string {
  const { green, yellow, dim, cyan, red, magenta } = styleFor(process.stdout);
  const styles: Record<MessageKind, (text: string) => string> = {
    ...{ message: cyan, wake: yellow, spawn: green, signal: red, exit: magenta, timer: dim },
  };
  return (kind, text) => styles[kind](text);
}
