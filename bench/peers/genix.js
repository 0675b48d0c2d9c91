// genix, from the compiled package, as a program of its user's would be written. The system calls
// are taken out of the package once: its index re-exports them through getters, 10 ns a look.

const { boot, call, park, sleep, spawn, unpark, wait, waitQueue, yieldCpu } = require("../..");

/** `tasks` tasks give up the CPU `turns` times each. Resolves to how many turns were taken. */
exports.switching = (tasks, turns, seen) => boot(() => manage(typed, tasks, turns, seen));

/** The same with a bare `yield`. */
exports.bareSwitching = (tasks, turns, seen) => boot(() => manage(bare, tasks, turns, seen));

exports.manage = manage;
exports.typed = typed;

function* manage(worker, tasks, turns, seen) {
  const pids = [];
  for (let i = 0; i < tasks; i++) pids.push(yield* spawn(worker(i, turns, seen)));
  let taken = 0;
  for (const pid of pids) taken += (yield* wait(pid)).value;
  return taken;
}

function* typed(id, turns, seen) {
  let taken = 0;
  for (; taken < turns; taken++) {
    yield* yieldCpu();
    if (seen !== undefined) seen.push(id);
  }
  return taken;
}

function* bare(id, turns, seen) {
  let taken = 0;
  for (; taken < turns; taken++) {
    yield yieldCpu();
    if (seen !== undefined) seen.push(id);
  }
  return taken;
}

/**
 * A parent spawns `size` children and waits for each, `batches` times. Resolves to the sum of their
 * results.
 */
exports.spawning = (batches, size) =>
  boot(function* () {
    let sum = 0;
    for (let batch = 0; batch < batches; batch++) {
      const children = [];
      for (let i = 0; i < size; i++) children.push(yield* spawn(child(i)));
      for (const pid of children) sum += (yield* wait(pid)).value;
    }
    return sum;
  });

function* child(value) {
  yield* yieldCpu();
  return value;
}

/**
 * Make `tasks` tasks wait at one gate, call `measure`, open the gate. Resolves to how many came
 * through.
 */
exports.parking = (tasks, measure) =>
  boot(function* () {
    const gate = waitQueue("the gate");
    let through = 0;
    function* visitor() {
      yield* park(gate);
      through += 1;
    }
    for (let i = 0; i < tasks; i++) yield* spawn(visitor());
    yield* yieldCpu();
    measure();
    while ((yield* unpark(gate)) !== 0);
    for (let i = 0; i < tasks; i++) yield* wait();
    return through;
  });

/** `turns` traps below `depth` calls. Resolves to how many were made. */
exports.depth = (depth, turns) => boot(() => descend(depth, turns));

function* descend(depth, turns) {
  if (depth > 1) return yield* call(descend(depth - 1, turns));
  let taken = 0;
  for (; taken < turns; taken++) yield* yieldCpu();
  return taken;
}

/** `count` tasks sleep for `delay(i)` milliseconds each, then call `fired(i)`. */
exports.timers = (count, delay, fired) =>
  boot(function* () {
    for (let i = 0; i < count; i++) yield* spawn(sleeper(i, delay, fired));
    for (let i = 0; i < count; i++) yield* wait();
  });

function* sleeper(i, delay, fired) {
  yield* sleep(delay(i));
  fired(i);
}
