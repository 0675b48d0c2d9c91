// The same, recorded. Usage: server-recorded.js FILE.

const { recorded } = require("../debug/recorded");
const server = require("./genix-program");

void recorded(server, process.argv[2]);
