// A recorded run, run again: loads its program and puts it on a player. For `genix replay`, and for
// whoever wants to look at what happened.

import { createRequire } from "node:module";
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { System } from "../boot";
import { BadRecording, describeStop, parseRecording, Player, StoryTeller } from "../debugger";
import type { PlayerOptions, Recording, StepTime, Story } from "../debugger";
import type { Host } from "../machine";
import { shown } from "../machine/place";
import { command } from "./copies";
import { interceptConsole, interceptHost, isOfTerminal } from "./host-values";
import { watch } from "./launch";
import { endAsRecorded } from "./end-as-recorded";
import { inTurns } from "./host-turn";
import { isFile, loadProgram } from "./load";
import { Misuse } from "./misuse";
import { NeverRun } from "./never-run";
import { Places } from "./places";
import { hashes } from "./recording-file";
import { silently } from "./silence";
import { Simulator } from "./simulator";
import { cutStacks } from "./stacks";

export interface Replay {
  readonly recording: Recording;
  readonly player: Player;
  readonly system: System<unknown, Host>;
  readonly neverRun: NeverRun | null;
  /** The program's files that are not what they were. */
  readonly changed: readonly string[];
}

/** The recording in `file`. Throws a Misuse when there is none that can be played. */
export function readRecording(file: string): Recording {
  if (!existsSync(file)) {
    const fix = `${command} run --record FILE PROGRAM makes one`;
    throw new Misuse(`there is no file ${shown(file)}; ${fix}`);
  }
  try {
    return parseRecording(linesOf(file));
  } catch (error) {
    const why = error instanceof BadRecording ? error.message : `${(error as Error).message}`;
    throw new Misuse(`cannot play ${shown(file)}: ${why}`);
  }
}

/** So many bytes are read at once. */
const PIECE = 1 << 20;

