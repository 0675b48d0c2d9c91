// A recorded run, run again, as an inferior.

import type { Player, Recording, Stop } from "../../debugger";
import { hostTurn } from "../host-turn";
import { openReplay, readRecording } from "../open-replay";
import { endedWith, type Inferior } from "./inferior";
import type { RecordedOrigin } from "./protocol";

/** The recording of `origin`, before its first step. Throws a Misuse if it cannot be played. */
export async function openRecorded(origin: RecordedOrigin): Promise<Inferior> {
  const recording = readRecording(origin.recording);
  const { player, system, neverRun } = await openReplay(recording, {
    output: (bytes, stream) => void process[stream].write(bytes),
  });
  const last = Math.min(origin.upTo ?? Infinity, recording.steps);
  const { kernel } = system;
  const over = (): boolean => kernel.tasks.init?.alive !== true;
  return {
    program: recording.header.program,
    kernel,
    live: false,
    time: () => kernel.machine.clock(),
    get halted() {
      return player.halted || kernel.steps >= last || over();
    },
    get diverged() {
      return player.divergence !== null;
    },
    step: () => player.step(),
    wait: hostTurn,
    giveUp: () => {},
    end: () => {
      if (!over()) return endOf(player, recording);
      system.finish();
      return endedWith(system.halt);
    },
    lints: () => [...system.lints, ...(over() ? (neverRun?.report() ?? []) : [])],
    flush: () => {},
    tell: unchangeable,
    choose: unchangeable,
  };
}

/** Why it has not come to the program's own end. */
function endOf({ divergence, stuckOn }: Player, { problem }: Recording): Stop["reason"] {
  if (divergence !== null) {
    const { recorded, replayed } = divergence;
    return { kind: "diverged", recorded, replayed };
  }
  const why = stuckOn ?? problem;
  const text = why === undefined ? "the recording ends here" : `the recording ends here: ${why}`;
  return { kind: "end", text, whole: why === undefined };
}

function unchangeable(): never {
  throw new Error("a recording cannot be changed");
}
