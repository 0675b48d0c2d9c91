// `npm start`: the tour. `npm start -- run demos/NAME.ts`, and whatever else the command line
// knows. Runs it from the sources and in this very process, so that signals and the exit code are
// its own.

require("./from-source");

const [node, , ...args] = process.argv;
const bin = require.resolve("../cli/bin.ts");
process.argv = [node, bin, ...(args.length > 0 ? args : ["tour"])];
require(bin);