/** Line by line: a recording may be longer than a string can be. */
function* linesOf(file: string): Generator<string> {
  const fd = openSync(file, "r");
  try {
    const decoder = new TextDecoder();
    const buffer = Buffer.alloc(PIECE);
    let rest = "";
    for (let size = readSync(fd, buffer); size > 0; size = readSync(fd, buffer)) {
      const lines = (rest + decoder.decode(buffer.subarray(0, size), { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    rest += decoder.decode();
    if (rest !== "") yield rest;
  } finally {
    closeSync(fd);
  }
}

export interface OpenReplayOptions extends Omit<PlayerOptions, "tell"> {
  /** Ask the host again for what it said, and compare. Default: it says what it said. */
  readonly strict?: boolean;
}

/** Load the program of `recording`, before its first step. Throws a Misuse when it is gone. */
export async function openReplay(
  recording: Recording,
  options: OpenReplayOptions,
): Promise<Replay> {
  const { program, args, name, folder, pid, lint, sources } = recording.header;
  if (!isFile(program)) {
    throw new Misuse(`the recorded program is not there any more: ${shown(program)}`);
  }
  process.argv = [process.execPath, program, ...args];
  standIn(folder);
  if (options.strict !== true) beCalled(pid);
  withoutOwnSignals();
  let system: System<unknown, Host> | null = null;
  const tell: PlayerOptions["tell"] = (pid, value) => system?.tell(pid, value);
  const player = new Player(recording, { ...options, tell });
  cutStacks();
  interceptHost(
    () => (system === null ? null : player.kernel),
    // What throws, as it was given something wrong, did so when it was recorded.
    (name, real) => player.host.value(name, real(), options.strict === true && !isOfTerminal(name)),
  );
  if (recording.header.console === true) {
    interceptConsole(
      () => player.kernel,
      (name, text) => player.host.told(name, text),
    );
  }
  withoutNetwork();
  const neverRun = lint ? new NeverRun() : null;
  const { main } = await loadProgram(program);
  const generator = main([...args]);
  const host = recording.header.machine === "virtual" ? simulator(recording, player) : player;
  system = new System<unknown, Host>(host, generator, name);
  watch(system, neverRun);
  player.begin(host);
  endAsRecorded(system.kernel);
  return { recording, player, system, neverRun, changed: changedFiles(sources) };
}

/** Where the program was run: it may look for files from there, and name them from there. */
function standIn(folder: string): void {
  try {
    process.chdir(folder);
  } catch {
    // It is gone. A program that needs it will say so.
  }
}

/** What the program names after its process, as a temporary file, shall be called as it was. */
function beCalled(pid: number): void {
  Object.defineProperty(process, "pid", { value: pid, configurable: true, enumerable: true });
}

/** A signal that the program sends to its own process is in the recording, as it came. */
function withoutOwnSignals(): void {
  const kill = process.kill.bind(process);
  const { pid } = process;
  process.kill = (to, signal) => to === pid || kill(to, signal);
}

function simulator({ header: { seed, shuffle } }: Recording, player: Player): Simulator {
  const load = createRequire(__filename);
  return new Simulator({ seed, shuffle, load, wrap: (machine) => player.over(machine) });
}

/** A promise that the program makes by itself comes to what it came to, and asks nobody. */
function withoutNetwork(): void {
  Object.defineProperty(globalThis, "fetch", {
    value: () => new Promise<never>(() => {}),
    configurable: true,
    writable: true,
  });
}

export function changedFiles(sources: Readonly<Record<string, string>>): string[] {
  const now = hashes(Object.keys(sources));
  return Object.keys(sources).filter((file) => now[file] !== sources[file]);
}

/**
 * Replay the recording in `file` in this process, as far as it can be played, and print nothing of
 * it. `begin` is called before the first step; what it returns, after each step. Resolves to why
 * that is not the whole run; null if it is. Throws a Misuse when there is nothing to be played.
 */
export async function replayQuietly(
  file: string,
  begin: (replay: Replay) => () => void,
): Promise<string | null> {
  const recording = readRecording(file);
  if (recording.steps === 0) throw new Misuse(`the recording ${shown(file)} has no steps`);
  const here = process.cwd();
  try {
    return await silently(async () => {
      const replay = await openReplay(recording, { output: () => {} });
      const { player, system } = replay;
      const afterStep = begin(replay);
      await inTurns(() => {
        while (player.step()) afterStep();
        return !player.halted;
      });
      system.finish();
      return describeStop(player);
    });
  } finally {
    process.chdir(here);
  }
}

/**
 * What happened in the run recorded in `file`, as far as it can be played; see replayQuietly. With
 * its steps' `places` only if they are wanted: to see them takes longer than all the rest.
 */
export async function storyOf(
  file: string,
  { places }: { readonly places: boolean },
): Promise<ReplayedStory> {
  let close = (): void => {};
  let story: () => Story = () => EMPTY;
  try {
    const problem = await replayQuietly(file, ({ player, recording }) => {
      const { kernel } = player;
      const looking = places ? new Places(kernel) : null;
      close = () => looking?.close();
      const place = looking === null ? {} : { place: looking.of };
      const teller = new StoryTeller(kernel, { times: stepTimes(recording), ...place });
      kernel.attach(teller);
      const { program, args } = recording.header;
      story = () => teller.tell(program, args);
      return () => {};
    });
    return { story: story(), problem };
  } finally {
    close();
  }
}

/** By step, of those that took long. */
function stepTimes({ inputs }: Recording): ReadonlyMap<number, StepTime> {
  const times = new Map<number, StepTime>();
  for (const input of inputs) {
    if (!("time" in input) || input.lasted === undefined) continue;
    times.set(input.at, { time: input.time, lasted: input.lasted });
  }
  return times;
}

const EMPTY: Story = { program: "", args: [], tasks: [], steps: [], happenings: [] };

export interface ReplayedStory {
  readonly story: Story;
  /** Why it is not the whole run; null if it is. */
  readonly problem: string | null;
}
