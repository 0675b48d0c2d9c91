// `genix replay`: a recorded run again, from the recording alone.

import type { Command } from "commander";
import type { System } from "../boot";
import { describeStop, type Header, type Player, type Recording } from "../debugger";
import type { PlayerOptions } from "../debugger";
import type { Host } from "../machine";
import { shown } from "../machine/place";
import { version } from "./copies";
import { complain } from "./misuse";
import { openReplay, readRecording } from "./open-replay";
import { inTurns } from "./host-turn";
import { conclude, exitCode } from "./run";
import { silently } from "./silence";

/** The exit code of a replay that was not, or not to its end, what was recorded. */
export const DIVERGED = 3;

export interface ReplayOptions {
  /** Print nothing of the program's. */
  readonly quiet?: boolean;
  /** Ask the host again for what it once said (Math.random, the date), and compare. */
  readonly strict?: boolean;
}

export function addReplay(genix: Command, finish: (code: number) => void): void {
  genix
    .command("replay")
    .argument("<recording>", "a file that genix run --record has written")
    .description("run a recorded program again, from the recording alone: no network, no clock")
    .option("--quiet", "print nothing of the program's, only where it differs, if it does")
    .option("--strict", "let the host say again what it said (Math.random, dates), and compare")
    .action(async (file: string, options: ReplayOptions) => finish(await replay(file, options)));
}

/** Replay the recording in `file` to its end. Returns the exit code: the program's, or DIVERGED. */
export async function replay(file: string, options: ReplayOptions): Promise<number> {
  const recording = readRecording(file);
  const heard = <T>(work: () => Promise<T>): Promise<T> =>
    options.quiet === true ? silently(work) : work();
  const output: PlayerOptions["output"] = (bytes, stream) => void process[stream].write(bytes);
  const strict = options.strict === true;
  const opened = await heard(() => openReplay(recording, { output, strict }));
  const { player, system, neverRun, changed } = opened;
  for (const source of changed) complain(`${shown(source)} has changed since it was recorded`);
  await heard(() => play(player));
  const problem = describeStop(player) ?? otherExit(recording, system);
  if (problem !== null) {
    complain(problem);
    for (const line of otherVersions(recording.header)) complain(line);
    return DIVERGED;
  }
  if (recording.left !== undefined) {
    complain(`the process was ended here, with exit code ${recording.exit}, before its tasks were`);
  } else if (options.quiet !== true) {
    conclude(system);
    for (const line of neverRun?.report() ?? []) complain(line);
  }
  return recording.exit ?? codeOf(system);
}

async function play(player: Player): Promise<void> {
  await inTurns(() => {
    while (player.step());
    return !player.halted;
  });
  // Here the program ends the process, as it did.
  if (player.ended && player.recording.left === "in a step") player.beginLast();
}

/** That the replay came to an exit code of its own, with both; null if it did not. */
function otherExit(
  { exit, left, inputs }: Recording,
  system: System<unknown, Host>,
): string | null {
  // A signal from outside has a say in it, too.
  if (left !== undefined || inputs.some((input) => "signal" in input)) return null;
  const code = codeOf(system);
  if (exit === undefined || exit === code) return null;
  return `the replay came to another exit code\n  recorded: ${exit}\n  replayed: ${code}`;
}

/** It may be those that make the difference. */
function otherVersions({ versions }: Header): string[] {
  const now = { genix: version(), node: process.version };
  return (["genix", "node"] as const)
    .filter((name) => versions[name] !== now[name])
    .map((name) => `it was recorded with ${name} ${versions[name]}, and this is ${now[name]}`);
}

/** Whoever stepped through the run may have left it before its end. */
function codeOf(system: System<unknown, Host>): number {
  return system.kernel.tasks.init?.alive === true ? 0 : exitCode(system.halt);
}
