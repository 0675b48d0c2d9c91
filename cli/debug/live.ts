// A program that runs now, as a system to be stepped by hand.

import { createRequire } from "node:module";
import { System } from "../../boot";
import { NodeMachine, type Host } from "../../machine";
import { loadProgram } from "../load";
import { NeverRun } from "../never-run";
import { Simulator } from "../simulator";
import { where } from "../where";
import type { LiveOrigin } from "./protocol";

/** The system of `origin`, before its first step. Throws a Misuse if it cannot be run. */
export async function openLive(origin: LiveOrigin): Promise<System<unknown, Host>> {
  const { file, options } = origin;
  const argv = [...origin.argv];
  process.argv = [process.execPath, file, ...argv];
  const neverRun = options.lint === false ? null : new NeverRun();
  const { main, name } = await loadProgram(file);
  const system = new System<unknown, Host>(machineFor(options), main(argv), name);
  system.where = where;
  if (neverRun !== null) {
    neverRun.kernel = system.kernel;
    system.develop();
  }
  return system;
}

function machineFor({ virtual, seed, shuffle }: LiveOrigin["options"]): Host {
  const seeded = seed === undefined ? {} : { seed };
  if (virtual !== true) return new NodeMachine({ ...seeded, loader: require.resolve("../load") });
  const load = createRequire(__filename);
  return new Simulator({ ...seeded, shuffle: shuffle === true, load });
}
