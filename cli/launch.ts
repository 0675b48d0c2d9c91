// Loads a program and puts it on a machine, before its first step; if that is wanted, with a
// recording of what it will do.

import { createRequire } from "node:module";
import { System } from "../boot";
import type { Kernel } from "../kernel";
import { NodeMachine, type Host } from "../machine";
import { isProgramFile } from "./copies";
import { interceptConsole, interceptHost } from "./host-values";
import { loadProgram } from "./load";
import { loadedModules } from "./modules";
import { NeverRun } from "./never-run";
import { hashes, RecordingFile } from "./recording-file";
import { Simulator } from "./simulator";
import { cutStacks } from "./stacks";
import { where } from "./where";

export interface LaunchOptions {
  readonly virtual?: boolean;
  readonly seed?: number;
  readonly shuffle?: boolean;
  /** Watch for mistakes. Default true. */
  readonly lint?: boolean;
  /** Write a recording to this file. */
  readonly record?: string;
  /** Also what the program says to the console, for a replay to be held against. */
  readonly console?: boolean;
}

export interface Launched<M extends Host = NodeMachine | Simulator> {
  readonly system: System<unknown, M>;
  /** Generators that were never run; null when nobody looks out for them. */
  readonly neverRun: NeverRun | null;
  readonly recording: RecordingFile | null;
}

/**
 * Load the program in `file`, an absolute path, on a machine of its own. Throws a Misuse if it
 * cannot be run, and what it throws itself while it is loaded.
 */
export async function launch(
  file: string,
  argv: readonly string[],
  options: LaunchOptions,
): Promise<Launched> {
  process.argv = [process.execPath, file, ...argv];
  const seed = seedOf(options);
  const recording = options.record === undefined ? null : new RecordingFile(options.record);
  let system: Launched["system"] | null = null;
  if (recording !== null) {
    cutStacks();
    listenToProgram(recording, () => system?.kernel ?? null, options.console === true);
  }
  const neverRun = options.lint === false ? null : new NeverRun();
  const { main, name } = await loadProgram(file);
  const program = main([...argv]);
  const machine = machineFor(options, seed, recording);
  system = new System<unknown, NodeMachine | Simulator>(machine, program, name);
  watch(system, neverRun);
  const header = {
    program: file,
    args: argv,
    name,
    folder: process.cwd(),
    pid: process.pid,
    machine: options.virtual === true ? "virtual" : "node",
    seed,
    shuffle: options.shuffle === true,
    lint: options.lint !== false,
    ...(options.console === true && { console: true }),
    sources: hashes(programFiles(file)),
  } as const;
  recording?.begin(machine, header, true);
  return { system, neverRun, recording };
}

/** Let `recording` have what the program asks the host past the machine, and perhaps tells it. */
function listenToProgram(
  recording: RecordingFile,
  kernel: () => Kernel | null,
  withConsole: boolean,
): void {
  interceptHost(kernel, (name, real) => {
    const value = real();
    recording.hostValue(name, value);
    return value;
  });
  if (withConsole) interceptConsole(kernel, (name, text) => recording.hostValue(name, text));
}

/** Let development mode and `neverRun` watch it, unless that is null. */
export function watch(system: System<unknown, Host>, neverRun: NeverRun | null): void {
  system.where = where;
  if (neverRun === null) return;
  system.develop();
  neverRun.kernel = system.kernel;
}

function seedOf({ seed, virtual }: LaunchOptions): number {
  return seed ?? (virtual === true ? 1 : Math.floor(Math.random() * 2 ** 32));
}

function machineFor(
  { virtual = false, shuffle = false }: LaunchOptions,
  seed: number,
  recording: RecordingFile | null,
): NodeMachine | Simulator {
  const wrap = recording === null ? {} : { wrap: recording.wrap(virtual) };
  if (virtual) return new Simulator({ seed, shuffle, load: createRequire(__filename), ...wrap });
  // Of a recorded run no account is kept: CPU times are never the same twice.
  const accounting = recording === null;
  return new NodeMachine({ seed, accounting, loader: require.resolve("./load"), ...wrap });
}

/** The program's own files that are loaded by now. */
function programFiles(file: string): string[] {
  const loaded = [...Object.keys(require.cache), ...loadedModules()].filter(isProgramFile);
  return [...new Set([file, ...loaded])];
}
