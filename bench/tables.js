// The tables, in the order in which they are printed: one beside other libraries, one of the
// debugger.

const debug = require("./debug/rows");
const { peers, rows } = require("./rows");

exports.tables = [
  { peers, rows, beside: "native", ratio: "genix/async" },
  { ...debug, beside: "plain", ratio: "with/without" },
];
