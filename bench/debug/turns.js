// The debugged program: 100 tasks take turns, so many times each; half way through, one asks for
// its pid, once. Usage: turns.js TURNS.

const { getpid, spawn, wait, yieldCpu } = require("genix");

const TASKS = 100;

function* worker(turns, asks) {
  let taken = 0;
  for (; taken < turns; taken++) {
    if (asks && taken === turns >> 1) yield* getpid();
    yield* yieldCpu();
  }
  return taken;
}

exports.default = function* main([turns = "1000"]) {
  const pids = [];
  for (let i = 0; i < TASKS; i++) pids.push(yield* spawn(worker(Number(turns), i === 0)));
  for (const pid of pids) yield* wait(pid);
};
