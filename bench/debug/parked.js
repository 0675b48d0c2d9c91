// The debugged program: so many tasks wait at one gate, each below two calls. Usage: parked.js
// TASKS.

const { call, park, spawn, wait, waitQueue } = require("genix");

const gate = waitQueue("the gate");

function* visitor() {
  yield* call(waiting());
}

function* waiting() {
  yield* park(gate);
}

exports.default = function* main([tasks = "10000"]) {
  for (let i = 0; i < Number(tasks); i++) yield* spawn(visitor());
  yield* wait();
};
