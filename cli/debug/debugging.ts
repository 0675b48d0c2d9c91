// A session at the debugger: opens the program or its recording, reads commands, and leaves nothing
// behind.

import { copyFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { sections, Shell, type Session } from "../../debugger";
import { shown } from "../../machine/place";
import type { Source } from "../debug";
import { Misuse } from "../misuse";
import { checkOutput, recordingKind } from "../output-file";
import { changedFiles, readRecording } from "../open-replay";
import { temporaryFolder } from "../temporary-folder";
import { shellHost } from "./host";
import type { Screen } from "./screen";
import { runScript, ScriptScreen } from "./script";
import { openSession, type Worlds } from "./session";
import { Terminal } from "./terminal";
import { Told } from "./told";
import { openWorld, type LiveOrigin, type RecordedOrigin } from "./world";

/** What is debugged. */
export type What = Omit<LiveOrigin, "record"> | RecordedOrigin;

/** Debug `what`, by the commands of `sources` or of who is at stdin. Returns the exit code. */
export async function debug(what: What, sources: readonly Source[]): Promise<number> {
  const folder = temporaryFolder("debug");
  const recording = "recording" in what ? what.recording : join(folder.path, "run.jsonl");
  const told = new Told();
  try {
    // Worlds that are left then end with this process.
    return await Promise.race([told.code, converse(what, recording, sources, told)]);
  } finally {
    told.stop();
    folder.remove();
  }
}

async function converse(
  what: What,
  recording: string,
  sources: readonly Source[],
  told: Told,
): Promise<number> {
  const alone = sources.length > 0 || process.stdin.isTTY !== true;
  const screen = alone ? new ScriptScreen() : new Terminal();
  const program = "file" in what ? what.file : programOf(screen, what.recording);
  const show: Session["onOutput"] = (text, stream, replayed) => {
    if (!replayed) screen.output(text, stream);
  };
  const session = await openSession(worldsOf(what, recording), show);
  told.begun();
  try {
    const save = (file: string): void => keep(recording, file);
    const shell = new Shell(session, shellHost(screen, program, save), sections);
    return await (screen instanceof Terminal
      ? screen.run(shell, `${shown(program)}: nothing has run yet`)
      : runScript(shell, screen, sources));
  } finally {
    await session.end();
  }
}

/** The program of a recording, of which it is said if it is not whole. */
function programOf(screen: Screen, file: string): string {
  const { header, problem } = readRecording(file);
  for (const source of changedFiles(header.sources)) {
    screen.print(`${shown(source)} has changed since it was recorded`);
  }
  if (problem !== undefined) screen.print(`the recording is not whole: ${problem}`);
  return header.program;
}

/**
 * How a session of `what` comes by its worlds; a program is recorded in the file `recording`.
 * `leave` breaks off what is being loaded.
 */
export function worldsOf(what: What, recording: string, leave?: AbortSignal): Worlds {
  const gone = leave === undefined ? {} : { leave };
  const past: Worlds["past"] = (sink) => openWorld({ ...placeOf(what), recording }, sink, gone);
  if ("recording" in what) return { present: null, past };
  // One that cannot be loaded takes nothing from the run before it.
  const record = `${recording}.new`;
  const present: Worlds["present"] = async (sink, interrupt) => {
    const world = await openWorld({ ...what, record }, sink, { interrupt, ...gone });
    renameSync(record, recording);
    return world;
  };
  return { present, past };
}

function placeOf({ cwd }: What): Pick<What, "cwd"> {
  return cwd === undefined ? {} : { cwd };
}

function keep(recording: string, file: string): void {
  checkOutput(file, recordingKind);
  try {
    copyFileSync(recording, file);
  } catch (error) {
    throw new Misuse(`cannot write ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}
