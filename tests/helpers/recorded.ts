// Records runs on the virtual machine, and plays them again. `as: "node"` records it as if it were
// a host: every answer of the machine is in the recording, and the replay has no machine.

import { parseRecording, Player, Recorder, VERSION, type Header } from "../../debugger/recording";
import type { Kernel } from "../../kernel";
import { VirtualMachine, type VirtualOptions } from "../../machine";
import type { Program } from "../../syscalls";
import { System, type Halt } from "../../system";

export type Log = (...words: unknown[]) => void;
type Main = (log: Log) => Program<unknown>;

export interface Recorded {
  readonly text: string;
  readonly log: readonly string[];
  readonly stdout: string;
  readonly halt: Halt<unknown>;
}

export interface RecordOptions extends VirtualOptions {
  readonly as?: "node" | "virtual";
  /** Called before each step. */
  readonly before?: (machine: VirtualMachine, kernel: Kernel) => void;
}

export function header(options: Partial<Header> = {}): Header {
  return {
    genix: "recording",
    version: VERSION,
    program: "/prog.ts",
    args: [],
    name: "main",
    folder: "/",
    pid: 1,
    machine: "virtual",
    seed: 1,
    shuffle: false,
    lint: false,
    versions: { genix: "0", node: "v20" },
    sources: {},
    ...options,
  };
}

export function record(main: Main, options: RecordOptions = {}): Recorded {
  const { as = "virtual", before, ...rest } = options;
  const log: string[] = [];
  let text = `${JSON.stringify(header({ machine: as, shuffle: rest.shuffle === true, seed: rest.seed ?? 1 }))}\n`;
  let recorder: Recorder | undefined;
  const machine: VirtualMachine = new VirtualMachine({
    maxSteps: 100_000,
    ...rest,
    wrap: (inner) => (recorder = new Recorder(inner, as === "virtual", (line) => (text += line))),
  });
  const system = new System(machine, () => main((...words) => log.push(words.join(" "))), "main");
  recorder?.begin(machine);
  const step = machine.kernel.step.bind(machine.kernel);
  machine.kernel.step = () => {
    before?.(machine, machine.kernel);
    return step();
  };
  machine.run();
  recorder?.end();
  return { text, log, stdout: machine.stdout.text, halt: system.halt };
}

export interface Replayed {
  readonly player: Player;
  readonly log: readonly string[];
  readonly stdout: string;
  readonly system: System<unknown>;
}

export function replay(text: string, main: Main, options: VirtualOptions = {}): Replayed {
  const log: string[] = [];
  let stdout = "";
  const recording = parseRecording(text.replace(/\n$/, "").split("\n"));
  const decoder = new TextDecoder();
  const player = new Player(recording, {
    output: (bytes, stream) => {
      if (stream !== "stdout") return;
      stdout += typeof bytes === "string" ? bytes : decoder.decode(bytes, { stream: true });
    },
  });
  const { machine, seed, shuffle } = recording.header;
  const host =
    machine === "node"
      ? player
      : new VirtualMachine({ ...options, seed, shuffle, wrap: (inner) => player.over(inner) });
  const program = () => main((...words) => log.push(words.join(" ")));
  const system = new System<unknown>(host, program, "main");
  player.begin(host);
  while (!player.halted) player.step();
  return { player, log, stdout, system };
}
