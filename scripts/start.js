// `npm start`: the tour. `npm start -- run demos/NAME.ts`, and whatever else the command line
// knows. Runs it from the sources and in this very process, so that signals and the exit code are
// its own.

require("./from-source");

// npm starts scripts at the root of the package; paths are meant from where the user stands.
const { INIT_CWD, npm_lifecycle_event } = process.env;
if (npm_lifecycle_event === "start" && INIT_CWD !== undefined) process.chdir(INIT_CWD);

const [node, , ...args] = process.argv;
const bin = require.resolve("../cli/bin.ts");
process.argv = [node, bin, ...(args.length > 0 ? args : ["tour"])];
require(bin);
