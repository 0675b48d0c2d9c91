// The echo server as a genix program.

const { boot } = require("../..");
const server = require("./genix-program");

boot(server);
