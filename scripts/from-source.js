// Lets Node load this repository's TypeScript as it is. For what runs from a clone, which need not
// be built.

const { join } = require("node:path");
const { register } = require("ts-node");

// Node maps the lines of all modules alike; ts-node would map only those that it compiled itself.
process.setSourceMapsEnabled(true);
const { prepareStackTrace } = Error;
register({ transpileOnly: true, project: join(__dirname, "..", "tsconfig.json") });
Error.prepareStackTrace = prepareStackTrace;
