// Effection 4. Its `sleep(0)` waits for the host's timers; an action that is resolved at once goes
// only through its own scheduler and lets the others run all the same.

const { action, run, sleep, spawn, withResolvers } = require("effection");

const turn = () =>
  action((resolve) => {
    resolve();
    return () => {};
  });

exports.switching = (tasks, turns, seen) =>
  run(function* () {
    const workers = [];
    for (let i = 0; i < tasks; i++) workers.push(yield* spawn(() => worker(i, turns, seen)));
    let taken = 0;
    for (const task of workers) taken += yield* task;
    return taken;
  });

exports.bareSwitching = exports.switching;

function* worker(id, turns, seen) {
  let taken = 0;
  for (; taken < turns; taken++) {
    yield* turn();
    if (seen !== undefined) seen.push(id);
  }
  return taken;
}

exports.spawning = (batches, size) =>
  run(function* () {
    let sum = 0;
    for (let batch = 0; batch < batches; batch++) {
      const children = [];
      for (let i = 0; i < size; i++) children.push(yield* spawn(() => child(i)));
      for (const task of children) sum += yield* task;
    }
    return sum;
  });

function* child(value) {
  yield* turn();
  return value;
}

exports.parking = (tasks, measure) =>
  run(function* () {
    const gate = withResolvers();
    let through = 0;
    function* visitor() {
      yield* gate.operation;
      through += 1;
    }
    const visitors = [];
    for (let i = 0; i < tasks; i++) visitors.push(yield* spawn(visitor));
    yield* sleep(0);
    measure();
    gate.resolve();
    for (const task of visitors) yield* task;
    return through;
  });

exports.depth = (depth, turns) => run(() => descend(depth, turns));

function* descend(depth, turns) {
  if (depth > 1) return yield* descend(depth - 1, turns);
  let taken = 0;
  for (; taken < turns; taken++) yield* turn();
  return taken;
}

exports.timers = (count, delay, fired) =>
  run(function* () {
    const sleepers = [];
    for (let i = 0; i < count; i++) sleepers.push(yield* spawn(() => sleeper(i, delay, fired)));
    for (const task of sleepers) yield* task;
  });

function* sleeper(i, delay, fired) {
  yield* sleep(delay(i));
  fired(i);
}
