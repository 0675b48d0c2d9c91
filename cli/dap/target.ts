// What a launch configuration starts: a session of the debugger's, with the debugger's commands.
// The recording of a program is kept only as long as it is debugged.

import { statSync } from "node:fs";
import { join } from "node:path";
import { sections, Shell, type Session } from "../../debugger";
import { worldsOf, type What } from "../debug/debugging";
import { shellHost } from "../debug/host";
import { openSession } from "../debug/session";
import { isFile } from "../load";
import { temporaryFolder } from "../temporary-folder";
import { Refusal } from "./fields";
import type { Launch } from "./launch";

export interface Target {
  /** Stands before the first step. */
  readonly session: Session;
  /**
   * Do what a line at the prompt of `genix debug` would do; `moving` is told before it moves the
   * program. Resolves to what it prints.
   */
  readonly execute: (line: string, moving: () => void) => Promise<string>;
  readonly end: () => Promise<void>;
}

export type Open = (
  launch: Launch,
  /** Told what the program prints, also while it is loaded. */
  onOutput: Session["onOutput"],
  /** Nobody waits any more: breaks off a load that may never end. */
  signal: AbortSignal,
) => Promise<Target>;

/** Rejects when the program or the recording cannot be loaded. */
export const open: Open = async (launch, onOutput, signal) => {
  const what = whatOf(launch);
  const folder = temporaryFolder("dap");
  const recording = launch.recording ?? join(folder.path, "run.jsonl");
  try {
    const session = await openSession(worldsOf(what, recording, signal), onOutput);
    const end = (): Promise<void> => session.end().finally(folder.remove);
    return { session, execute: console(session, launch.program ?? ""), end };
  } catch (error) {
    folder.remove();
    throw error;
  }
};

function whatOf({ program, recording, args, cwd, stdin, ...options }: Launch): What {
  const file = program ?? recording ?? "";
  if (!isFile(file)) throw new Refusal(`there is no file ${file}`);
  if (!isFolder(cwd)) throw new Refusal(`cwd is ${cwd}, and there is no such folder`);
  if (recording !== undefined) return { recording, cwd };
  const { virtual, shuffle, seed } = options;
  return {
    ...{ file, argv: args, cwd },
    ...(stdin !== undefined && { input: stdin }),
    options: { virtual, shuffle, ...(seed !== undefined && { seed }) },
  };
}

function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The debugger's shell, one line at a time. */
function console(session: Session, program: string): Target["execute"] {
  let printed: string[] = [];
  const screen = {
    tty: false,
    print: (lines: string) => void printed.push(lines),
    output: () => {},
  };
  const save = (): void => {
    throw new Refusal("genix run --record FILE keeps a recording");
  };
  let told: () => void = () => {};
  const host = { ...shellHost(screen, program, save), moving: () => told() };
  const shell = new Shell(session, host, sections);
  return async (line, moving) => {
    printed = [];
    told = moving;
    await shell.execute(line);
    return printed.join("\n");
  };
}
