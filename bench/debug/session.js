// A session of the debugger as `genix debug` opens it, with a process for each world.

const { join } = require("node:path");
const { openSession } = require("../../dist/cli/debug/session");
const { openWorld } = require("../../dist/cli/debug/world");
const { inFolder } = require("./folder");

/** Debug `program`, a file in this folder, with `argv`; end it when `body` has. */
exports.debugging = (program, argv, body) =>
  inFolder(async (folder) => {
    const recording = join(folder, "run.jsonl");
    const live = { file: join(__dirname, program), argv, options: {}, record: recording };
    const worlds = {
      present: (sink) => openWorld(live, sink),
      past: (sink) => openWorld({ recording }, sink),
    };
    const session = await openSession(worlds, () => {});
    try {
      return await body(session);
    } finally {
      await session.end();
    }
  });
