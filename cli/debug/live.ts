// A program that runs now, as a course to be stepped by hand.

import { createRequire } from "node:module";
import { System } from "../../boot";
import { show, type ExitStatus } from "../../kernel";
import { NodeMachine, type Host } from "../../machine";
import { loadProgram } from "../load";
import { NeverRun } from "../never-run";
import { Simulator } from "../simulator";
import { where } from "../where";
import type { Course } from "./course";
import type { LiveOrigin } from "./protocol";

/** The program of `origin`, before its first step. Throws a Misuse if it cannot be run. */
export async function openLive(origin: LiveOrigin): Promise<Course> {
  const { file, options } = origin;
  const argv = [...origin.argv];
  process.argv = [process.execPath, file, ...argv];
  const neverRun = options.lint === false ? null : new NeverRun();
  const { main, name } = await loadProgram(file);
  const machine = machineFor(options);
  const system = new System<unknown, Host>(machine, main(argv), name);
  system.where = where;
  if (neverRun !== null) {
    neverRun.kernel = system.kernel;
    system.develop();
  }
  return courseOf(system, () => machine.now(), neverRun);
}

function machineFor({ virtual, seed, shuffle }: LiveOrigin["options"]): NodeMachine | Simulator {
  const seeded = seed === undefined ? {} : { seed };
  if (virtual !== true) return new NodeMachine({ ...seeded, loader: require.resolve("../load") });
  const load = createRequire(__filename);
  return new Simulator({ ...seeded, shuffle: shuffle === true, load });
}

function courseOf(
  system: System<unknown, Host>,
  time: () => number,
  neverRun: NeverRun | null,
): Course {
  const { machine, kernel } = system;
  return {
    kernel,
    live: true,
    time,
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
      return { kind: "end", text: describe(system.halt.status), whole: true };
    },
    lints: () => [...system.lints, ...(machine.halted ? (neverRun?.report() ?? []) : [])],
    flush: () => {},
    tell: () => {
      throw new Error("not yet");
    },
    choose: () => {
      throw new Error("not yet");
    },
  };
}

function describe(status: ExitStatus): string {
  switch (status.kind) {
    case "exited":
      return `the program has returned ${show(status.value)}`;
    case "crashed":
      return `the program has crashed: ${show(status.error)}`;
    case "killed": {
      const { signal, reason } = status;
      return `the program was killed with ${signal}${reason === "" ? "" : `: ${reason}`}`;
    }
  }
}
