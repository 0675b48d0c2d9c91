// A program in this process, recorded to a file as `genix run --record` does it; else as `boot`
// does.

const { join } = require("node:path");
const { System } = require("../../dist/boot");
const { RecordingFile } = require("../../dist/cli/recording-file");
const { NodeMachine } = require("../../dist/machine");

/** Run `main`, recorded to `file`. Resolves to its value and how many steps were made. */
exports.recorded = async (main, file) => {
  const recording = new RecordingFile(file);
  const machine = new NodeMachine({ wrap: recording.wrap(false) });
  const system = new System(machine, main, "main", true);
  recording.begin(machine, {
    ...{
      program: join(__dirname, "recorded.js"),
      args: [],
      name: "main",
      folder: process.cwd(),
      sources: {},
    },
    ...{ machine: "node", seed: 1, shuffle: false, lint: false },
  });
  await machine.run();
  recording.end();
  return { value: system.value, steps: machine.kernel.steps };
};
