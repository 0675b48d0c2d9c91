// A program that runs now, as an inferior.

import { chooseNext } from "../../debugger";
import { launch } from "../launch";
import { endedWith, type Inferior } from "./inferior";
import type { LiveOrigin } from "./protocol";

/** The program of `origin`, before its first step. Throws a Misuse if it cannot be run. */
export async function openLive(origin: LiveOrigin): Promise<Inferior> {
  const { file, argv, options, record } = origin;
  const recorded = record === undefined ? {} : { record };
  const { system, neverRun, recording } = await launch(file, argv, { ...options, ...recorded });
  const { machine, kernel } = system;
  return {
    program: file,
    kernel,
    live: true,
    diverged: false,
    time: () => kernel.machine.clock(),
    get halted() {
      return machine.halted;
    },
    step: () => machine.step(),
    wait: () => machine.wait(),
    giveUp: () => {
      machine.onDeadlock();
      machine.shutDown("deadlock");
    },
    end: () => {
      system.finish();
      recording?.end();
      return endedWith(system.halt);
    },
    lints: () => [...system.lints, ...(machine.halted ? (neverRun?.report() ?? []) : [])],
    flush: () => recording?.flush(),
    tell: (pid, value) => {
      note(() => recording?.recorder?.tell(pid, value));
      system.tell(pid, value);
    },
    choose: (place) => {
      recording?.recorder?.note({ choose: place });
      chooseNext(kernel, place);
    },
  };
}

/** Record a message by way of `tell`. Throws when it is no data. */
function note(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${message} cannot be a message by hand: only data can be recorded`);
  }
}
