// What a client wants to have debugged: the attributes of its launch configuration.

import { resolve } from "node:path";
import { Refusal, type Fields } from "./fields";

export interface Launch {
  /** Absolute paths; one of the two is there. */
  readonly program?: string;
  readonly recording?: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly virtual: boolean;
  readonly seed?: number;
  readonly shuffle: boolean;
  /** Absolute path of what the program reads from its standard input. */
  readonly stdin?: string;
  /** Stop where the program begins; or else at the first breakpoint. */
  readonly stopOnEntry: boolean;
  /** Stop after the last step, so that one can go back from there. */
  readonly stopOnEnd: boolean;
}

/** Throws a Refusal that says what is wrong. */
export function launchIn(fields: Fields): Launch {
  const cwd = resolve(fields.text("cwd", "."));
  const recorded = fields.has("recording");
  if (recorded === fields.has("program"))
    throw new Refusal("launch needs a program or a recording, and not both: the path of a file");
  const virtual = fields.flag("virtual", false);
  const shuffle = fields.flag("shuffle", false);
  if (shuffle && !virtual)
    throw new Refusal('shuffle works on the virtual machine only; add "virtual": true');
  return {
    ...(recorded
      ? { recording: resolve(cwd, fields.text("recording")) }
      : { program: resolve(cwd, fields.text("program")) }),
    args: fields.texts("args"),
    cwd,
    virtual,
    shuffle,
    ...(fields.has("seed") && { seed: fields.count("seed") }),
    ...(fields.has("stdin") && { stdin: resolve(cwd, fields.text("stdin")) }),
    stopOnEntry: fields.flag("stopOnEntry", false),
    stopOnEnd: fields.flag("stopOnEnd", recorded),
  };
}
